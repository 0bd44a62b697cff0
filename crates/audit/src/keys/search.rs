//! The search itself: one pass over the bytes, and one over whatever had to be opened in them.

use zeroize::Zeroizing;

use super::anchors::{Anchor, Match, matches};
use super::open::{base64_around, gunzip, is_gzip, letters, utf16};
use super::value::{after_continuation, has_token, runs, secret};
use super::{Container, Found, id, name, pair};

/// Something that is a part of a key.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) what: What,
    /// Where it stands, or what had to be opened does, in the bytes handed in.
    pub(super) outer: usize,
    /// Where it stands in what was opened.
    pub(super) inner: usize,
    /// Its line in what was opened, from 1.
    pub(super) inner_line: usize,
    /// Which text it stands in: an index of [`Hits::texts`].
    pub(super) text: usize,
    pub(super) name: Option<String>,
}

#[derive(Debug)]
pub(super) enum What {
    Id(String),
    /// A value, and whether its name says what it is.
    Secret(Zeroizing<Vec<u8>>, bool),
    Token,
    /// When a temporary key ends.
    Expires(String),
}

/// All that was found, before it is paired.
#[derive(Debug, Default)]
pub(super) struct Hits {
    pub(super) all: Vec<Hit>,
    /// What had to be opened to come to each text.
    pub(super) texts: Vec<Text>,
    cut: Vec<&'static str>,
    /// That may yet be opened.
    left_bytes: usize,
}

#[derive(Debug, Default, Clone)]
pub(super) struct Text {
    pub(super) within: Vec<Container>,
    /// In the bytes handed in.
    outer: Option<usize>,
}

pub(super) fn search(
    bytes: &[u8],
    fingerprint_key: Option<&[u8]>,
    opened_bytes_max: usize,
) -> Found {
    let mut hits = Hits {
        left_bytes: opened_bytes_max.min(OPENED_BYTES_MAX),
        ..Hits::default()
    };
    hits.enter(bytes, Text::default());
    let mut cut = std::mem::take(&mut hits.cut);
    cut.dedup();
    Found {
        keys: pair::pair(bytes, hits, fingerprint_key),
        cut,
    }
}

impl Hits {
    /// Looks into a text, opening it first where all of it is packed.
    fn enter(&mut self, bytes: &[u8], text: Text) {
        if text.within.len() > DEPTH_MAX {
            self.cut.push(TOO_DEEP);
            return;
        }
        if is_gzip(bytes) {
            let (opened, is_whole) = gunzip(bytes, self.left_bytes);
            self.left_bytes = self.left_bytes.saturating_sub(opened.len());
            if !is_whole {
                self.cut.push(PACKED);
            }
            self.enter(&opened, text.opened(Container::Gzip, 0));
            return;
        }
        if let Some(opened) = utf16(bytes) {
            match self.left_bytes.checked_sub(opened.len()) {
                Some(left) => {
                    self.left_bytes = left;
                    self.enter(&opened, text.opened(Container::Utf16, 0));
                }
                None => self.cut.push(PACKED),
            }
            return;
        }
        let index = self.texts.len();
        self.texts.push(text);
        let before = self.all.len();
        self.flat(bytes, index);
        let inside = self.all.get_mut(before..).unwrap_or_default();
        let (mut line, mut counted) = (1, 0);
        let mut own: Vec<&mut Hit> = inside.iter_mut().filter(|it| it.text == index).collect();
        own.sort_by_key(|it| it.inner);
        for hit in own {
            let between = bytes.get(counted..hit.inner).unwrap_or_default();
            line += memchr::memchr_iter(b'\n', between).count();
            counted = hit.inner;
            hit.inner_line = line;
        }
    }

    fn flat(&mut self, bytes: &[u8], text: usize) {
        let mut opened = Opened::default();
        for found in matches(bytes) {
            if self.all.len() >= HITS_MAX {
                self.cut.push(TOO_MANY);
                return;
            }
            match found.anchor {
                Anchor::Id => self.id(bytes, text, found.start),
                Anchor::Secret => self.named_secret(bytes, text, found),
                Anchor::Token => self.token(bytes, text, found),
                Anchor::Base64(place) => {
                    self.base64(bytes, text, (found.start, place), &mut opened);
                }
            }
        }
    }

