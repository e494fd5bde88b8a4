//! The types that every phase of chancery speaks: a [`Capture`] is read into a [`Release`], a release is
//! extracted into a [`Record`], records are indexed and searched.
//!
//! Inside the program a [`Span`] counts UTF-8 **bytes** of the release's text; in a serialized record it
//! counts Unicode **code points** (what Python and the W3C TextPositionSelector count). [`Record::to_json`]
//! and [`Record::from_json`] are the one place that converts.
//!
//! ```
//! use chancery_record::{Record, Release};
//!
//! let release = Release { id: "r1".into(), text: "Zoë said so.".into(), ..Release::default() };
//! let line = Record::new(release, "chancery 0.1.0").to_json();
//! assert_eq!(Record::from_json(&line).unwrap().release.text, "Zoë said so.");
//! ```
//!
//! Invariant: this crate knows no rule, no language and no file; it does no I/O.

mod capture;
mod doubt;
mod json;
mod record;
mod release;
mod span;

pub use capture::{Capture, Media, Meta};
pub use json::RecordError;
pub use record::{
    Cue, Dateline, Mention, MentionKind, Organization, Person, Post, ProducedBy, Proposal, Record, Statement,
};
pub use release::{Release, WarcPlace};
pub use span::Span;
