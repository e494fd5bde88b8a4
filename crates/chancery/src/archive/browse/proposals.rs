//! The proposals of an archive.

use std::collections::BTreeMap;

use chancery_text::fold;
use serde::Serialize;

use super::people::post_in_words;
use super::{Extent, Filter, Listing, Order};
use crate::Error;
use crate::archive::Archive;

/// A proposal: all that say the same words by the same name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProposalLine {
    /// Who proposes: a person, a body or a collective's words; `None` where nobody is named.
    pub proposer: Option<String>,
    /// The post the first release gives the proposer: title and body; `None` where it gives none.
    pub post: Option<String>,
    /// `propose`, `recommend`, `call`, …
    pub act: String,
    /// What is proposed.
    pub text: String,
    /// To whom, as the text names them.
    pub to: Option<String>,
    /// Releases that tell it.
    #[serde(flatten)]
    pub extent: Extent,
    /// Readable id of the first release, else its id.
    pub release: String,
    /// Its id.
    pub release_id: String,
    /// Local id of the proposal in it.
    pub fact: String,
}

impl Archive {
    /// Proposals, narrowed by `filter` (country, role and name are the proposer's), the first `limit` of them.
    ///
    /// # Errors
    /// As for [`Archive::people`].
    pub fn proposals(
        &self,
        filter: &Filter,
        order: Order,
        limit: usize,
    ) -> Result<Listing<ProposalLine>, Error> {
        let (mut narrowed, mistyped) =
            self.conditions(&Filter { country: None, ..filter.clone() }, "s.name")?;
        self.only_period(filter, &mut narrowed)?;
        if let Some(country) = &filter.country {
            narrowed.only("coalesce(p.country, b.country) = ? COLLATE NOCASE", country.clone());
        }
        if let Some(source) = &filter.source {
            narrowed.only("r.source = ?", source.clone());
        }
        if let Some(role) = &filter.role {
            let post = "SELECT 1 FROM post WHERE post.capture = s.capture AND post.person = s.actor AND post.role = ?";
            narrowed.only(&format!("EXISTS ({post})"), role.clone());
        }
        let query = "SELECT name.text, name.sound, s.act, s.text, s.sent, r.published, coalesce(r.alias, c.release), s.local, c.release, title.text, post_body.text
            FROM said s JOIN capture c ON c.id = s.capture JOIN record r ON r.capture = s.capture
            LEFT JOIN name ON name.id = s.name
            LEFT JOIN person p ON p.capture = s.capture AND p.local = s.actor
            LEFT JOIN body b ON b.capture = s.capture AND b.local = s.actor
            LEFT JOIN post o ON o.capture = s.capture AND o.person = s.actor AND o.number = (
                SELECT number FROM post WHERE capture = s.capture AND person = s.actor ORDER BY former, number LIMIT 1)
            LEFT JOIN name title ON title.id = o.title
            LEFT JOIN name post_body ON post_body.id = o.body
            WHERE c.current AND s.text IS NOT NULL {where} ORDER BY r.published IS NULL, r.published, c.release, s.local";
        let rows = self.state.rows(query, &narrowed, |row| {
            let published = row.text(5)?;
            let line = ProposalLine {
                proposer: row.text(0)?,
                post: post_in_words(row.text(9)?.as_deref(), row.text(10)?.as_deref()),
                act: row.text(2)?.unwrap_or_default(),
                text: row.text(3)?.unwrap_or_default(),
                to: row.text(4)?,
                extent: Extent { releases: 1, first: published.clone(), last: published },
                release: row.text(6)?.unwrap_or_default(),
                fact: row.text(7)?.unwrap_or_default(),
                release_id: row.text(8)?.unwrap_or_default(),
            };
            Ok((row.number(1)?, line))
        })?;
        let mut found: BTreeMap<(i64, String), ProposalLine> = BTreeMap::new();
        for (sound, line) in rows {
            let key = (sound, fold(&line.text));
            match found.get_mut(&key) {
                Some(first) => first.extent.add(&line.extent),
                None => {
                    found.insert(key, line);
                }
            }
        }
        let mut lines: Vec<ProposalLine> = found.into_values().collect();
        let total = lines.len() as u64;
        let who = |line: &ProposalLine| line.proposer.clone().unwrap_or_default();
        lines.sort_by(|a, b| {
            let places = (&a.release, &a.fact).cmp(&(&b.release, &b.fact));
            order.compare((&a.extent, &who(a)), (&b.extent, &who(b))).then(places)
        });
        lines.truncate(limit);
        Ok(Listing { total, lines, mistyped })
    }
}
