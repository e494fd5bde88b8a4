//! Bytes to characters: byte order mark, transport, the page's own word, and what the bytes look like.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Bytes that are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no text but {what}")]
pub struct NotText {
    /// What they look like.
    pub what: &'static str,
}

/// How far into a page its declaration of a charset is looked for. The standard says 1024 bytes; real pages put
/// scripts before it.
const DECLARED_WITHIN: usize = 16 * 1024;

/// What the first bytes of files say that are no text.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\xD0\xCF\x11\xE0", "an old office document"),
    (b"\x1F\x8B\x08", "gzip data"),
    (b"\x28\xB5\x2F\xFD", "zstd data"),
    (b"\x89PNG", "an image"),
    (b"\xFF\xD8\xFF", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image, a sound or a film"),
    (b"{\\rtf", "a rich text document"),
];

/// Characters, and how their charset was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The characters.
    pub text: Cow<'b, str>,
    /// The charset's name.
    pub name: &'static str,
    /// What told it.
    pub from: &'static str,
}

/// The characters of a page or text. `transport` is the charset that the transport names, `country` the last part
/// of the host's name, a hint for guessing.
///
/// # Errors
/// [`NotText`] for what begins like a file of another kind, or is full of control characters.
pub fn decode<'b>(
    bytes: &'b [u8],
    transport: Option<&str>,
    country: Option<&str>,
) -> Result<Decoded<'b>, NotText> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(NotText { what });
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded(encoding, bytes.get(mark..).unwrap_or_default(), "the byte order mark");
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        return decoded(encoding, bytes, "the bytes");
    }
    let of_transport = transport.and_then(label).map(|encoding| (encoding, "the transport"));
    let named = of_transport.or_else(|| Some((declared(bytes)?, "what the page declares")));
    match named {
        Some((named, from)) if named != UTF_8 && !(named.is_single_byte() && is_marked_utf8(bytes)) => {
            decoded(named, bytes, from)
        }
        Some((named, from)) if named == UTF_8 && is_utf8_but_for(bytes, 2) => decoded(UTF_8, bytes, from),
        _ if is_utf8_but_for(bytes, 8) => decoded(UTF_8, bytes, "the bytes"),
        _ => decoded(guess(bytes, country), bytes, "the bytes, guessed"),
    }
}

fn decoded<'b>(
    encoding: &'static Encoding,
    bytes: &'b [u8],
    from: &'static str,
) -> Result<Decoded<'b>, NotText> {
    let text = if encoding == UTF_8 { utf8(bytes) } else { strictly(encoding, bytes) };
    Ok(Decoded { text: text_only(text)?, name: encoding.name(), from })
}

fn label(name: &str) -> Option<&'static Encoding> {
    let name = name.trim().trim_matches(['"', '\'']);
    // UTF-16 without a byte order mark is a mistake of the page: it could not have been declared in ASCII.
    Encoding::for_label(name.as_bytes()).map(|e| if e == UTF_16BE || e == UTF_16LE { UTF_8 } else { e })
}

/// The charset that the page itself declares, in `<meta>` or the XML declaration.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..DECLARED_WITHIN.min(bytes.len()))?;
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let value = |text: &str| {
        let text =
            text.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']).to_owned();
        label(text.split(['"', '\'', ' ', ';', '>', '/', '?']).next()?)
    };
    if let Some(rest) = head.strip_prefix("<?xml") {
        let xml = rest.split('>').next().and_then(|xml| xml.split_once("encoding"));
        if let Some(found) = xml.and_then(|(_, rest)| value(rest)) {
            return Some(found);
        }
    }
    head.split("<meta").skip(1).find_map(|tag| {
        let tag = tag.split('>').next()?;
        tag.match_indices("charset").find_map(|(at, word)| value(tag.get(at + word.len()..)?))
    })
}

/// UTF-16 without a byte order mark: pages hold so many ASCII characters that every second byte is mostly zero.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..DECLARED_WITHIN.min(bytes.len())).unwrap_or_default();
    let pairs = start.chunks_exact(2);
    let (mut first, mut second, all) = (0_usize, 0_usize, pairs.len());
    for pair in pairs {
        first += usize::from(pair.first() == Some(&0));
        second += usize::from(pair.last() == Some(&0));
    }
    let is_mostly = |zeros: usize, others: usize| all >= 8 && zeros * 10 > all * 3 && others * 20 < zeros;
    if is_mostly(second, first) {
        Some(UTF_16LE)
    } else if is_mostly(first, second) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether the bytes are UTF-8 and hold at least one character beyond ASCII.
fn is_marked_utf8(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()
}

/// Whether the bytes are UTF-8, but for some that are damaged: for each of them there are more than `times` characters
/// beyond ASCII. Single-byte charsets hardly ever look like one such character.
fn is_utf8_but_for(bytes: &[u8], times: usize) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += chunk.invalid().len();
    }
    bad == 0 || good > times * bad
}

/// UTF-8; damaged bytes are read as windows-1252, which is what they are where two charsets were mixed.
fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    out.into()
}

fn strictly<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Cow<'b, str> {
    encoding.decode_without_bom_handling(bytes).0
}

fn guess(bytes: &[u8], country: Option<&str>) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let is_plain = |tld: &&str| !tld.is_empty() && tld.bytes().all(|b| b.is_ascii_lowercase());
    detector.guess(country.filter(is_plain).map(str::as_bytes), Utf8Detection::Deny)
}

