//! The library that joins the phases: inputs to captures, captures to records, records to an archive that can be
//! searched. What a program that embeds chancery uses.
//!
//! ```no_run
//! use std::path::Path;
//! use std::sync::atomic::AtomicBool;
//!
//! use chancery::archive::{Archive, IngestOptions};
//! use chancery::input::Inputs;
//! use chancery::pipeline::Pipeline;
//! use chancery::progress::Silent;
//! use chancery::rulesets::Rulesets;
//! use chancery::sources::Sources;
//! use chancery_record::Meta;
//!
//! # fn main() -> Result<(), chancery::Error> {
//! let dir = Path::new("archive");
//! let pipeline = Pipeline::new(Rulesets::load(None, Some(dir))?, Sources::load(Some(dir))?, None)?;
//! let writer = Archive::create_or_open(dir)?;
//! let inputs = Inputs::new(vec![Path::new("pages").to_owned().into()], Meta::default(), pipeline.sources());
//! let report = writer.ingest(&pipeline, inputs, &IngestOptions::default(), &Silent, &AtomicBool::new(false))?;
//! println!("{} releases added", report.added);
//! # Ok(())
//! # }
//! ```
//!
//! Invariants: captures are never rewritten; everything else can be made again from them; one process writes, any
//! number read; a run that is cut off at any point leaves an archive that the next run completes.

pub mod archive;
pub mod bug;
pub mod capture;
pub mod difference;
pub mod input;
pub mod pages;
pub mod pdf;
pub mod pipeline;
mod portions;
pub mod progress;
pub mod rulesets;
pub mod site;
pub mod sources;
pub mod texts;
pub mod trial;

mod countries;
mod error;
mod folder;
mod overlay;

pub use error::Error;
