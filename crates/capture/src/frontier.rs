//! What is to be fetched, what was, and what is known of each page: SQLite, so that a crawl of any size has little in
//! memory. Derived: the WARC files hold everything that it is made again from.

mod owner;
mod page;
mod store;

pub use page::Role;
pub(crate) use page::{Fetched, New, Page};
pub(crate) use store::{CLOSED, First, Frontier, Seeds, host_of};
