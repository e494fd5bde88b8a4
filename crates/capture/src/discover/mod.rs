//! What a page, a feed or a sitemap leads to: links, further list pages, and which of them are releases. Pure: bytes
//! and rules in, addresses out.
