//! A compiled rule set as bytes: what a program carries along, so that it need not compile its own rules at each start.
//!
//! The bytes are those of [postcard](https://postcard.jamesmunns.com/wire-format), after the digest of the files that they
//! were made of. They are for the program that is built together with them and for no other: how a rule set is laid out
//! in memory changes with the code.

use crate::ruleset::{RuleFile, RuleSet, digest};

impl RuleSet {
    /// The rule set as bytes, for [`RuleSet::carried`] of the same build.
    ///
    /// # Errors
    /// Never, as far as is known; the format has cases that a rule set has not.
    pub fn to_bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_extend(self, postcard::to_allocvec(&self.digest)?)
    }

    /// The rule set that was compiled from just these files, out of its bytes; `None` where they are of other files, or
    /// cannot be read.
    ///
    /// ```
    /// use chancery_rules::{RuleFile, RuleSet};
    ///
    /// let file = |path: &str, text: &str| RuleFile { path: path.into(), text: text.into() };
    /// let mut files = [file("en/layers.toml", "layers = []")];
    /// let rules = RuleSet::compile("en", &files).unwrap();
    /// let bytes = rules.to_bytes().unwrap();
    /// assert_eq!(RuleSet::carried(&bytes, &files).unwrap().digest(), rules.digest());
    /// files[0].text.push('\n');
    /// assert!(RuleSet::carried(&bytes, &files).is_none());
    /// ```
    #[must_use]
    pub fn carried(bytes: &[u8], files: &[RuleFile]) -> Option<Self> {
        let (of, rest) = postcard::take_from_bytes::<&str>(bytes).ok()?;
        if of != digest(files) {
            return None;
        }
        let mut set: Self = postcard::from_bytes(rest).ok()?;
        set.symbols.restore();
        set.dictionary.restore();
        Some(set)
    }
}
