//! From a query to its hits, in an order that depends on nothing but the releases.

use tantivy::collector::{Count, TopDocs};
use tantivy::schema::Value;
use tantivy::{DocAddress, Searcher, TantivyDocument};

use crate::analysis::Stemming;
use crate::characters::Characters;
use crate::entry::Card;
use crate::highlight::{border, cuts, highlights, matches, snippet};
use crate::hit::{Hit, Hits, Kind};
use crate::leaf::Leaves;
use crate::plan::Plan;
use crate::query::Query;
use crate::rank::{Rank, Ranking};
use crate::statistics::{Sizes, Statistics};
use crate::{Index, IndexError};

/// How much of a release is looked at for the best snippet, in bytes; longer texts are rare, and long to look through.
const SNIPPET_TEXT: usize = 1 << 18;

/// A found document.
type Ranked = (Rank<String>, DocAddress);

impl Index {
    /// The documents that match `query`, best first; equals in order of date (newest first), identity of the release and
    /// place in it. The order and the scores depend on the releases alone, not on how they came in.
    ///
    /// # Errors
    /// Where the query is not written as it must be ([`IndexError::Words`], [`IndexError::Filter`], [`IndexError::Nothing`]), or the
    /// index cannot be read.
    pub fn search(&self, query: &Query) -> Result<Hits, IndexError> {
        let searcher = self.reader.searcher();
        let sizes = self.sizes(&searcher)?;
        let plan = Plan::of(query, Leaves { fields: &self.fields, stemmings: &sizes.stemmings })?;
        if sizes.documents == 0 {
            return Ok(Hits::default());
        }
        let (total, top) =
            self.top(&searcher, &plan, &sizes, query).map_err(|error| self.cannot_read(error))?;
        let mut hits = Vec::with_capacity(top.len());
        for (rank, address) in top {
            let hit = self.hit(&searcher, &plan, rank.id.0, address)?;
            hits.push(Hit { score: rank.hundredths as f64 / 100.0, ..hit });
        }
        Ok(Hits { total: total as u64, hits })
    }

    fn top(
        &self,
        searcher: &Searcher,
        plan: &Plan,
        sizes: &Sizes,
        query: &Query,
    ) -> tantivy::Result<(usize, Vec<Ranked>)> {
        let statistics = Statistics::new(searcher, &self.fields, sizes);
        let all = usize::try_from(sizes.documents).unwrap_or(usize::MAX);
        let limit = query.limit.min(all.saturating_sub(query.offset));
        if limit == 0 {
            let total = searcher.search_with_statistics_provider(&plan.query, &Count, &statistics)?;
            return Ok((total, Vec::new()));
        }
        let best = TopDocs::with_limit(limit).and_offset(query.offset).order_by(Ranking);
        searcher.search_with_statistics_provider(&plan.query, &(Count, best), &statistics)
    }

    fn hit(
        &self,
        searcher: &Searcher,
        plan: &Plan,
        id: String,
        address: DocAddress,
    ) -> Result<Hit, IndexError> {
        let document: TantivyDocument = searcher.doc(address).map_err(|error| self.cannot_read(error))?;
        let card = document.get_first(self.fields.card);
        let card = card.as_ref().and_then(Value::as_bytes).unwrap_or_default();
        let card: Card = serde_json::from_slice(card)
            .map_err(|error| IndexError::damaged(&self.dir, &format!("what it stores of {id}: {error}")))?;
        let mut hit = card.into_hit(id, 0.0);
        let stemming = Stemming::of(hit.language.as_deref());
        let found = if hit.kind == Kind::Release {
            let text = document.get_first(self.fields.text);
            let text = text.as_ref().and_then(Value::as_str).unwrap_or_default();
            let text = text.get(..border(text, SNIPPET_TEXT)).unwrap_or_default();
            let found = matches(text, stemming, &plan.wanted);
            let window = snippet(text, &found);
            hit.passage = window.of(text).into();
            (hit.cut_before, hit.cut_after) = cuts(text, window);
            hit.span = window;
            hit.span_in_characters = Characters::of(text).of_bytes(window);
            highlights(&found, window)
        } else {
            let found = matches(&hit.passage, stemming, &plan.wanted);
            highlights(&found, chancery_record::Span::new(0, hit.passage.len()))
        };
        let characters = Characters::of(&hit.passage);
        hit.highlights_in_characters = found.iter().map(|span| characters.of_bytes(*span)).collect();
        hit.highlights = found;
        Ok(hit)
    }

    fn cannot_read(&self, error: tantivy::TantivyError) -> IndexError {
        IndexError::read(&self.dir, error)
    }
}
