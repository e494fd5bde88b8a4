//! The tantivy index: one document a fact and one a release.
