//! What a page says robots may do with it: `<meta name=robots>` and the header `X-Robots-Tag`.

/// What is forbidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RobotsTag {
    /// Its links are not to be followed.
    pub nofollow: bool,
    /// It is not to be kept.
    pub noarchive: bool,
    /// It is not to be found by a search.
    pub noindex: bool,
}

impl RobotsTag {
    /// Adds what a value says: `noindex, nofollow`, `none`; in a header perhaps with an agent before it, `agent: noindex`.
    /// What is said to another agent than `*` or one of `agents` (in small letters) does not count.
    pub fn add(&mut self, value: &str, agents: &[&str]) {
        let mut ours = true;
        for word in value.split(',').map(|word| word.trim().to_ascii_lowercase()) {
            let word = match word.split_once(':') {
                // `unavailable_after: 25 Jun 2030` is no agent.
                Some((
                    "unavailable_after" | "max-snippet" | "max-image-preview" | "max-video-preview",
                    _,
                )) => {
                    continue;
                }
                Some((agent, word)) => {
                    ours = agent.trim() == "*" || agents.contains(&agent.trim());
                    word.trim().to_owned()
                }
                None => word,
            };
            if ours {
                let all = word == "none";
                self.nofollow |= all || word == "nofollow";
                self.noindex |= all || word == "noindex";
                self.noarchive |= word == "noarchive";
            }
        }
    }

    /// Adds what another one forbids.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self {
            nofollow: self.nofollow || other.nofollow,
            noarchive: self.noarchive || other.noarchive,
            noindex: self.noindex || other.noindex,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_others_does_not_count() {
        let tag = |value: &str| {
            let mut tag = RobotsTag::default();
            tag.add(value, &["chancery"]);
            [tag.nofollow, tag.noarchive, tag.noindex]
        };
        assert_eq!(tag("index, follow"), [false; 3]);
        assert_eq!(tag("NOARCHIVE , nofollow"), [true, true, false]);
        assert_eq!(tag("none"), [true, false, true]);
        assert_eq!(tag("otherbot: noarchive, nofollow"), [false; 3]);
        assert_eq!(tag("otherbot: noindex, chancery: noarchive"), [false, true, false]);
        assert_eq!(tag("unavailable_after: 25 Jun 2030 15:00:00 PST, noindex"), [false, false, true]);
    }
}
