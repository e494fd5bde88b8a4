//! Lists: entries with data, one a line, and the forms a language gives its lemmas.

use regex::Regex;

/// One entry: its words and its data.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) words: String,
    pub(crate) data: Vec<(String, String)>,
    /// 1-based line in its file; 0 for words in the block.
    pub(crate) line: usize,
}

/// The entries of a list file: one a line, `key=value` columns after a tab, `#` begins a comment line.
/// A line that is wrong comes back as its number and what is wrong.
pub(crate) fn entries(text: &str) -> (Vec<Entry>, Vec<(usize, String)>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut columns = line.split('\t');
        let words = columns.next().unwrap_or("").trim().to_owned();
        let mut data = Vec::new();
        for column in columns.filter(|c| !c.trim().is_empty()) {
            match column.split_once('=') {
                Some((key, value)) => data.push((key.trim().to_owned(), value.trim().to_owned())),
                None => bad.push((number + 1, format!("column `{}` is no `key=value`", column.trim()))),
            }
        }
        if words.is_empty() {
            bad.push((number + 1, "a line without an entry".into()));
        } else {
            good.push(Entry { words, data, line: number + 1 });
        }
    }
    (good, bad)
}

/// A condition `key op value && …` on an entry's data; numbers compare as numbers, a missing key is unequal to all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Where(Vec<(String, Op, String)>);

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
            if !matches!(op, Op::Eq | Op::Ne) && value.parse::<f64>().is_err() {
                return Err(format!("`{value}` is no number"));
            }
            all.push((key.trim().to_owned(), op, value));
        }
        Ok(Self(all))
    }

    pub(crate) fn holds(&self, entry: &Entry) -> bool {
        self.0.iter().all(|(key, op, value)| {
            let here = entry.data.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
            let numbers = || Some((here?.parse::<f64>().ok()?, value.parse::<f64>().ok()?));
            match op {
                Op::Eq => here == Some(value),
                Op::Ne => here != Some(value),
                Op::Ge => numbers().is_some_and(|(a, b)| a >= b),
                Op::Le => numbers().is_some_and(|(a, b)| a <= b),
                Op::Gt => numbers().is_some_and(|(a, b)| a > b),
                Op::Lt => numbers().is_some_and(|(a, b)| a < b),
            }
        })
    }
}

/// How a language builds the forms of its lemmas: the first rule of a form whose ending fits is used, unless the
/// table of irregular words names the form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forms {
    pub(crate) rules: Vec<(String, Regex, String)>,
    pub(crate) irregular: Vec<Entry>,
}

impl Forms {
    /// The entry in every form; the first word of a phrase is the one that changes (`pointed out`).
    pub(crate) fn of(&self, entry: &Entry) -> Vec<Entry> {
        let (head, rest) =
            entry.words.split_once(' ').map_or((entry.words.as_str(), None), |(h, r)| (h, Some(r)));
        let make = |form: &str, word: &str| {
            let words = rest.map_or_else(|| word.to_owned(), |rest| format!("{word} {rest}"));
            let mut data = entry.data.clone();
            data.push(("lemma".into(), entry.words.clone()));
            data.push(("form".into(), form.into()));
            Entry { words, data, line: entry.line }
        };
        let mut all = vec![make("base", head)];
        let irregular = self.irregular.iter().find(|e| e.words == head);
        let mut done: Vec<&str> = Vec::new();
        for (form, _) in irregular.map(|e| e.data.as_slice()).unwrap_or_default() {
            let value = irregular.and_then(|e| e.data.iter().find(|(k, _)| k == form)).map_or("", |(_, v)| v);
            all.extend(value.split('|').map(|word| make(form, word)));
            done.push(form);
        }
        for (form, ending, put) in &self.rules {
            if !done.contains(&form.as_str()) && ending.is_match(head) {
                all.push(make(form, &ending.replace(head, put.as_str())));
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
        let (good, bad) = entries("# roles\nminister\tclass=minister\n\nenvoy\tclass\n");
        assert_eq!(good[0].data, [("class".to_owned(), "minister".to_owned())]);
        assert_eq!((good.len(), bad.len(), bad[0].0), (2, 1, 4));
    }

    #[test]
    fn conditions_compare_numbers_and_words() {
        let (e, _) = entries("w\tlower=300\tshare=.5\tkind=x\n");
        assert!(Where::parse("lower >= 200 && share < .6 && kind == x").unwrap().holds(&e[0]));
        assert!(!Where::parse("missing >= 1").unwrap().holds(&e[0]));
        assert!(Where::parse("lower").is_err() && Where::parse("lower > many").is_err());
    }

    #[test]
    fn forms_follow_the_table_then_the_endings() {
        let rule = |form: &str, ending: &str, put: &str| {
            (form.to_owned(), Regex::new(ending).unwrap(), put.to_owned())
        };
        let forms = Forms {
            rules: vec![rule("past", "e$", "ed"), rule("past", "$", "ed")],
            irregular: entries("say\tpast=said\tpart=said|sayed\n").0,
        };
        let words = |w: &str| {
            forms
                .of(&Entry { words: w.into(), data: vec![], line: 0 })
                .into_iter()
                .map(|e| e.words)
                .collect::<Vec<_>>()
        };
        assert_eq!(words("say"), ["say", "said", "said", "sayed"]);
        assert_eq!(words("point out"), ["point out", "pointed out"]);
        assert_eq!(words("urge"), ["urge", "urged"]);
    }
}
