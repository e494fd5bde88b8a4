//! Paragraphs to a plain web page.

use std::fmt::Write as _;

use crate::direction::is_rtl;
use crate::glyphs::{About, Sheet, sheets};
use crate::paragraphs::{HEADING, Paragraph, body_size};
use crate::rows::{Word, words};
use crate::{PdfError, columns, headline, paragraphs, running};

/// A PDF as a page of HTML: `<h1>` is its headline, each `<p>` one paragraph, each `<tr>` a row of a table, each with the number of its page and its own
/// (`p2-7`) as id. `<title>`, `lang` and the metadata `pdf:created` are what the file says of itself.
///
/// # Errors
/// [`PdfError`] for what has no text, too much of it, or is locked or damaged.
pub fn page(bytes: &[u8]) -> Result<String, PdfError> {
    let (sheets, about) = sheets(bytes)?;
    let rtl = is_right_to_left(&sheets);
    let pages = sheets.into_iter().map(|sheet| words(sheet.glyphs)).collect();
    let pages: Vec<Vec<_>> =
        running::without(pages).into_iter().map(|words: Vec<Word>| columns::lines(words, rtl)).collect();
    let body = body_size(&pages);
    let all = paragraphs::of(&pages, rtl);
    Ok(html(&all, body, &about))
}

/// The direction in which most letters run.
fn is_right_to_left(sheets: &[Sheet]) -> bool {
    let letters = || {
        let all = sheets.iter().flat_map(|sheet| sheet.glyphs.iter().flat_map(|glyph| glyph.text.chars()));
        all.filter(|c| c.is_alphabetic())
    };
    letters().filter(|c| is_rtl(*c)).count() * 2 > letters().count()
}

fn html(all: &[Paragraph], body: f64, about: &About) -> String {
    let head = headline::find(all, body, about.title.as_deref());
    let mut out = String::from("<!DOCTYPE html><html");
    if let Some(language) = about.language.as_deref().filter(|tag| tag.len() <= 35) {
        out += " lang=\"";
        escape(language, &mut out);
        out += "\"";
    }
    out += "><head><meta charset=\"utf-8\">";
    if let Some(created) = &about.created {
        let _ = write!(out, "<meta name=\"pdf:created\" content=\"{created}\">");
    }
    out += "</head><body>\n";
    let mut own = 0;
    let mut page = 0;
    let mut in_table = false;
    for (at, paragraph) in all.iter().enumerate() {
        if paragraph.page != page {
            (page, own) = (paragraph.page, 0);
        }
        own += 1;
        let is_row = !paragraph.cells.is_empty();
        if is_row != in_table {
            out += if is_row { "<table>\n" } else { "</table>\n" };
            in_table = is_row;
        }
        if is_row {
            row(paragraph, own, &mut out);
            continue;
        }
        let is_heading = paragraph.size > HEADING * body && paragraph.text.chars().count() < 200;
        let tag = match (Some(at) == head, is_heading) {
            (true, _) => "h1",
            (false, true) => "h2",
            (false, false) => "p",
        };
        let _ = write!(out, "<{tag} id=\"p{page}-{own}\">");
        escape(&paragraph.text, &mut out);
        let _ = writeln!(out, "</{tag}>");
    }
    out + if in_table { "</table>\n" } else { "" } + "</body></html>\n"
}

fn row(paragraph: &Paragraph, own: usize, out: &mut String) {
    let _ = write!(out, "<tr id=\"p{}-{own}\">", paragraph.page);
    for cell in &paragraph.cells {
        *out += "<td>";
        escape(cell, out);
        *out += "</td>";
    }
    *out += "</tr>\n";
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
}
