//! The library that joins the phases: archive, pipeline, inputs, embedded rule sets.
