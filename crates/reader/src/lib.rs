//! Bytes of a page to a release: charset, main text, headline, date, language.
