//! Lists: entries with data, one a line, and the forms a language gives its lemmas.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use memchr::memchr_iter;
use regex::Regex;

/// The column that makes one entry match only in its own case, whatever its value.
pub(crate) const EXACT: &str = "exact";

/// A column `key=value`.
pub(crate) type Column<'t> = (&'t str, &'t str);

/// One entry as it stands in a rule file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'t> {
    pub(crate) words: &'t str,
    pub(crate) data: &'t [Column<'t>],
    /// 1-based line in its file; 0 for words in the block.
    pub(crate) line: usize,
    /// Whether its columns only count something.
    pub(crate) counts: bool,
    /// Where the words end in the dictionary, once a list took the line from its file; 0 before.
    pub(crate) node: Option<&'t Cell<u32>>,
}

impl<'t> Entry<'t> {
    /// Words in a block, which have no data of their own.
    pub(crate) fn of_block(words: &'t str) -> Self {
        Self { words, data: &[], line: 0, counts: true, node: None }
    }
}

/// A line of a list file.
#[derive(Debug)]
struct Line<'t> {
    words: &'t str,
    number: usize,
    /// Where its columns end among all.
    to: usize,
    counts: bool,
    node: Cell<u32>,
}

/// The entries of a list file: parts of its text, cut once for all lists that take from the file.
#[derive(Debug, Default)]
pub(crate) struct Listed<'t> {
    lines: Vec<Line<'t>>,
    columns: Vec<Column<'t>>,
}

impl Listed<'_> {
    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// All entries, in their order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut from = 0;
        self.lines.iter().map(move |line| {
            let data = self.columns.get(from..line.to).unwrap_or_default();
            from = line.to;
            Entry { words: line.words, data, line: line.number, counts: line.counts, node: Some(&line.node) }
        })
    }
}

/// What stands before and after the first `sign` of ASCII. Columns are a few letters long: to go through their bytes
/// is quicker than what the standard library does to begin a search.
fn halves(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|b| b == sign)?;
    text.get(..at).zip(text.get(at + 1..))
}

/// Without white space around it, as most words and columns stand already.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// The lines of a text, as [`str::lines`] gives them.
fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let ends = memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len()));
    ends.filter_map(move |end| {
        let line = text.get(from..end)?;
        from = end + 1;
        let ended = end < text.len();
        let cut = line.strip_suffix('\r').filter(|_| ended);
        (ended || !line.is_empty()).then(|| cut.unwrap_or(line))
    })
}

/// The entries of a list file: one a line, `key=value` columns after a tab, `#` begins a comment line.
/// A line that is wrong comes back as its number and what is wrong.
pub(crate) fn listed(text: &str) -> (Listed<'_>, Vec<(usize, String)>) {
    let count = |sign| memchr_iter(sign, text.as_bytes()).count();
    let (lines, columns) = (Vec::with_capacity(count(b'\n') + 1), Vec::with_capacity(count(b'\t')));
    let (mut good, mut bad) = (Listed { lines, columns }, Vec::new());
    for (number, text) in lines_of(text).enumerate() {
        if text.starts_with('#') || trimmed(text).is_empty() {
            continue;
        }
        let line = number + 1;
        let (words, rest) = halves(text, b'\t').unwrap_or((text, ""));
        let words = trimmed(words);
        let mut rest = Some(rest).filter(|rest| !rest.is_empty());
        let mut counts = true;
        while let Some(here) = rest {
            let (column, after) =
                halves(here, b'\t').map_or((here, None), |(column, after)| (column, Some(after)));
            rest = after;
            match halves(column, b'=') {
                Some((key, value)) if !words.is_empty() => {
                    let (key, value) = (trimmed(key), trimmed(value));
                    counts = counts && key != EXACT && is_number(value);
                    good.columns.push((key, value));
                }
                None if !trimmed(column).is_empty() => {
                    bad.push((line, format!("column `{}` is no `key=value`", column.trim())));
                }
                _ => {}
            }
        }
        if words.is_empty() {
            bad.push((line, "a line without an entry".into()));
        } else {
            let to = good.columns.len();
            good.lines.push(Line { words, number: line, to, counts, node: Cell::default() });
        }
    }
    (good, bad)
}

