//! The elements of an XML file, one after the other, with limits; of a broken one those before the fault.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::DiscoverError;

/// Elements may be nested as deep as this.
const MAX_DEPTH: usize = 200;
/// The text of one element is kept so far, in bytes: enough for an address and a headline.
const MAX_TEXT: usize = 16 * 1024;

/// An element that has ended.
pub(super) struct Element {
    /// Its name without a prefix, in small letters.
    pub(super) name: String,
    /// Names without prefix in small letters, and values.
    pub(super) attributes: Vec<(String, String)>,
    /// The text that stands in it, not that of elements within it.
    pub(super) text: String,
}

impl Element {
    fn of(tag: &BytesStart<'_>) -> Self {
        let small = |name: &str| name.to_ascii_lowercase();
        let mut attributes = tag.html_attributes();
        let attributes = attributes.with_checks(false).flatten().map(|attribute| {
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_or_else(|_| attribute.value.to_string(), |value| value.to_string());
            (small(attribute.key.local_name().as_ref()), value)
        });
        Self { name: small(tag.local_name().as_ref()), attributes: attributes.collect(), text: String::new() }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn add(&mut self, text: &str) {
        if self.text.len() < MAX_TEXT {
            self.text.push_str(text);
        }
    }
}

/// Shows `seen` every element of `text` when it ends, with the names of those around it, outermost first; at its end
/// the name of the outermost element.
///
/// # Errors
/// [`DiscoverError::TooDeep`], and [`DiscoverError::NotOne`] where it breaks off; what came before was shown.
pub(super) fn elements(
    what: &'static str,
    text: &str,
    mut seen: impl FnMut(&[Element], &Element),
) -> Result<(), DiscoverError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    reader.config_mut().allow_dangling_amp = true;
    let mut open: Vec<Element> = Vec::new();
    loop {
        let broken = |why: String| DiscoverError::NotOne { what, why };
        let event = reader
            .read_event()
            .map_err(|why| broken(format!("{why} at byte {}", reader.error_position())))?;
        match event {
            Event::Start(tag) if open.len() >= MAX_DEPTH => {
                drop(tag);
                return Err(DiscoverError::TooDeep { what, limit: MAX_DEPTH });
            }
            Event::Start(tag) => open.push(Element::of(&tag)),
            Event::Empty(tag) => seen(&open, &Element::of(&tag)),
            Event::End(tag) => {
                // An end tag that fits none of the open elements ends nothing; one that fits an outer one ends all within.
                let name = tag.local_name().as_ref().to_ascii_lowercase();
                if open.iter().any(|element| element.name == name) {
                    while let Some(element) = open.pop() {
                        seen(&open, &element);
                        if element.name == name {
                            break;
                        }
                    }
                }
            }
            Event::Text(words) => add(&mut open, &words.xml10_content()),
            Event::CData(words) => add(&mut open, &words),
            Event::GeneralRef(entity) => add(&mut open, &character(&entity)),
            Event::Eof if open.is_empty() => return Ok(()),
            Event::Eof => {
                let within = open.last().map(|element| element.name.clone()).unwrap_or_default();
                while let Some(element) = open.pop() {
                    seen(&open, &element);
                }
                return Err(broken(format!("it ends within <{within}>")));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.add(text);
    }
}

/// What `&name;` stands for. Entities that a file declares itself are never expanded.
fn character(name: &str) -> String {
    let written = format!("&{name};");
    quick_xml::escape::unescape(&written).map_or_else(|_| String::new(), |text| text.to_string())
}
