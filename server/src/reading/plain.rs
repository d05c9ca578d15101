//! Plain text: UTF-8 where it is, otherwise what the bytes speak for.

use super::{Outcome, Why};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1250, WINDOWS_1251};

/// Reads a text. UTF-8 must be right to the last byte; UTF-16 must say so by its mark; everything else is taken for the eight-bit encoding
/// that was used here before Unicode, Latin or Cyrillic by which letters prevail. Which one was taken is said.
pub(super) fn read(bytes: &[u8]) -> Outcome {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes)
        && (encoding == UTF_16LE || encoding == UTF_16BE)
    {
        let (text, malformed) = encoding.decode_without_bom_handling(&bytes[mark..]);
        if malformed {
            return Outcome::unreadable(Why::Broken, format!("{} broken off", encoding.name()));
        }
        return Outcome::text(&text, Some(encoding.name().to_owned()));
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Outcome::text(text, None),
        Err(error) => error,
    };
    let place = format!("byte {}", error.valid_up_to());
    // A text without letters beyond ASCII in its first half and nonsense later is no text at all.
    if bytes.contains(&0) {
        return Outcome::unreadable(Why::Broken, place);
    }
    let high = bytes.iter().filter(|b| **b >= 0xc0).count();
    let low = bytes.iter().filter(|b| b.is_ascii_alphabetic()).count();
    // In Cyrillic nearly every letter stands above ASCII, in Latin one in ten.
    let encoding = if high > low { WINDOWS_1251 } else { WINDOWS_1250 };
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Outcome::text(&text, Some(format!("{}, {place}", encoding.name()))),
        None => Outcome::unreadable(Why::Broken, place),
    }
}