/// A condition `key op value && …` on an entry's data; numbers compare as numbers, a missing key is unequal to all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Where(Vec<Condition>);

#[derive(Clone, Debug)]
struct Condition {
    key: String,
    op: Op,
    value: String,
    /// The value, where it is a number.
    number: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Ge,
    Le,
    Gt,
    Lt,
    Eq,
    Ne,
}

const OPS: [(&str, Op); 6] =
    [(">=", Op::Ge), ("<=", Op::Le), ("==", Op::Eq), ("!=", Op::Ne), (">", Op::Gt), ("<", Op::Lt)];

impl Where {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut all = Vec::new();
        for part in text.split("&&") {
            let found = OPS.iter().find_map(|(sign, op)| part.split_once(sign).map(|(k, v)| (k, *op, v)));
            let Some((key, op, value)) = found else {
                return Err(format!(
                    "`{}` is no condition; write `lower >= 200 && share >= .03`",
                    part.trim()
                ));
            };
            let value = value.trim().to_owned();
            let number = number(&value);
            if !matches!(op, Op::Eq | Op::Ne) && number.is_none() {
                return Err(format!("`{value}` is no number"));
            }
            all.push(Condition { key: key.trim().to_owned(), op, value, number });
        }
        Ok(Self(all))
    }

    pub(crate) fn holds(&self, entry: &Entry<'_>) -> bool {
        self.0.iter().all(|condition| {
            let here = entry.data.iter().find(|(k, _)| *k == condition.key).map(|(_, v)| *v);
            let numbers = || Some((number(here?)?, condition.number?));
            match condition.op {
                Op::Eq => here == Some(&condition.value),
                Op::Ne => here != Some(&condition.value),
                Op::Ge => numbers().is_some_and(|(a, b)| a >= b),
                Op::Le => numbers().is_some_and(|(a, b)| a <= b),
                Op::Gt => numbers().is_some_and(|(a, b)| a > b),
                Op::Lt => numbers().is_some_and(|(a, b)| a < b),
            }
        })
    }
}

/// The number that a value of a column is.
fn number(value: &str) -> Option<f64> {
    match value.as_bytes() {
        // No number begins so: neither a decimal, nor infinity, nor what is none.
        [first, ..] if first.is_ascii_alphabetic() && !matches!(first, b'i' | b'I' | b'n' | b'N') => None,
        bytes => short_number(bytes).or_else(|| value.parse().ok()),
    }
}

/// A number is read digit by digit up to this length.
const MOST_DIGITS: usize = 9;

/// A number of a few digits, as nearly all counts and shares are. Both parts of the quotient are whole, so that it is
/// the very number which the standard library reads.
fn short_number(bytes: &[u8]) -> Option<f64> {
    if bytes.len() > MOST_DIGITS {
        return None;
    }
    let (mut digits, mut scale, mut point) = (0_u32, 1_u32, false);
    for byte in bytes {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + u32::from(byte - b'0');
                scale *= if point { 10 } else { 1 };
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    let any = bytes.len() > usize::from(point);
    any.then(|| f64::from(digits) / f64::from(scale))
}

/// Whether a value of a column only counts something.
pub(crate) fn is_number(value: &str) -> bool {
    number(value).is_some()
}

/// How a language builds the forms of its lemmas: the first rule of a form whose ending fits is used, unless the
/// table of irregular words names the form.
#[derive(Debug, Default)]
pub(crate) struct Forms<'t> {
    pub(crate) rules: Vec<(String, Regex, String)>,
    pub(crate) irregular: Rc<Listed<'t>>,
}

