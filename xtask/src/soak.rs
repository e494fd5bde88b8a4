//! The tests of crawls and ingestions that are killed, with many more kills than there is time for every day.

use crate::shell::{Result, cargo};

/// How often each is killed.
const KILLS: &str = "200";

/// Runs it.
pub(crate) fn run() -> Result<()> {
    let args = ["test", "--release", "--package", "chancery-cli", "--test", "doors", "kills_lose_nothing"];
    match cargo(&args).env("CHANCERY_KILLS", KILLS).status() {
        Ok(ended) if ended.success() => Ok(()),
        Ok(ended) => Err(format!("something was lost, or fetched twice: {ended}")),
        Err(why) => Err(format!("cannot run cargo: {why}")),
    }
}
