//! What noun phrases are, as rules and lists say it.

/// What a rule or list says of a noun phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    People,
    /// People that act as one.
    Group,
    Pair,
    Body,
    Document,
    Meeting,
    Country,
    /// A name that nothing else is known of.
    Unknown,
    Other,
}

impl What {
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "people" => Self::People,
            "group" => Self::Group,
            "pair" => Self::Pair,
            "body" => Self::Body,
            "document" => Self::Document,
            "meeting" => Self::Meeting,
            "country" => Self::Country,
            "unknown" => Self::Unknown,
            _ => Self::Other,
        }
    }

    /// Whether `it` may take it up.
    pub(crate) const fn is_thing(self) -> bool {
        matches!(self, Self::Body | Self::Group | Self::Document | Self::Meeting | Self::Country)
    }

    /// Whether `they` may take it up.
    pub(crate) const fn is_group(self) -> bool {
        matches!(self, Self::People | Self::Group | Self::Pair | Self::Body)
    }
}

/// What a pronoun takes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pronoun {
    He,
    It,
    They,
    I,
    /// `the PS`: whoever holds such a post, else as `he` does.
    Office,
    /// Nobody: its words stand for themselves.
    Other,
}

impl Pronoun {
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "he" => Self::He,
            "it" => Self::It,
            "they" => Self::They,
            "i" => Self::I,
            "office" => Self::Office,
            _ => Self::Other,
        }
    }
}
