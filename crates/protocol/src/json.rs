//! Strings as JSON text, in buffers of known size, for values that must not leave copies.
//!
//! Text is passed over twice: once counted, once written into one buffer that never grows and is
//! wiped when dropped. A buffer that grows gives its shorter copies back to the allocator with what
//! stands in them. Knows no document: the caller writes braces, names and commas.
//! Sources: RFC 8259, section 7, for strings; RFC 4648, section 4, for base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::Secret;

/// Where text goes, counted or kept.
pub trait Sink {
    /// Bytes as they stand.
    fn raw(&mut self, bytes: &[u8]);

    /// Bytes as a JSON string of standard padded base64, quotes and all.
    fn base64(&mut self, bytes: &[u8]);

    /// Text as a JSON string, quotes and all.
    fn string(&mut self, text: &str) {
        self.raw(b"\"");
        let text = text.as_bytes();
        // Mostly so; looked at without a branch for each byte, which compiles to vectors.
        if text.iter().fold(true, |all, byte| all & is_plain(*byte)) {
            self.raw(text);
        } else {
            let mut rest = text;
            while let Some(at) = rest.iter().position(|byte| !is_plain(*byte)) {
                let (plain, after) = rest.split_at(at);
                self.raw(plain);
                let Some((byte, after)) = after.split_first() else {
                    break;
                };
                put(self, *byte);
                rest = after;
            }
            self.raw(rest);
        }
        self.raw(b"\"");
    }
}

/// What `write` writes. It is called twice and must write the same both times.
pub fn sized(mut write: impl FnMut(&mut dyn Sink)) -> Zeroizing<Vec<u8>> {
    filled(counted(&mut write), write)
}

/// What `write` writes, as [`sized`], where all of it is the secret.
pub fn secret(write: impl FnMut(&mut dyn Sink)) -> Secret {
    // The buffer is full, so it becomes the secret's own without being copied.
    Secret::new(std::mem::take(&mut *sized(write)))
}

/// How many bytes `write` writes.
pub fn counted(mut write: impl FnMut(&mut dyn Sink)) -> usize {
    let mut count = Count(0);
    write(&mut count);
    count.0
}

/// What `write` writes, where it is known to be so many bytes.
pub(crate) fn filled(bytes: usize, mut write: impl FnMut(&mut dyn Sink)) -> Zeroizing<Vec<u8>> {
    let mut kept = Kept(Zeroizing::new(Vec::with_capacity(bytes)));
    write(&mut kept);
    debug_assert_eq!(kept.0.len(), bytes, "both passes write the same");
    kept.0
}

struct Count(usize);

impl Sink for Count {
    fn raw(&mut self, bytes: &[u8]) {
        self.0 += bytes.len();
    }

    fn base64(&mut self, bytes: &[u8]) {
        self.0 += base64_bytes(bytes) + 2;
    }
}

struct Kept(Zeroizing<Vec<u8>>);

impl Sink for Kept {
    fn raw(&mut self, bytes: &[u8]) {
        self.0.raw(bytes);
    }

    fn base64(&mut self, bytes: &[u8]) {
        self.0.base64(bytes);
    }
}

/// For what is no secret: such a buffer may grow, and leaves behind what it held.
impl Sink for Vec<u8> {
    fn raw(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    fn base64(&mut self, bytes: &[u8]) {
        self.raw(b"\"");
        let start = self.len();
        self.resize(start + base64_bytes(bytes), 0);
        let room = self.get_mut(start..).unwrap_or_default();
        let written = STANDARD.encode_slice(bytes, room);
        debug_assert!(written.is_ok(), "the room is as long as the text");
        self.raw(b"\"");
    }
}

fn base64_bytes(bytes: &[u8]) -> usize {
    bytes.len().div_ceil(3) * 4
}

fn is_plain(byte: u8) -> bool {
    byte >= b' ' && !matches!(byte, b'"' | b'\\')
}

/// A byte of a string's text in its shortest spelling.
fn put(to: &mut (impl Sink + ?Sized), byte: u8) {
    match byte {
        b'"' | b'\\' => to.raw(&[b'\\', byte]),
        b'\x08' => to.raw(b"\\b"),
        b'\t' => to.raw(b"\\t"),
        b'\n' => to.raw(b"\\n"),
        b'\x0c' => to.raw(b"\\f"),
        b'\r' => to.raw(b"\\r"),
        0..=0x1f => to.raw(&[b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), hex(byte & 0xf)]),
        _ => to.raw(&[byte]),
    }
}

fn hex(digit: u8) -> u8 {
    if digit < 10 {
        b'0' + digit
    } else {
        b'a' + digit - 10
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Text that is mostly what must be escaped.
    fn rough() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                (0_u8..0x20).prop_map(char::from),
                prop::sample::select(vec!['"', '\\', '/', '\x7f', '\u{2028}']),
                any::<char>(),
            ],
            0..40,
        )
        .prop_map(String::from_iter)
    }

    #[test]
    fn what_is_written_one_after_the_other_stands_in_one_buffer() {
        let text = sized(|to| {
            to.raw(b"[");
            to.string("a\"b");
            to.raw(b",");
            to.base64(b"secret");
            to.raw(b"]");
        });

        assert_eq!(text.as_slice(), br#"["a\"b","c2VjcmV0"]"#);
        assert!(sized(|_| {}).is_empty());
    }

    #[test]
    fn a_secret_is_what_was_written() {
        assert_eq!(secret(|to| to.raw(b"secret")), Secret::new(*b"secret"));
    }

    proptest! {
        #[test]
        fn strings_are_written_as_serde_json_writes_them(text in rough()) {
            let written = sized(|to| to.string(&text));
            prop_assert_eq!(written.to_vec(), serde_json::to_vec(&text).unwrap());
        }

        #[test]
        fn base64_is_that_of_its_library(bytes: Vec<u8>) {
            let written = sized(|to| to.base64(&bytes));
            let expect = format!("\"{}\"", STANDARD.encode(&bytes));
            prop_assert_eq!(written.to_vec(), expect.into_bytes());
        }

        #[test]
        fn the_buffer_never_grows(text in rough(), bytes: Vec<u8>) {
            let write = |to: &mut dyn Sink| {
                to.string(&text);
                to.base64(&bytes);
            };
            let counted = counted(write);
            let room = Vec::<u8>::with_capacity(counted).capacity();
            let written = sized(write);
            prop_assert_eq!((written.len(), written.capacity()), (counted, room));
        }
    }
}
