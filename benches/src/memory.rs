//! Memory of this process.

use std::fs;

use crate::Result;

/// A line of the kernel's account of this process, such as `VmHWM:`, in MB (10^6 bytes).
pub(crate) fn resident(name: &str) -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0");
    let kib: f64 = line.split_whitespace().next().unwrap_or("0").parse()?;
    Ok(kib * 1024.0 / 1e6)
}