impl Forms<'_> {
    /// The words in every form, and the form of each; the first word of a phrase is the one that changes
    /// (`pointed out`).
    pub(crate) fn of<'e>(&'e self, words: &'e str) -> Vec<(Cow<'e, str>, &'e str)> {
        let (head, rest) = words.split_once(' ').map_or((words, None), |(h, r)| (h, Some(r)));
        let make = |word: Cow<'e, str>| match rest {
            Some(rest) => format!("{word} {rest}").into(),
            None => word,
        };
        let mut all = vec![(Cow::Borrowed(words), "base")];
        let irregular = self.irregular.entries().find(|e| e.words == head).map_or(&[][..], |e| e.data);
        let mut done: Vec<&str> = Vec::new();
        for (form, _) in irregular {
            let value = irregular.iter().find(|(k, _)| k == form).map_or("", |(_, v)| v);
            all.extend(value.split('|').map(|word| (make(word.into()), *form)));
            done.push(form);
        }
        for (form, ending, put) in &self.rules {
            if !done.contains(&form.as_str()) && ending.is_match(head) {
                all.push((make(ending.replace(head, put.as_str())), form));
                done.push(form);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_carry_data_and_bad_lines_their_number() {
        let (good, bad) =
            listed("# roles\nminister\tclass=minister\n\n  envoy \tclass\t \t rank = 1 \n\tx=y\n");
        let told = |e: Entry<'_>| format!("{} {:?} {}", e.words, e.data, e.line);
        let good: Vec<String> = good.entries().map(told).collect();
        assert_eq!(good, ["minister [(\"class\", \"minister\")] 2", "envoy [(\"rank\", \"1\")] 4"]);
        let bad: Vec<String> = bad.into_iter().map(|(line, message)| format!("{line}: {message}")).collect();
        assert_eq!(bad, ["4: column `class` is no `key=value`", "5: a line without an entry"]);
    }

    #[test]
    fn conditions_compare_numbers_and_words() {
        let (list, _) = listed("w\tlower=300\tshare=.5\tkind=x\tlong=12345678901\n");
        let e: Vec<Entry<'_>> = list.entries().collect();
        assert!(Where::parse("lower >= 200 && share < .6 && kind == x").unwrap().holds(&e[0]));
        assert!(Where::parse("lower < 3e2").is_ok_and(|w| !w.holds(&e[0])));
        assert!(Where::parse("long > 12345678900.5 && kind != y").unwrap().holds(&e[0]));
        assert!(!Where::parse("missing >= 1").unwrap().holds(&e[0]));
        assert!(!Where::parse("kind >= 1").unwrap().holds(&e[0]));
        assert!(Where::parse("lower").is_err() && Where::parse("lower > many").is_err());
    }

    #[test]
    fn numbers_are_those_of_the_standard_library() {
        for value in [
            "",
            ".",
            "0",
            "7",
            "20",
            ".06",
            "0.3",
            ".97",
            "1.00",
            "5.",
            "123456789",
            "1234567890",
            "12345.678",
            "0.0000001",
            "1.2.3",
            "1e3",
            "-4",
            "+4",
            "inf",
            "NaN",
            "nan",
            "name",
            "x1",
            "1x",
            "city",
        ] {
            let ours = number(value).map(f64::to_bits);
            assert_eq!(ours, value.parse::<f64>().ok().map(f64::to_bits), "{value}");
        }
    }

    #[test]
    fn forms_follow_the_table_then_the_endings() {
        let rule = |form: &str, ending: &str, put: &str| {
            (form.to_owned(), Regex::new(ending).unwrap(), put.to_owned())
        };
        let forms = Forms {
            rules: vec![rule("past", "e$", "ed"), rule("past", "$", "ed")],
            irregular: listed("go\nsay\tpast=said\tpart=said|sayed\n").0.into(),
        };
        let words = |w: &str| {
            forms.of(w).into_iter().map(|(words, form)| format!("{words} ({form})")).collect::<Vec<_>>()
        };
        assert_eq!(words("say"), ["say (base)", "said (past)", "said (part)", "sayed (part)"]);
        assert_eq!(words("point out"), ["point out (base)", "pointed out (past)"]);
        assert_eq!(words("urge"), ["urge (base)", "urged (past)"]);
    }
}
