//! The page on the query language as help: each paragraph one line, which the help wraps itself, and no marks of
//! Markdown.

const PAGE: &str = include_str!("../../../../docs/query.md");

/// The page below an example.
pub(crate) fn query() -> String {
    let mut help = "Example:\n  chancery query 'pier (ferry OR harbor~) role:minister'\n\n".to_owned();
    let mut paragraph = String::new();
    let mut is_code = false;
    for line in PAGE.lines() {
        let is_row = line.starts_with('|');
        if is_code || is_row || line.is_empty() || line.starts_with("```") {
            end(&mut paragraph, &mut help);
        }
        if line.starts_with("```") {
            is_code = !is_code;
        } else if is_code {
            help += &format!("  {line}\n");
        } else if is_row {
            help += &row(line);
        } else if line.is_empty() {
            help.push('\n');
        } else {
            let space = if paragraph.is_empty() { "" } else { " " };
            paragraph += &format!("{space}{}", line.trim_start_matches(['#', ' ']));
        }
    }
    end(&mut paragraph, &mut help);
    help
}

fn end(paragraph: &mut String, help: &mut String) {
    if !paragraph.is_empty() {
        *help += &format!("{paragraph}\n");
        paragraph.clear();
    }
}

/// A row of a table; nothing of the line below its names.
fn row(line: &str) -> String {
    let mut cells = line.trim_matches(['|', ' ']).split(" | ").map(str::trim);
    let (first, rest) = (cells.next().unwrap_or_default(), cells.collect::<Vec<_>>().join(" | "));
    if first.starts_with("---") { String::new() } else { format!("  {first}  {rest}\n") }
}
