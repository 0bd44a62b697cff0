//! Which characters are a secret access key: forty of base64's alphabet that look random, and are
//! no checksum, path or placeholder.

use base64::Engine as _;
use zeroize::Zeroizing;

use super::id::has_sequence;
use super::open::LENIENT;

/// Characters of a secret access key.
const LENGTH: usize = 40;

/// A run of characters that a value can be made of.
#[derive(Debug)]
pub(super) struct Run {
    /// Without escapes.
    pub(super) text: Zeroizing<Vec<u8>>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The runs of `bytes[from..to]`, in their order; one that reaches beyond `to` is read to its end.
/// A run longer than [`RUN_BYTES_MAX`] has no text.
pub(super) fn runs(bytes: &[u8], from: usize, to: usize) -> impl Iterator<Item = Run> + '_ {
    let mut at = from;
    std::iter::from_fn(move || {
        while at < to.min(bytes.len()) {
            let start = at;
            let mut text = Zeroizing::new(Vec::with_capacity(RUN_BYTES_MAX));
            loop {
                let Some((byte, width)) = character(bytes, at) else {
                    match after_continuation(bytes, at).filter(|_| !text.is_empty()) {
                        Some(next) => at = next,
                        None => break,
                    }
                    continue;
                };
                at += width;
                if text.len() < RUN_BYTES_MAX {
                    text.push(byte);
                } else if at >= to {
                    break;
                }
            }
            if at > start {
                let end = at;
                return Some(Run { text, start, end });
            }
            // The letter of an escape is no part of what follows it.
            at += if bytes.get(at) == Some(&b'\\') { 2 } else { 1 };
        }
        None
    })
}

/// Where a line goes on that ends in a backslash in the midst of a word, as shells join them.
pub(super) fn after_continuation(bytes: &[u8], at: usize) -> Option<usize> {
    let next = match bytes.get(at..)? {
        [b'\\', b'\n', ..] => at + 2,
        [b'\\', b'\r', b'\n', ..] => at + 3,
        _ => return None,
    };
    character(bytes, next).map(|_| next)
}

/// A character of a value, and how many bytes it is written in: JSON writes `\/`, a URL `%2F`.
fn character(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let rest = bytes.get(at..)?;
    match rest {
        [b'\\', b'/', ..] => Some((b'/', 2)),
        [b'%', b'2', b'F' | b'f', ..] => Some((b'/', 3)),
        [b'%', b'2', b'B' | b'b', ..] => Some((b'+', 3)),
        [byte, ..] if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/') => {
            Some((*byte, 1))
        }
        _ => None,
    }
}

/// The secret access key that this run is, or is in base64. `is_named` says that its name tells
/// what it is.
pub(super) fn secret(
    bytes: &[u8],
    run: &Run,
    is_named: bool,
) -> Option<(Zeroizing<Vec<u8>>, bool)> {
    match run.text.len() {
        LENGTH => {
            let is_whole = !matches!(bytes.get(run.end), Some(b'=' | b'_' | b'-' | b'.' | b'$'));
            let is_secret =
                is_whole && begins(bytes, run.start) && looks_random(&run.text, is_named);
            is_secret.then(|| (run.text.clone(), false))
        }
        // Forty characters, perhaps with the end of their line.
        54..=56 if is_named => {
            let mut decoded = Zeroizing::new(LENIENT.decode(&*run.text).ok()?);
            let text = decoded.trim_ascii_end().len();
            decoded.truncate(text);
            let is_secret = decoded.len() == LENGTH
                && decoded.iter().all(|it| character(&[*it], 0).is_some())
                && looks_random(&decoded, true);
            is_secret.then_some((decoded, true))
        }
        _ => None,
    }
}

/// Whether a value can begin here: not in the midst of a symbol's name or a number. A shell's
/// default (`:-`) comes before one.
fn begins(bytes: &[u8], start: usize) -> bool {
    match bytes.get(..start).unwrap_or_default() {
        [.., b':', b'-'] => true,
        [.., b'_' | b'.' | b'$' | b'-'] => false,
        _ => true,
    }
}

fn looks_random(text: &[u8], is_named: bool) -> bool {
    let has = |class: fn(&u8) -> bool| text.iter().any(class);
    let is_hex = text.iter().all(u8::is_ascii_hexdigit);
    let is_mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let upper = text.to_ascii_uppercase();
    let upper = Zeroizing::new(upper);
    let says_no = WORDS
        .iter()
        .any(|word| upper.windows(word.len()).any(|it| it == word.as_bytes()));
    let is_counted = has_sequence(text, SEQUENCE_MAX);
    let is_random = if is_named {
        distinct(text) >= DISTINCT_MIN
    } else {
        has(u8::is_ascii_digit) && entropy_bits(text) >= ENTROPY_BITS_MIN
    };
    !is_hex && is_mixed && !says_no && !is_counted && is_random
}

fn counts(text: &[u8]) -> [u8; 128] {
    let mut counts = [0_u8; 128];
    for byte in text {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count = count.saturating_add(1);
        }
    }
    counts
}

fn distinct(text: &[u8]) -> usize {
    counts(text).iter().filter(|count| **count > 0).count()
}

/// Shannon's, for each character.
fn entropy_bits(text: &[u8]) -> f64 {
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    let counts = counts(text);
    let shares = counts.iter().filter(|count| **count > 0);
    let shares = shares.map(|count| f64::from(*count) / length);
    -shares.map(|share| share * share.log2()).sum::<f64>()
}

/// For people: the last four characters.
pub(super) fn masked(secret: &[u8]) -> String {
    let last = secret.get(secret.len().saturating_sub(4)..);
    format!("…{}", String::from_utf8_lossy(last.unwrap_or_default()))
}

/// The session token among the runs of `bytes[from..to]`, if one is long enough to be one.
pub(super) fn has_token(bytes: &[u8], from: usize, to: usize) -> bool {
    let long = |run: &Run| run.end - run.start >= TOKEN_BYTES_MIN;
    runs(bytes, from, to).any(|run| long(&run))
}

// Longer than any secret access key in base64; of a longer run only the beginning is kept.
const RUN_BYTES_MAX: usize = 64;
// A token of STS has some hundred.
const TOKEN_BYTES_MIN: usize = 64;
// Forty random characters of 64 hold thirty different ones or so, and 4.75 bits each; words of
// code hold fewer than 4.25.
const DISTINCT_MIN: usize = 16;
const ENTROPY_BITS_MIN: f64 = 4.25;
const SEQUENCE_MAX: usize = 5;
const WORDS: [&str; 6] = [
    "EXAMPLE",
    "PLACEHOLD",
    "CHANGEME",
    "YOURSECRET",
    "XXXXXX",
    "DUMMY",
];
