//! Texts made to be dear for the rule engine itself. [`crate::hostile`] has those that are dear for the document logic.

use chancery_rules::RuleFile;

use crate::generated::file;

/// A text of one kind.
pub(crate) struct Hard {
    pub(crate) name: &'static str,
    /// What it repeats.
    piece: &'static str,
    /// How long the shorter of the two texts is.
    pub(crate) bytes: usize,
}

impl Hard {
    /// A text of at least so many bytes.
    pub(crate) fn text(&self, bytes: usize) -> String {
        self.piece.repeat(bytes / self.piece.len() + 1)
    }
}

/// Every kind.
pub(crate) const ALL: [Hard; 4] = [
    Hard {
        name: "one sentence of 1 MB",
        piece: "the road to the port is open and it will be mended by the towns along the coast, ",
        bytes: 500_000,
    },
    Hard {
        name: "all capitals",
        piece: "THE MINISTER OF HEALTH AND THE CHAIR OF THE PORTS BOARD MET IN TORVEL. ",
        bytes: 100_000,
    },
    Hard {
        name: "all capitals, one sentence",
        piece: "MINISTER OF HEALTH AND CHAIR OF THE PORTS BOARD MET IN TORVEL ",
        bytes: 100_000,
    },
    Hard {
        name: "all triggers",
        piece: "Minister said that Director called on Chair to urge that the Board noted and proposed that ",
        bytes: 50_000,
    },
];

/// A rule of optional parts within optional parts, repeated.
pub(crate) fn nested_rules() -> Vec<RuleFile> {
    let deep = (0..28).fold("e".to_owned(), |inner, n| format!("({} {inner})?", ["a", "b", "c", "d"][n % 4]));
    let rule =
        format!("[[rule]]\nid = 'nested'\nlayer = 'one'\nfinds = 'x'\nwhen = '(x:({deep}) [any]?)+'\n");
    vec![file("en/layers.toml", "layers = ['one']"), file("en/nested.toml", rule)]
}

/// Text that goes deep into the parts of that rule, and out again.
pub(crate) fn nested_text(bytes: usize) -> String {
    "D c b a d c b a d c b a d c b a e d c b a e a b c d e d c b. ".repeat(bytes / 61 + 1)
}