    fn id(&mut self, bytes: &[u8], text: usize, start: usize) {
        let (found, end) = id_at(bytes, start);
        let found = found.as_str();
        let goes_on = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_';
        if bytes.get(end).is_some_and(goes_on) || !begins_here(bytes, start) {
            return;
        }
        if id::judge(found).is_none() {
            return;
        }
        let name = name::before(bytes, start).map(str::to_owned);
        self.push(What::Id(found.to_owned()), text, start, name);
        let from = start.saturating_sub(NEAR_BYTES);
        for run in runs(bytes, from, end + NEAR_BYTES) {
            // The first run may be the end of one that begins before the window.
            let is_whole = run.start > from || from == 0;
            if let Some((value, _)) = secret(bytes, &run, false).filter(|_| is_whole) {
                self.push(What::Secret(value, false), text, run.start, None);
            }
        }
        if id::kind(found) == super::Kind::Temporary {
            self.expiry(bytes, text, start);
        }
    }

    fn named_secret(&mut self, bytes: &[u8], text: usize, found: Match) {
        let Some((name, end)) = name::around(bytes, found.start, found.end) else {
            return;
        };
        if !name::is_secret_access_key(name) {
            return;
        }
        let name = name.to_owned();
        let to = reach(bytes, end, VALUE_WITHIN_BYTES);
        for run in runs(bytes, end, to) {
            if let Some((value, _)) = secret(bytes, &run, true) {
                self.push(What::Secret(value, true), text, run.start, Some(name));
                return;
            }
        }
    }

    fn token(&mut self, bytes: &[u8], text: usize, found: Match) {
        let to = reach(bytes, found.end, TOKEN_WITHIN_BYTES);
        if has_token(bytes, found.end, to) {
            self.push(What::Token, text, found.start, None);
        }
    }

    /// The moment that a document of temporary credentials gives.
    fn expiry(&mut self, bytes: &[u8], text: usize, start: usize) {
        let from = start.saturating_sub(EXPIRY_WITHIN_BYTES);
        let window = bytes.get(from..bytes.len().min(start + EXPIRY_WITHIN_BYTES));
        let window = window.unwrap_or_default();
        let Some(at) = memchr::memmem::find(window, b"xpiration") else {
            return;
        };
        let rest = window.get(at + 9..).unwrap_or_default();
        let is_part = |it: &u8| it.is_ascii_digit() || b"-:.+TZ".contains(it);
        let skipped = rest.iter().take(8).take_while(|it| !it.is_ascii_digit());
        let rest = rest.get(skipped.count()..).unwrap_or_default();
        let length = rest.iter().take(35).take_while(|it| is_part(it)).count();
        let moment = rest.get(..length).unwrap_or_default();
        if length >= 20 {
            let moment = String::from_utf8_lossy(moment).into_owned();
            self.push(What::Expires(moment), text, from + at, None);
        }
    }

    /// Opens the base64 around a pattern, unless its groups were read so before.
    fn base64(
        &mut self,
        bytes: &[u8],
        text: usize,
        (at, place): (usize, usize),
        opened: &mut Opened,
    ) {
        let from = if at < opened.end {
            if opened.was_read(bytes, at, place) {
                return;
            }
            opened.start
        } else {
            opened.end
        };
        let Some(encoded) = base64_around(bytes, at, place, from) else {
            return;
        };
        opened.add(encoded.start, encoded.end, encoded.skipped);
        let Some(left) = self.left_bytes.checked_sub(encoded.decoded.len()) else {
            self.cut.push(PACKED);
            return;
        };
        self.left_bytes = left;
        let inside = self.texts.get(text).cloned().unwrap_or_default();
        let inside = inside.opened(Container::Base64, encoded.start);
        self.enter(&encoded.decoded, inside);
    }

    fn push(&mut self, what: What, text: usize, inner: usize, name: Option<String>) {
        let outer = self.texts.get(text).and_then(|it| it.outer);
        self.all.push(Hit {
            what,
            outer: outer.unwrap_or(inner),
            inner,
            inner_line: 1,
            text,
            name,
        });
    }
}

