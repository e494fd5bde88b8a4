//! Any bytes as a page, a feed and a sitemap. None may panic or hang; what is found are addresses of the web.

use chancery_capture::discover::{Addresses, Traps, feed, key, normalize, page, sitemap};
use chancery_capture::plan::{Plan, Requisites};
use url::Url;

/// Looks through the bytes as each of them.
pub(crate) fn discover(data: &[u8]) {
    let Ok(base) = Url::parse("https://tides.example/a/b?c=d") else { return };
    let addresses = Addresses {
        tracking: vec!["utm_*".into()],
        session: vec!["sid".into()],
        calendar: vec!["month".into()],
        ..Addresses::default()
    };
    let mut plan = Plan::new("x", vec![base.clone()]);
    plan.requisites = Requisites::All;
    let mut found: Vec<Url> = Vec::new();
    if let Ok(page) = page(data, None, &base, &plan, &addresses) {
        found.extend(page.links.into_iter().map(|link| link.url).chain(page.next).chain(page.canonical));
        found.extend(page.requisites.into_iter().map(|part| part.url));
    }
    if let Ok(feed) = feed(data, &base, &addresses) {
        found.extend(feed.items.into_iter().map(|item| item.url));
    }
    if let Ok(sitemap) = sitemap(data, &base, &addresses) {
        found.extend(sitemap.pages.into_iter().chain(sitemap.sitemaps).map(|item| item.url));
    }
    let (mut traps, today) = (Traps::default(), jiff::civil::date(2024, 3, 4));
    for url in found {
        assert!(matches!(url.scheme(), "http" | "https") && url.fragment().is_none(), "{url}");
        assert_eq!(normalize(&url, &addresses).as_ref(), Some(&url));
        assert!(!key(&url).is_empty());
        let _ = traps.notice(&url, plan.kind_of(&url), &addresses, today);
    }
}
