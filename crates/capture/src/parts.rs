//! What is needed to show a page as it was: documents, pictures, style sheets and what these name.

use url::Url;

use crate::frontier::{New, Page, Role};
use crate::ledger::{Ledger, NESTED};
use crate::plan::{Plan, Requisites};
use crate::{CaptureError, discover};

impl Ledger<'_> {
    /// Queues what the page needs besides itself, as far as the plan wants it.
    pub(crate) fn follow_parts(
        &mut self,
        page: &Page,
        plan: &Plan,
        found: &discover::Page,
    ) -> Result<(), CaptureError> {
        for part in &found.requisites {
            match (plan.requisites, part.document) {
                (Requisites::None, _) | (Requisites::Documents, false) => {}
                (_, true) if page.role != Role::Release => {}
                (_, true) => drop(self.link(page, &part.url, Role::Document)?),
                (Requisites::All, false) => drop(self.link(page, &part.url, Role::Requisite)?),
            }
        }
        Ok(())
    }

    /// Queues what a style sheet needs, and sheets within sheets as far as any honest site goes.
    pub(crate) fn follow_style(
        &mut self,
        page: &Page,
        plan: &Plan,
        parts: &[Url],
    ) -> Result<(), CaptureError> {
        if plan.requisites != Requisites::All || page.step >= NESTED {
            return Ok(());
        }
        let longest = self.limits.url;
        for url in parts.iter().filter(|url| url.as_str().len() <= longest) {
            let new = New {
                url,
                source: &page.source,
                role: Role::Requisite,
                depth: page.depth + 1,
                redirects: 0,
                step: page.step + 1,
                empties: 0,
                via: Some(page.url.as_str()),
                reason: None,
            };
            self.queue(&new)?;
        }
        Ok(())
    }
}