/// The base64 that was opened last. Letters that happen to look like a pattern may have shown the
/// wrong groups, so it is opened once for each way to count them.
#[derive(Debug, Default)]
struct Opened {
    start: usize,
    end: usize,
    /// By the letters that were skipped before the first group.
    read: [bool; 4],
    /// Letters from the start to a place in it: so many, until there.
    counted: (usize, usize),
}

impl Opened {
    /// Whether the groups that a pattern at `at` shows were read.
    fn was_read(&mut self, bytes: &[u8], at: usize, place: usize) -> bool {
        let (mut before, until) = self.counted;
        // Patterns come in the order of their ends: a step back is a short one.
        if until <= at {
            before += letters(bytes.get(until..at).unwrap_or_default());
        } else {
            before = before.saturating_sub(letters(bytes.get(at..until).unwrap_or_default()));
        }
        self.counted = (before, at);
        let skipped = (before + 4 - place % 4) % 4;
        self.read.get(skipped).is_some_and(|it| *it)
    }

    fn add(&mut self, start: usize, end: usize, skipped: usize) {
        if end != self.end {
            *self = Self {
                start,
                end,
                counted: (0, start),
                ..Self::default()
            };
        }
        if let Some(read) = self.read.get_mut(skipped) {
            *read = true;
        }
    }
}

impl Text {
    /// What is inside of something at a place of this one.
    fn opened(mut self, container: Container, start: usize) -> Text {
        self.within.push(container);
        self.outer = Some(self.outer.unwrap_or(start));
        self
    }
}

/// As many characters as an id has, and where they end; a line may be continued in their midst.
fn id_at(bytes: &[u8], start: usize) -> (String, usize) {
    let mut found = String::with_capacity(id::BYTES);
    let mut end = start;
    while found.len() < id::BYTES {
        match bytes.get(end) {
            Some(byte) if byte.is_ascii_alphanumeric() => {
                found.push(char::from(*byte));
                end += 1;
            }
            _ => match after_continuation(bytes, end) {
                Some(next) => end = next,
                None => break,
            },
        }
    }
    (found, end)
}

/// Whether a word begins at `start`: what stands before it is no part of it, or is an escape.
fn begins_here(bytes: &[u8], start: usize) -> bool {
    let head = bytes.get(..start).unwrap_or_default();
    match head {
        [.., b'%', a, b] => a.is_ascii_hexdigit() && b.is_ascii_hexdigit() || !is_word(*b),
        [.., b'\\', b'n' | b't' | b'r'] | [.., b'\\', b'u', b'0', b'0', _, _] | [] => true,
        [.., last] => !is_word(*last),
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where to stop looking for the value of a name that ends at `end`: at the bound, or at the third
/// end of a line or entry.
fn reach(bytes: &[u8], end: usize, bytes_max: usize) -> usize {
    let to = bytes.len().min(end + bytes_max);
    let window = bytes.get(end..to).unwrap_or_default();
    let stop = memchr::memchr2_iter(b'\n', 0, window).nth(2);
    stop.map_or(to, |stop| end + stop)
}

// Base64 in base64 in gzip in base64 is what people do; a fifth is what nobody does.
const DEPTH_MAX: usize = 4;
/// Bytes of all that is opened in one file at most, so that a small one cannot make work without
/// end.
pub const OPENED_BYTES_MAX: usize = 32 << 20;
// A file with more is a list of keys, and each of them leaks it.
const HITS_MAX: usize = 4_096;
// An id and its secret stand in the same few lines.
const NEAR_BYTES: usize = 320;
const VALUE_WITHIN_BYTES: usize = 96;
const TOKEN_WITHIN_BYTES: usize = 24;
const EXPIRY_WITHIN_BYTES: usize = 4_096;
const TOO_DEEP: &str = "what is packed more than four times was not opened";
/// Told where something was not opened to its end.
pub const PACKED: &str = "what is packed was opened as far as its bound, or is damaged";
const TOO_MANY: &str = "more places than are listed";
