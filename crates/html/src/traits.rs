//! What a parser does with elements of a name.

/// What a parser does with elements of a name: a set of the constants below.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traits(u16);

impl Traits {
    pub(crate) const NONE: Self = Self(0);
    /// No content, no end tag.
    pub(crate) const VOID: Self = Self(1);
    /// The content is no markup.
    pub(crate) const RAW: Self = Self(1 << 1);
    /// Drawings and formulas, which follow other rules of nesting and hold no text of a release.
    pub(crate) const FOREIGN: Self = Self(1 << 2);
    /// Opened again after every block.
    pub(crate) const FORMATTING: Self = Self(1 << 3);
    /// The end tag of an element around it does not end it.
    pub(crate) const BOUNDARY: Self = Self(1 << 4);
    pub(crate) const IN_TABLES: Self = Self(1 << 5);
    /// Without meaning for the parser: its end tag ends nothing but itself. Unknown elements behave like it; a custom
    /// element has a hyphen in its name.
    pub(crate) const PLAIN: Self = Self(1 << 6);
    /// `table` and `template`, outside of which parts of a table are no elements.
    pub(crate) const TABLE: Self = Self(1 << 7);
    /// An item of a list, a row or a cell: its end tag ends nothing outside of its table.
    pub(crate) const ITEM: Self = Self(1 << 8);
    /// Its start tag may end other elements.
    pub(crate) const ENDS: Self = Self(1 << 9);

    pub(crate) const fn has(self, one: Self) -> bool {
        self.0 & one.0 != 0
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn is_inline(self) -> bool {
        self.has(Self::FORMATTING.and(Self::PLAIN))
    }

    /// Of a name in any case.
    pub(crate) fn of(name: &str) -> Self {
        let mut lower = [0_u8; LONGEST];
        let Some(lower) = lower.get_mut(..name.len()) else { return Self::of_long(name) };
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        match &*lower {
            b"area" | b"base" | b"br" | b"col" | b"embed" | b"hr" | b"img" | b"input" | b"link" | b"meta"
            | b"param" | b"source" | b"track" | b"wbr" => Self::VOID,
            b"script" | b"style" | b"textarea" | b"title" | b"xmp" | b"iframe" | b"noembed" | b"noframes"
            | b"noscript" | b"plaintext" => Self::RAW,
            b"svg" | b"math" => Self::FOREIGN,
            b"a" | b"b" | b"big" | b"code" | b"em" | b"font" | b"i" | b"nobr" | b"s" | b"small"
            | b"strike" | b"strong" | b"tt" | b"u" => Self::FORMATTING,
            b"table" | b"template" => Self::BOUNDARY.and(Self::TABLE),
            b"object" | b"applet" | b"marquee" | b"button" => Self::BOUNDARY,
            b"caption" => Self::BOUNDARY.and(Self::IN_TABLES),
            b"td" | b"th" => Self::BOUNDARY.and(Self::IN_TABLES).and(Self::ITEM).and(Self::ENDS),
            b"tr" => Self::IN_TABLES.and(Self::ITEM).and(Self::ENDS),
            b"tbody" | b"thead" | b"tfoot" => Self::IN_TABLES.and(Self::ENDS),
            b"colgroup" => Self::IN_TABLES,
            b"li" | b"dt" | b"dd" => Self::ITEM.and(Self::ENDS),
            b"p" | b"option" | b"optgroup" => Self::ENDS,
            b"abbr" | b"acronym" | b"bdi" | b"bdo" | b"cite" | b"data" | b"del" | b"dfn" | b"ins"
            | b"kbd" | b"label" | b"mark" | b"output" | b"q" | b"ruby" | b"samp" | b"span" | b"sub"
            | b"sup" | b"time" | b"var" | b"picture" | b"video" | b"audio" | b"canvas" => Self::PLAIN,
            _ => Self::of_long(name),
        }
    }

    fn of_long(name: &str) -> Self {
        if name.contains('-') { Self::PLAIN } else { Self::NONE }
    }
}

/// No name with a trait of its own is longer, in bytes.
const LONGEST: usize = 10;
