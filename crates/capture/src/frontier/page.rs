//! A page as the frontier knows it.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use url::Url;

/// What a page is fetched for. What leads to other pages comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The page that a host begins at, looked at where a release came altered: it may be what came in its place.
    Home = -1,
    /// A page that a source begins at.
    Start,
    /// A feed.
    Feed,
    /// A sitemap, or an index of sitemaps.
    Sitemap,
    /// A further page of a list.
    List,
    /// A release.
    Release,
    /// A document that a release links to.
    Document,
    /// What is needed to show a page as it was.
    Requisite,
    /// `robots.txt`.
    Robots,
}

const ROLES: [Role; 9] = [
    Role::Home,
    Role::Start,
    Role::Feed,
    Role::Sitemap,
    Role::List,
    Role::Release,
    Role::Document,
    Role::Requisite,
    Role::Robots,
];

impl ToSql for Role {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(*self as i64))
    }
}

impl FromSql for Role {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        let role = ROLES.into_iter().find(|role| *role as i64 == number);
        role.ok_or(FromSqlError::OutOfRange(number))
    }
}

/// A page that is known.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) id: i64,
    pub(crate) key: String,
    pub(crate) url: Url,
    pub(crate) host: String,
    pub(crate) source: String,
    pub(crate) role: Role,
    pub(crate) depth: u32,
    pub(crate) redirects: u32,
    pub(crate) step: u32,
    pub(crate) empties: u32,
    pub(crate) via: Option<String>,
    pub(crate) tries: u32,
    pub(crate) fetched: Option<i64>,
    pub(crate) etag: Option<String>,
    pub(crate) modified: Option<String>,
    pub(crate) digest: Option<String>,
    pub(crate) misses: u32,
}

/// A page that was met.
#[derive(Clone, Debug)]
pub(crate) struct New<'n> {
    pub(crate) url: &'n Url,
    pub(crate) source: &'n str,
    pub(crate) role: Role,
    pub(crate) depth: u32,
    pub(crate) redirects: u32,
    pub(crate) step: u32,
    pub(crate) empties: u32,
    pub(crate) via: Option<&'n str>,
    /// Why it is left; `None` where it is to be fetched.
    pub(crate) reason: Option<&'n str>,
}

impl<'n> New<'n> {
    /// The page that another one leads to by itself.
    pub(crate) fn redirected(page: &'n Page, place: &'n Url) -> Self {
        Self {
            url: place,
            source: &page.source,
            role: page.role,
            depth: page.depth,
            redirects: page.redirects + 1,
            step: page.step,
            empties: page.empties,
            via: Some(page.url.as_str()),
            reason: None,
        }
    }
}

/// What a fetch told of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fetched {
    pub(crate) status: u16,
    /// When, in seconds.
    pub(crate) at: i64,
    pub(crate) etag: Option<String>,
    pub(crate) modified: Option<String>,
    pub(crate) digest: Option<String>,
    pub(crate) misses: u32,
    /// Why nothing came of it; `None` where it is well.
    pub(crate) reason: Option<String>,
}
