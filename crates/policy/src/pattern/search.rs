//! Finds a piece, symbols without `*`, in a text: place by place while the piece is short or fits
//! soon, and else 64 places at a time. Knows no whole pattern.
//!
//! The latter is the Shift-And method of Baeza-Yates and Gonnet ("A new approach to text
//! searching", 1992): the bits of a word say which beginnings of the piece end where the text has
//! been read to, and one step moves all of them on. A piece longer than a word is looked at a
//! segment at a time, each only where those before it fit.

use super::Symbol;

/// The text behind the first place where `piece` fits.
pub(super) fn search<'t, S>(piece: &S, text: &'t str) -> Option<&'t str>
where
    S: Iterator<Item = Symbol> + Clone,
{
    let is_long = piece.clone().nth(SHORT_SYMBOLS_MAX).is_some();
    let mut chars = text.chars();
    let mut tried = 0;
    loop {
        if let Some(left) = strip_symbols(piece.clone(), chars.as_str()) {
            return Some(left);
        }
        chars.next()?;
        tried += 1;
        if is_long && tried == PLACES_TRIED {
            return search_long(piece, chars.as_str());
        }
    }
}

/// The text behind `piece` at its start.
pub(super) fn strip_symbols(mut piece: impl Iterator<Item = Symbol>, text: &str) -> Option<&str> {
    let mut chars = text.chars();
    let fits = piece.all(|symbol| match (symbol, chars.next()) {
        (Symbol::Exactly(wanted), Some(found)) => wanted == found,
        (_, found) => found.is_some(),
    });
    fits.then_some(chars.as_str())
}

fn search_long<'t, S>(piece: &S, text: &'t str) -> Option<&'t str>
where
    S: Iterator<Item = Symbol> + Clone,
{
    let mut places = text.as_bytes();
    while !places.is_empty() {
        // Bit 0 is the first of the places; it stays while the piece may begin there.
        let mut fitting = u64::MAX;
        let mut symbols = piece.clone();
        let mut behind = places;
        while fitting != 0
            && let Some(segment) = Segment::first_of(&mut symbols)
        {
            fitting &= segment.places(behind);
            behind = skip(behind, segment.symbols);
        }
        if fitting != 0 {
            let left = skip(behind, fitting.trailing_zeros() as usize);
            return text.get(text.len() - left.len()..);
        }
        places = skip(places, WORD_BITS);
    }
    None
}

/// As many symbols of a piece as a word has bits for, one bit for each byte of a character and for
/// each `?`.
struct Segment {
    symbols: usize,
    // For each byte, where it is wanted.
    exactly: [u64; 256],
    // Where any character is.
    any: u64,
    // Where the segment ends.
    last: u64,
}

impl Segment {
    fn first_of(symbols: &mut impl Iterator<Item = Symbol>) -> Option<Segment> {
        let mut segment = Segment {
            symbols: 0,
            exactly: [0; 256],
            any: 0,
            last: 0,
        };
        let mut bits = 0;
        // The longest character has to fit in.
        while bits + char::MAX_LEN_UTF8 <= WORD_BITS
            && let Some(symbol) = symbols.next()
        {
            let mut room = [0; char::MAX_LEN_UTF8];
            match symbol {
                Symbol::Exactly(c) => {
                    for byte in c.encode_utf8(&mut room).bytes() {
                        segment.last = 1 << bits;
                        if let Some(places) = segment.exactly.get_mut(usize::from(byte)) {
                            *places |= segment.last;
                        }
                        bits += 1;
                    }
                }
                Symbol::Any | Symbol::One => {
                    segment.last = 1 << bits;
                    segment.any |= segment.last;
                    bits += 1;
                }
            }
            segment.symbols += 1;
        }
        (segment.symbols > 0).then_some(segment)
    }

    /// At which of the first 64 characters of `text` the segment fits.
    fn places(&self, text: &[u8]) -> u64 {
        let mut places = 0;
        let mut reached = 0_u64;
        let mut characters = 0;
        for byte in text {
            let wanted = self.exactly.get(usize::from(*byte)).copied();
            let wanted = wanted.unwrap_or_default();
            reached = if is_inside_character(*byte) {
                reached << 1 & wanted | reached & self.any
            } else if characters == WORD_BITS + self.symbols - 1 {
                break;
            } else {
                characters += 1;
                (reached << 1 | 1) & (wanted | self.any)
            };
            if reached & self.last != 0 {
                places |= 1 << (characters - self.symbols);
            }
        }
        places
    }
}

/// The text behind that many characters, or its end.
pub(super) fn skip(text: &[u8], characters: usize) -> &[u8] {
    let starts = |(at, byte): (usize, &u8)| (!is_inside_character(*byte)).then_some(at);
    let at = text.iter().enumerate().filter_map(starts).nth(characters);
    at.and_then(|at| text.get(at..)).unwrap_or_default()
}

/// Whether the byte is one of a character, in UTF-8, but not its first.
pub(super) fn is_inside_character(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

const WORD_BITS: usize = 64;
// Up to here looking at every place beats the preparation that the other way takes.
const SHORT_SYMBOLS_MAX: usize = 16;
// Places at which a longer piece is looked for before that is worth it.
const PLACES_TRIED: usize = 8;
