//! Lists: entries with data, one a line, and the forms a language gives its lemmas.

use std::borrow::Cow;
use std::rc::Rc;

use regex::Regex;

/// A column `key=value`.
pub(crate) type Column<'t> = (&'t str, &'t str);

/// One entry as it stands in a rule file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'t> {
    pub(crate) words: &'t str,
    pub(crate) data: &'t [Column<'t>],
    /// 1-based line in its file; 0 for words in the block.
    pub(crate) line: usize,
}

impl<'t> Entry<'t> {
    /// Words in a block, which have no data of their own.
    pub(crate) fn of_block(words: &'t str) -> Self {
        Self { words, data: &[], line: 0 }
    }
}

/// The entries of a list file: parts of its text, cut once for all lists that take from the file.
#[derive(Debug, Default)]
pub(crate) struct Listed<'t> {
    /// Words and line of each entry, and where its columns end among all.
    lines: Vec<(&'t str, usize, usize)>,
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
        self.lines.iter().map(move |&(words, line, to)| {
            let data = self.columns.get(from..to).unwrap_or_default();
            from = to;
            Entry { words, data, line }
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

/// The entries of a list file: one a line, `key=value` columns after a tab, `#` begins a comment line.
/// A line that is wrong comes back as its number and what is wrong.
pub(crate) fn listed(text: &str) -> (Listed<'_>, Vec<(usize, String)>) {
    let (mut good, mut bad) = (Listed::default(), Vec::new());
    for (number, text) in text.lines().enumerate() {
        if text.starts_with('#') || trimmed(text).is_empty() {
            continue;
        }
        let line = number + 1;
        let (words, rest) = halves(text, b'\t').unwrap_or((text, ""));
        let words = trimmed(words);
        let mut rest = Some(rest).filter(|rest| !rest.is_empty());
        while let Some(here) = rest {
            let (column, after) =
                halves(here, b'\t').map_or((here, None), |(column, after)| (column, Some(after)));
            rest = after;
            match halves(column, b'=') {
                Some((key, value)) if !words.is_empty() => good.columns.push((trimmed(key), trimmed(value))),
                None if !trimmed(column).is_empty() => {
                    bad.push((line, format!("column `{}` is no `key=value`", column.trim())));
                }
                _ => {}
            }
        }
        if words.is_empty() {
            bad.push((line, "a line without an entry".into()));
        } else {
            good.lines.push((words, line, good.columns.len()));
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

/// The number that a value of a column is. Most are counts, which are read as whole numbers.
fn number(value: &str) -> Option<f64> {
    match value.as_bytes() {
        digits @ [_, ..] if digits.len() < 10 && digits.iter().all(u8::is_ascii_digit) => {
            Some(f64::from(digits.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'))))
        }
        // No number begins so: neither a decimal, nor infinity, nor what is none.
        [first, ..] if first.is_ascii_alphabetic() && !matches!(first, b'i' | b'I' | b'n' | b'N') => None,
        _ => value.parse().ok(),
    }
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
