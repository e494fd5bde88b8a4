//! Texts made to be dear: thousands of bodies, names, quotations or lists in one release, all invented. Twice the text
//! must not cost much more than twice the work.

/// A text of one kind, as long as asked.
pub(crate) struct Hostile {
    /// What it is full of.
    pub(crate) name: &'static str,
    /// Its paragraph of a number.
    paragraph: fn(usize) -> String,
    /// What parts its paragraphs.
    gap: &'static str,
}

impl Hostile {
    /// A text of at least so many bytes.
    pub(crate) fn text(&self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 512);
        let mut n = 0;
        while text.len() < bytes {
            text.push_str(&(self.paragraph)(n));
            text.push_str(self.gap);
            n += 1;
        }
        text
    }
}

/// Every kind.
pub(crate) const ALL: &[Hostile] = &[
    Hostile { name: "bodies-acronyms", paragraph: bodies_acronyms, gap: "\n\n" },
    Hostile { name: "bodies-few-acronyms", paragraph: bodies_few_acronyms, gap: "\n\n" },
    Hostile { name: "bodies-parts", paragraph: bodies_parts, gap: "\n\n" },
    Hostile { name: "bodies-plural", paragraph: bodies_plural, gap: "\n\n" },
    Hostile { name: "bodies-generic", paragraph: bodies_generic, gap: "\n\n" },
    Hostile { name: "companies", paragraph: companies, gap: "\n\n" },
    Hostile { name: "acronyms-unexplained", paragraph: acronyms_unexplained, gap: "\n\n" },
    Hostile { name: "definitions", paragraph: definitions, gap: "\n\n" },
    Hostile { name: "quotations", paragraph: quotations, gap: "\n\n" },
    Hostile { name: "quotations-split", paragraph: quotations_split, gap: "\n\n" },
    Hostile { name: "quotations-signed", paragraph: quotations_signed, gap: "\n\n" },
    Hostile { name: "quotations-lone", paragraph: quotations_lone, gap: "\n\n" },
    Hostile { name: "quotation-of-all", paragraph: quotation_of_all, gap: " " },
    Hostile { name: "names-posts", paragraph: names_posts, gap: "\n\n" },
    Hostile { name: "names-one-line", paragraph: names_posts, gap: " " },
    Hostile { name: "names-surname", paragraph: names_surname, gap: "\n\n" },
    Hostile { name: "names-spellings", paragraph: names_spellings, gap: "\n\n" },
    Hostile { name: "names-first", paragraph: names_first, gap: "\n\n" },
    Hostile { name: "titles-alone", paragraph: titles_alone, gap: "\n\n" },
    Hostile { name: "titles-many-holders", paragraph: titles_many_holders, gap: "\n\n" },
    Hostile { name: "pronouns", paragraph: pronouns, gap: "\n\n" },
    Hostile { name: "pronouns-one-block", paragraph: pronouns, gap: " " },
    Hostile { name: "statements-inherited", paragraph: statements_inherited, gap: " " },
    Hostile { name: "proposals", paragraph: proposals, gap: "\n\n" },
    Hostile { name: "proposals-unsaid", paragraph: proposals_unsaid, gap: "\n\n" },
    Hostile { name: "lists-colon", paragraph: lists_colon, gap: "\n\n" },
    Hostile { name: "lists-members", paragraph: lists_members, gap: "; " },
    Hostile { name: "lists-names", paragraph: lists_names, gap: ", " },
];

const SYLLABLES: [&str; 16] =
    ["ba", "re", "lo", "mi", "tu", "ka", "ve", "do", "sha", "ni", "pro", "gel", "za", "fen", "qui", "har"];

