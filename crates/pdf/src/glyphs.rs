//! A PDF to its characters, each with its place on the page.

use std::fmt;

use pdf_extract::encryption::DecryptionError;
use pdf_extract::{Dictionary, Document, Error, MediaBox, Object, OutputDev, OutputError, Transform};

use crate::{MAX_CHARACTERS, MAX_PAGES, PdfError};

/// A character, or a few that one sign stands for, upright. Lengths are points; `y` grows downwards.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    pub(crate) x: f64,
    /// The line on which it stands.
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) size: f64,
    pub(crate) text: String,
}

/// The characters of a page that run in the direction of most of them: watermarks across the page are left out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) glyphs: Vec<Glyph>,
}

/// What a PDF says of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    pub(crate) title: Option<String>,
    /// When it was made, `YYYY-MM-DD`.
    pub(crate) created: Option<String>,
    /// A language tag.
    pub(crate) language: Option<String>,
}

/// All pages of a PDF.
pub(crate) fn sheets(bytes: &[u8]) -> Result<(Vec<Sheet>, About), PdfError> {
    let damaged = |why: String| PdfError::Damaged { why };
    let mut document = Document::load_mem(bytes).map_err(|why| match why {
        Error::Decryption(_) | Error::InvalidPassword => PdfError::Locked,
        other => damaged(other.to_string()),
    })?;
    if document.is_encrypted() {
        document.decrypt("").map_err(|why| match why {
            Error::Decryption(DecryptionError::IncorrectPassword) | Error::InvalidPassword => {
                PdfError::Locked
            }
            other => damaged(other.to_string()),
        })?;
    }
    let pages = document.get_pages().len();
    match pages {
        0 => return Err(damaged("it has no pages".to_owned())),
        _ if pages > MAX_PAGES => return Err(PdfError::TooManyPages { pages }),
        _ => {}
    }
    let mut collector = Collector::default();
    let done = pdf_extract::output_doc(&document, &mut collector);
    if collector.count > MAX_CHARACTERS {
        return Err(PdfError::TooManyCharacters);
    }
    done.map_err(|why| damaged(why.to_string()))?;
    let has_text = |sheet: &Sheet| sheet.glyphs.iter().any(|glyph| !glyph.text.trim().is_empty());
    if !collector.sheets.iter().any(has_text) {
        return Err(PdfError::NoText { pages });
    }
    Ok((collector.sheets, about(&document)))
}

/// The directions of writing on a page, in quarter turns.
#[derive(Default)]
struct Collector {
    sheets: Vec<Sheet>,
    turned: [Vec<Glyph>; 4],
    count: usize,
}

impl OutputDev for Collector {
    fn begin_page(
        &mut self,
        _number: u32,
        _sheet: &MediaBox,
        _art: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.turned = Default::default();
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        let turned = std::mem::take(&mut self.turned);
        let glyphs = turned.into_iter().max_by_key(Vec::len).unwrap_or_default();
        self.sheets.push(Sheet { glyphs });
        Ok(())
    }

    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.count += text.chars().count().max(1);
        if self.count > MAX_CHARACTERS {
            return Err(OutputError::FormatError(fmt::Error));
        }
        let quarter = match (at.m11.abs() >= at.m12.abs(), at.m11 >= 0.0, at.m12 >= 0.0) {
            (true, true, _) => 0,
            (true, false, _) => 2,
            (false, _, true) => 1,
            (false, _, false) => 3,
        };
        // Slanted text is a watermark.
        let is_slanted = at.m11.abs().min(at.m12.abs()) > 0.2 * at.m11.abs().max(at.m12.abs());
        let (x, y) = (at.m31, at.m32);
        let (x, y) = [(x, -y), (y, x), (-x, y), (-y, -x)][quarter];
        let size = font_size.abs() * (at.m11 * at.m22 - at.m12 * at.m21).abs().sqrt();
        let width = width * font_size.abs() * at.m11.hypot(at.m12);
        let is_sound = [x, y, size, width].iter().all(|number| number.is_finite() && number.abs() < 1e6);
        if is_sound
            && size > 0.5
            && !is_slanted
            && let Some(glyphs) = self.turned.get_mut(quarter)
        {
            glyphs.push(Glyph { x, y, width: width.abs(), size, text: crate::direction::plain(text) });
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

fn about(document: &Document) -> About {
    let resolved = |object: &Object| match object {
        Object::Reference(id) => document.get_dictionary(*id).ok().cloned(),
        Object::Dictionary(dictionary) => Some(dictionary.clone()),
        _ => None,
    };
    let info = document.trailer.get(b"Info").ok().and_then(resolved).unwrap_or_default();
    let string = |dictionary: &Dictionary, key: &[u8]| {
        let value = dictionary.get(key).ok()?;
        let text = pdf_extract::decode_text_string(value).ok()?;
        Some(text.trim_matches(['\0', ' ']).to_owned()).filter(|text| !text.is_empty())
    };
    let created = string(&info, b"CreationDate").and_then(|text| day(&text));
    let language = document.catalog().ok().and_then(|catalog| string(catalog, b"Lang"));
    About { title: string(&info, b"Title"), created, language }
}

/// `D:20210302101500+02'00'` (ISO 32000-1, 7.9.4) as a day.
fn day(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches("D:");
    let part = |from: usize, to: usize| {
        digits.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    Some(format!("{}-{}-{}", part(0, 4)?, part(4, 6)?, part(6, 8)?))
}
