//! Throughput, memory and scaling.
