//! A release to a record: persons, posts, organizations, proposals and statements.