/// An invented capitalized word of a number; each number has its own.
fn word(n: usize) -> String {
    let mut word = String::new();
    let mut rest = n + 256;
    while rest > 0 {
        word.push_str(SYLLABLES[rest % 16]);
        rest /= 16;
    }
    capitalized(&word)
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The first letters of invented words, as an acronym.
fn initials(words: &[String]) -> String {
    words.iter().filter_map(|word| word.chars().next()).collect()
}

/// Three capitals and more of a number.
fn acronym(n: usize) -> String {
    let mut rest = n + 676;
    let mut letters = String::new();
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters
}

fn bodies_acronyms(n: usize) -> String {
    let words = [word(3 * n), word(3 * n + 1), word(3 * n + 2)];
    let short = initials(&words);
    let [a, b, c] = words;
    format!(
        "The {a} {b} {c} Authority ({short}A) met the {b} {a} Board ({}). The {short}A said that the port is open.",
        acronym(n)
    )
}

fn bodies_few_acronyms(n: usize) -> String {
    let (a, b) = (word(n % 7), word(n % 5));
    format!(
        "The {a} Ports Authority ({0}PA) and the {b} Roads Board ({1}RB) met. The {0}PA said that {1}RB's plan is good.",
        initials(std::slice::from_ref(&a)),
        initials(std::slice::from_ref(&b))
    )
}

fn bodies_parts(n: usize) -> String {
    let (a, b) = (word(2 * n), word(2 * n + 1));
    format!(
        "The {a} Division of the {b} Ports Authority met the {b} Roads Board’s Legal Department. \
         The Ministry of {a} of Kenya and the Kenya {b} Institute’s {a} Unit left."
    )
}

fn bodies_plural(n: usize) -> String {
    let a = word(n);
    format!(
        "The {a} Department paid. The {a} Departments plan is good. The Department of {a} met the {a} Society of Kenya and the {a} Society."
    )
}

fn bodies_generic(n: usize) -> String {
    let (a, b) = (word(n), word(n + 7));
    format!(
        "The {a} Authority met on Monday. Dr {b} {a}, Director of the Authority, said that the Authority will wait. The Council noted that the Board left."
    )
}

fn companies(n: usize) -> String {
    let a = word(n);
    format!(
        "{a} Holdings Ltd paid for the road. The plant of {a} Steel Company is in Torvel. {a} said that it works."
    )
}

fn acronyms_unexplained(n: usize) -> String {
    let words = [word(5 * n), word(5 * n + 1), word(7 * n + 3)];
    let [a, b, c] = &words;
    format!(
        "The {} met. The Ministry of {a}, {b} and {c} wrote to M{} on Monday.",
        acronym(n),
        initials(&words)
    )
}

fn definitions(n: usize) -> String {
    let (a, b) = (word(2 * n), word(2 * n + 1));
    let short = initials(&[a.clone(), b.clone()]);
    format!(
        "They read the {a} {b} Fund (“{short}F”), the National {b} Bureau, or N{short}B, and the {b} {a} Paper (hereinafter “{short}P”)."
    )
}

fn quotations(n: usize) -> String {
    let (a, b) = (word(n), word(3 * n + 1));
    format!("“We will mend the road to {a} before the rain comes,” said Dr {b} {a}.")
}

fn quotations_split(n: usize) -> String {
    let (a, b) = (word(n), word(3 * n + 1));
    format!(
        "“We will mend the road. We urge all towns to wait. Trust grows,” said Ms {b} {a}, “and we will open the port. We call on {a} to act.”"
    )
}

fn quotations_signed(n: usize) -> String {
    let (a, b) = (word(n), word(3 * n + 1));
    format!(
        "“The road is open and all trucks may pass it now.”\n\n– Dr {b} {a}, Director of the {a} Authority"
    )
}

fn quotations_lone(n: usize) -> String {
    let (a, b) = (word(n), word(3 * n + 1));
    format!(
        "Dr {b} {a} said that the road is open.\n\n“The road is long and the rain was hard on it this year.”\n\n“All of it will be mended, and the port too.”"
    )
}

fn quotation_of_all(n: usize) -> String {
    let a = word(n);
    let open = if n == 0 { "Dr Belok Tamar said: “" } else { "" };
    format!(
        "{open}We will mend the road to {a}. We urge all towns to wait. I call on the {a} Authority to act."
    )
}

fn names_posts(n: usize) -> String {
    let (a, b, c) = (word(2 * n), word(2 * n + 1), word(5 * n + 2));
    format!(
        "The Minister of Health, Dr {a} {b}, met {c} {a}, Chair of the {b} Board, and Deputy Director {b} {c}."
    )
}

fn names_surname(n: usize) -> String {
    let a = word(n);
    format!(
        "Dr {a} Karimov met Mr {a} Tal Karimov on Monday. Karimov said that the road is open. Mr Karimov left."
    )
}

fn names_spellings(n: usize) -> String {
    let names = [
        "Dr Arkan Belo Talorin",
        "Mr A. B. Talorin",
        "Arkan Talorin",
        "Talorin",
        "Mr Talorin",
        "ARKAN BELO TALORIN",
        "Arkan B. Talorin",
        "Minister Talorin",
    ];
    let (a, b) = (names[n % names.len()], names[(n / 3) % names.len()]);
    format!("{a} said that the road is open. The envoy met {b} on Monday.")
}

fn names_first(n: usize) -> String {
    let a = word(n);
    format!("Dr Arkanov {a} met the envoy. Arkanov said that the road is open, and {a} agreed.")
}

fn titles_alone(n: usize) -> String {
    let (a, b) = (word(n), word(3 * n + 1));
    format!(
        "The Minister of Health, Dr {b} {a}, came. The Minister said that the road is open. The Health Minister noted that the rain is over. The Chair left."
    )
}

fn titles_many_holders(n: usize) -> String {
    let (a, b) = (word(n), word(3 * n + 1));
    format!(
        "The Minister of {a}, Dr {b} {a}, came. The Minister said that the road is open. The {a} Minister left. The new minister agreed."
    )
}

fn pronouns(n: usize) -> String {
    let (a, b) = (word(n), word(3 * n + 1));
    format!(
        "Ms {b} {a} met the {a} Authority. She said that the road is open. It noted that they left. He added that the delegates agreed. They called for peace."
    )
}

fn statements_inherited(n: usize) -> String {
    let a = word(n);
    format!(
        "It was noted that the road to {a} is open. The delegates stressed that rain fell and called for trust. Adding that {a} is near, he said it works."
    )
}

fn proposals(n: usize) -> String {
    let (a, b) = (word(n), word(3 * n + 1));
    format!(
        "Dr {b} {a} called on the {a} Authority to mend the road, and urged the {b} Board to wait. This is in addition to the plan to build a port."
    )
}

fn proposals_unsaid(n: usize) -> String {
    let a = word(n);
    format!(
        "Residents are urged to leave {a} at once. The {a} Board met. Drivers are advised to avoid the road."
    )
}

fn lists_colon(n: usize) -> String {
    let a = word(n);
    format!(
        "The {a} Committee recommends:\n\nmend the roads to {a};\n\nclose the mine; and\n\nopen the port.\n\nDr {a} Talorin said:\n\nThe road is open.\n\nWe are glad of it."
    )
}

fn lists_members(n: usize) -> String {
    let (a, b) = (word(n), word(3 * n + 1));
    let open = if n.is_multiple_of(40) { "\n\nMembers of the Board: " } else { "" };
    format!("{open}Dr {b} {a} (Chair of the {a} Board)")
}

fn lists_names(n: usize) -> String {
    let (a, b) = (word(n), word(3 * n + 1));
    let open = if n.is_multiple_of(40) { "\n\nThe delegation included Ministers " } else { "" };
    format!("{open}{b} {a}")
}
