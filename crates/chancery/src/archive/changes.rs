//! Silent edits: versions of a release whose headline, date or text differ, both read by the same reader.

use chancery_record::{Record, WarcPlace};

use super::Archive;
use super::captures::Captures;
use crate::Error;
use crate::difference::{Difference, Paragraph, edited, paragraphs};
use crate::pipeline::Pipeline;

/// One edit of a release, from one version to the next that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The release.
    pub id: String,
    /// Its readable id.
    pub alias: Option<String>,
    /// Its headline as it is now, or was.
    pub shown: String,
    /// The older version and the newer, from 1.
    pub versions: (u32, u32),
    /// When each was captured, where that is known.
    pub captured: (Option<String>, Option<String>),
    /// The headline before and after, where it differs.
    pub headline: Option<(Option<String>, Option<String>)>,
    /// The date of publication before and after, where it differs.
    pub published: Option<(Option<String>, Option<String>)>,
    /// Whether the text differs in more than white space.
    pub text: bool,
}

/// An edit with what it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditInFull {
    /// The edit.
    pub edit: Edit,
    /// What became of the paragraphs.
    pub paragraphs: Vec<Paragraph>,
    /// Facts gained, lost and altered, by the rules in force.
    pub facts: Vec<Difference>,
}

/// What came into the archive after some moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// A release that was not there.
    New {
        /// The release.
        id: String,
        /// Its readable id.
        alias: Option<String>,
        /// Its headline.
        headline: Option<String>,
    },
    /// A release that was silently edited.
    Edited(Box<Edit>),
}

impl Archive {
    /// The number of the newest capture, to ask later what came after it; 0 where there is none.
    ///
    /// # Errors
    /// Where the state cannot be read.
    pub fn last_capture(&self) -> Result<i64, Error> {
        self.state.last_capture()
    }

    /// What came after the capture with this number, in the order in which it came. A version that differs in nothing
    /// that a reader sees is not among it.
    ///
    /// # Errors
    /// Where the state, a record or a capture cannot be read.
    pub fn arrivals(&self, after: i64, pipeline: &Pipeline) -> Result<Vec<Arrival>, Error> {
        let mut all = Vec::new();
        for (id, version) in self.state.arrived(after)? {
            if version > 1 {
                let edits = self.edits_of(&id, pipeline)?;
                let edit = edits.into_iter().map(|(edit, ..)| edit).find(|edit| edit.versions.1 == version);
                all.extend(edit.map(|edit| Arrival::Edited(Box::new(edit))));
                continue;
            }
            // A capture without a record is made one by the next run.
            let Ok(record) = self.record_of_version(&id, version) else { continue };
            let release = record.release;
            all.push(Arrival::New { id, alias: release.alias, headline: release.headline });
        }
        Ok(all)
    }

    /// The edits of all releases, in the order of their ids, each with its capture read again by this pipeline. A
    /// version that cannot be read makes no edit.
    ///
    /// # Errors
    /// Where the state or a capture cannot be read; or `each` refuses.
    pub fn edits<E: From<Error>>(
        &self,
        pipeline: &Pipeline,
        mut each: impl FnMut(Edit) -> Result<(), E>,
    ) -> Result<(), E> {
        for id in self.state.with_versions()? {
            for (edit, ..) in self.edits_of(&id, pipeline)? {
                each(edit)?;
            }
        }
        Ok(())
    }

    /// The edits of one release, by its exact id, oldest first, with what each changed.
    ///
    /// # Errors
    /// Where the state or a capture cannot be read, or the rules have mistakes.
    pub fn edits_in_full(&self, id: &str, pipeline: &Pipeline) -> Result<Vec<EditInFull>, Error> {
        let mut all = Vec::new();
        for (edit, old, new) in self.edits_of(id, pipeline)? {
            let paragraphs = paragraphs(&old.release.text, &new.release.text);
            all.push(EditInFull { edit, paragraphs, facts: edited(&old, &new) });
        }
        Ok(all)
    }

    fn edits_of(&self, id: &str, pipeline: &Pipeline) -> Result<Vec<(Edit, Record, Record)>, Error> {
        let mut edits = Vec::new();
        let mut last: Option<(u32, Record)> = None;
        for version in self.versions(id)? {
            let Some(record) = self.read_again(&version.noted, pipeline)? else { continue };
            match last.take() {
                Some((before, old)) => match edit(&old, &record, (before, version.version)) {
                    Some(edit) => {
                        edits.push((edit, old, record.clone()));
                        last = Some((version.version, record));
                    }
                    // What was first is what the next one is compared with: a slow drift is an edit too.
                    None => last = Some((before, old)),
                },
                None => last = Some((version.version, record)),
            }
        }
        Ok(edits)
    }

    /// The record of a capture by the reader and the rules in force.
    fn read_again(&self, place: &WarcPlace, pipeline: &Pipeline) -> Result<Option<Record>, Error> {
        let incoming = Captures::new(&self.dir)?.read(place)?;
        let captured = incoming.capture.captured.clone();
        let processed = pipeline.process(vec![incoming])?.pop();
        let record = processed.and_then(|processed| processed.outcome.ok());
        Ok(record.map(|mut record| {
            record.release.captured = record.release.captured.or(captured);
            record
        }))
    }
}

/// What differs between two versions as a reader sees them; `None` where nothing does.
fn edit(old: &Record, new: &Record, versions: (u32, u32)) -> Option<Edit> {
    let (before, after) = (&old.release, &new.release);
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let headline = before.headline.as_deref().map(squeezed) != after.headline.as_deref().map(squeezed);
    let published = before.published != after.published;
    let text = squeezed(&before.text) != squeezed(&after.text);
    (headline || published || text).then(|| Edit {
        id: after.id.clone(),
        alias: after.alias.clone(),
        shown: after.headline.clone().or_else(|| before.headline.clone()).unwrap_or_default(),
        versions,
        captured: (before.captured.clone(), after.captured.clone()),
        headline: headline.then(|| (before.headline.clone(), after.headline.clone())),
        published: published.then(|| (before.published.clone(), after.published.clone())),
        text,
    })
}
