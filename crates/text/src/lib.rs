//! Sentences, tokens, shapes and the one folding of spellings.