/// Refuses what has too many control characters to be text.
fn text_only(text: Cow<'_, str>) -> Result<Cow<'_, str>, NotText> {
    let start = text.as_bytes();
    let start = start.get(..1 << 16).unwrap_or(start);
    // In sums of a byte, which a processor makes of many bytes at once.
    let control = |byte: &u8| u8::from(*byte < 0x20 && !matches!(byte, b'\t'..=b'\r' | 0x1B));
    let controls: usize =
        start.chunks(255).map(|part| usize::from(part.iter().map(control).sum::<u8>())).sum();
    if controls * 50 > start.len() {
        return Err(NotText { what: "binary data" });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_charsets() {
        let page =
            |charset: &str, body: &[u8]| [format!("<meta charset={charset}><p>").as_bytes(), body].concat();
        let utf8 = "Zoë – naïve".as_bytes();
        let latin = b"Zo\xEB \x96 na\xEFve \x93quoted\x94 d\xE9j\xE0 vu";
        let cases: [(&str, Vec<u8>, Option<&str>, &str); 12] = [
            ("utf-8 declared", page("utf-8", utf8), None, "Zoë – naïve"),
            ("nothing declared", utf8.to_vec(), None, "Zoë – naïve"),
            (
                "utf-8 declared, windows-1252 meant",
                page("utf-8", latin),
                None,
                "Zoë – naïve “quoted” déjà vu",
            ),
            ("latin declared, utf-8 meant", page("iso-8859-1", utf8), None, "Zoë – naïve"),
            ("latin declared", page("iso-8859-1", latin), None, "Zoë – naïve “quoted” déjà vu"),
            ("transport first", page("utf-8", b"\xC7\xD0\xE5"), Some("windows-1256"), "اذه"),
            ("unknown label", page("utf8-unicode", utf8), Some("x-none"), "Zoë – naïve"),
            ("byte order mark first", [b"\xEF\xBB\xBF", utf8].concat(), Some("latin1"), "Zoë – naïve"),
            ("utf-16", b"\xFF\xFEZ\0o\0\xEB\0".to_vec(), None, "Zoë"),
            (
                "one damaged byte",
                page("utf-8", &[utf8, "é".repeat(20).as_bytes(), b"\x92s"].concat()),
                None,
                "é’s",
            ),
            (
                "http-equiv",
                b"<META content='text/html; charset=windows-1251'>\xCC\xE8\xF0".to_vec(),
                None,
                "Мир",
            ),
            ("xml", b"<?xml version='1.0' encoding='ISO-8859-2'?><p>\xB1".to_vec(), None, "ą"),
        ];
        for (name, bytes, transport, want) in cases {
            let got = decode(&bytes, transport, None).unwrap().text;
            assert!(got.ends_with(want), "{name}: {got:?}");
        }
    }

    /// What a page of each charset says, however its charset is known.
    #[test]
    fn charsets_that_nobody_declares() {
        let arabic = "<html><body><p>وزير الموارد المائية يفتتح المحطة الجديدة في المدينة ويؤكد أن العمل يبدأ في الشهر القادم</p>";
        let chinese = "<html><body><p>港口部长周一表示，新的码头将于五月开放，所有船只将移至上游港口。</p>";
        let russian = "<html><body><p>Министр портов сообщил, что новый причал откроется в мае, а суда перейдут в верхнюю гавань.</p>";
        let utf16 = |text: &str, big: bool| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        let english = "<html><body><p>The Minister of Tides opened the café “Skarvik”.</p>";
        let of = |label: &str, text: &str| {
            Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
        };
        let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        let cases: [(&str, Vec<u8>, Option<&str>, &str); 10] = [
            ("utf-16, little end, no mark", utf16(english, false), None, english),
            ("utf-16, big end, no mark", utf16(english, true), None, english),
            ("utf-16, little end, marked", marked(b"\xFF\xFE", utf16(english, false)), None, english),
            ("utf-16, big end, marked", marked(b"\xFE\xFF", utf16(english, true)), None, english),
            (
                "utf-16 of Arabic, no mark",
                utf16(&format!("{}{arabic}", "<!doctype html>".repeat(9)), false),
                None,
                arabic,
            ),
            ("windows-1256", of("windows-1256", arabic), None, arabic),
            ("windows-1256, with a hint", of("windows-1256", arabic), Some("eg"), arabic),
            ("gb18030", of("gb18030", chinese), Some("cn"), chinese),
            ("windows-1251", of("windows-1251", russian), Some("ru"), russian),
            ("koi8-r", of("koi8-r", russian), None, russian),
        ];
        for (name, bytes, country, want) in cases {
            let got = decode(&bytes, None, country).unwrap();
            assert!(got.text.ends_with(want), "{name} as {} by {}: {:?}", got.name, got.from, got.text);
        }
    }

    #[test]
    fn a_mixture_keeps_what_can_be_read() {
        // A page in UTF-8 into which a box in windows-1252 was pasted, and a character cut in the middle.
        let mixed = [
            "<meta charset=utf-8><p>Zoë und die Häfen von Ørsta, naïve Gäste, schöne Grüße".as_bytes(),
            b"<p>caf\xE9 \x93Skarvik\x94",
            "<p>Größe ".as_bytes(),
            b"\xC3",
        ]
        .concat();
        let got = decode(&mixed, None, None).unwrap().text;
        assert!(got.contains("Zoë und die Häfen von Ørsta"), "{got}");
        assert!(got.contains("café “Skarvik”") && got.contains("Größe"), "{got}");
        // What has single zeros or is binary is no UTF-16.
        assert!(decode(&[0xFF, 0, 7, 0, 1, 2, 3, 4].repeat(40), None, None).is_err());
    }

    #[test]
    fn what_is_no_text_is_named() {
        let what = |bytes: &[u8]| decode(bytes, None, None).unwrap_err().to_string();
        assert!(what(b"%PDF-1.7\n").contains("a PDF document"));
        assert!(what(&[0; 100]).contains("binary data"));
    }
}
