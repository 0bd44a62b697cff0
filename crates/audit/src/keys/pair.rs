//! Ids and secrets that belong together, and what is told of each.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::search::{Hit, Hits, Text, What};
use super::{Confidence, Container, FoundKey, Kind, id, value};

/// The keys that the hits are, in the order of their places.
pub(super) fn pair(bytes: &[u8], hits: Hits, fingerprint_key: Option<&[u8]>) -> Vec<FoundKey> {
    let Hits {
        all: mut hits,
        texts,
        ..
    } = hits;
    // Named secrets first where one value was found twice; then in the order of places.
    hits.sort_by_key(|hit| (hit.outer, hit.text, hit.inner, !is_named(hit)));
    hits.dedup_by(|one, other| is_same_place(one, other));
    let partners = partners(&hits);
    let mut keys = Vec::new();
    let mut lines = Lines::new(bytes);
    for (index, hit) in hits.iter().enumerate() {
        let partner = partners.get(index).copied().flatten();
        let secret = match &hit.what {
            What::Id(_) => partner.and_then(|secret| hits.get(secret)),
            What::Secret(_, true) if partner.is_none() => None,
            _ => continue,
        };
        let from = index.saturating_sub(AROUND_MAX);
        let to = hits.len().min(index + AROUND_MAX);
        let about = About {
            hit,
            secret,
            around: hits.get(from..to).unwrap_or_default(),
            text: texts.get(hit.text),
            place: lines.at(hit.outer),
        };
        keys.push(about.told(fingerprint_key));
    }
    keys
}

/// For each hit the index of the one that it belongs to: of an id, the secret that follows next, or
/// where none does, the one that stands before.
fn partners(hits: &[Hit]) -> Vec<Option<usize>> {
    let mut partners: Vec<Option<usize>> = vec![None; hits.len()];
    let is_id = |hit: &Hit| matches!(hit.what, What::Id(_));
    let secrets = || {
        let all = hits.iter().enumerate();
        all.filter(|(_, hit)| matches!(hit.what, What::Secret(..)))
    };
    // Names count before looks.
    for wants_name in [true, false] {
        for (secret, hit) in secrets().filter(|(_, hit)| is_named(hit) == wants_name) {
            let is_free = |index: usize| partners.get(index) == Some(&None);
            let ids = |range: &mut dyn Iterator<Item = usize>| {
                let mut near = range.take(NEIGHBOURS_MAX).filter(|index| {
                    let id = hits.get(*index);
                    id.is_some_and(|id| is_id(id) && distance(id, hit) <= NEAR_BYTES)
                });
                near.find(|index| is_free(*index))
            };
            let before = ids(&mut (0..secret).rev());
            let found = before.or_else(|| ids(&mut (secret + 1..hits.len())));
            if let Some(id) = found {
                for (one, other) in [(id, secret), (secret, id)] {
                    if let Some(partner) = partners.get_mut(one) {
                        *partner = Some(other);
                    }
                }
            }
        }
    }
    partners
}

fn is_named(hit: &Hit) -> bool {
    matches!(hit.what, What::Secret(_, true))
}

fn is_same_place(one: &Hit, other: &Hit) -> bool {
    let is_same_kind = std::mem::discriminant(&one.what) == std::mem::discriminant(&other.what);
    is_same_kind && (one.text, one.inner) == (other.text, other.inner)
}

fn distance(one: &Hit, other: &Hit) -> usize {
    if one.text == other.text {
        one.inner.abs_diff(other.inner)
    } else {
        one.outer.abs_diff(other.outer)
    }
}

struct About<'a> {
    hit: &'a Hit,
    secret: Option<&'a Hit>,
    /// The hits before and behind it.
    around: &'a [Hit],
    text: Option<&'a Text>,
    place: (usize, usize),
}

impl About<'_> {
    fn told(&self, fingerprint_key: Option<&[u8]>) -> FoundKey {
        let own = value_of(self.hit);
        let secret = self.secret.and_then(value_of).or(own);
        let key_id = match &self.hit.what {
            What::Id(id) => Some(id.clone()),
            _ => None,
        };
        let masked = match (&key_id, secret) {
            (Some(id), _) => id::masked(id),
            (None, Some(secret)) => value::masked(secret),
            (None, None) => String::new(),
        };
        let to_hash = secret.or(key_id.as_ref().map(String::as_bytes));
        let fingerprint = fingerprint_key
            .zip(to_hash)
            .map(|(key, value)| fingerprint(key, value));
        let kind = key_id.as_deref().map_or(Kind::NotKnown, id::kind);
        let (line, column) = self.place;
        FoundKey {
            account: key_id.as_deref().and_then(id::account_of),
            kind,
            has_secret: secret.is_some(),
            has_token: kind == Kind::Temporary && self.near(|it| matches!(it, What::Token)),
            expires: self.expires(),
            name: self.name(),
            line,
            column,
            offset: self.hit.outer,
            within: self.within(),
            inner_line: self.inner_line(),
            confidence: confidence(key_id.as_deref(), secret.is_some()),
            fingerprint,
            key_id,
            masked,
        }
    }

    /// The name that the id is given; where that says nothing (`- name: ...`, and then
    /// `value: ...`), the one of its secret.
    fn name(&self) -> Option<String> {
        let says = |it: &&String| !it.eq_ignore_ascii_case("value");
        let own = self.hit.name.as_ref().filter(says);
        let secret = self.secret.and_then(|it| it.name.as_ref());
        own.or(secret).or(self.hit.name.as_ref()).cloned()
    }

    /// A secret may be packed by itself in a text that is not.
    fn within(&self) -> Vec<Container> {
        self.text.map(|it| it.within.clone()).unwrap_or_default()
    }

    fn inner_line(&self) -> Option<usize> {
        self.text.filter(|it| !it.within.is_empty())?;
        Some(self.hit.inner_line)
    }

    fn near(&self, is_it: impl Fn(&What) -> bool) -> bool {
        let beside = |it: &&Hit| distance(it, self.hit) <= TOKEN_NEAR_BYTES;
        self.around.iter().filter(beside).any(|it| is_it(&it.what))
    }

    fn expires(&self) -> Option<String> {
        let beside = |it: &&Hit| distance(it, self.hit) <= EXPIRY_NEAR_BYTES;
        let is_temporary =
            matches!(&self.hit.what, What::Id(it) if id::kind(it) == Kind::Temporary);
        let mut near = self.around.iter().filter(|_| is_temporary).filter(beside);
        near.find_map(|it| match &it.what {
            What::Expires(moment) => Some(moment.clone()),
            _ => None,
        })
    }
}

fn value_of(hit: &Hit) -> Option<&[u8]> {
    match &hit.what {
        What::Secret(value, _) => Some(value),
        _ => None,
    }
}

fn confidence(key_id: Option<&str>, has_secret: bool) -> Confidence {
    match key_id.map(id::judge) {
        Some(Some(Confidence::Low) | None) => Confidence::Low,
        Some(_) if has_secret => Confidence::High,
        _ => Confidence::Medium,
    }
}

/// HMAC-SHA-256, of which eight bytes are enough to tell the keys of one audit apart.
fn fingerprint(key: &[u8], value: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(value);
    let mut text = String::new();
    for byte in mac.finalize().into_bytes().iter().take(8) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Lines of the bytes handed in, counted once for places that come in their order.
struct Lines<'a> {
    bytes: &'a [u8],
    counted: usize,
    line: usize,
    begins: usize,
}

impl<'a> Lines<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            counted: 0,
            line: 1,
            begins: 0,
        }
    }

    /// Line and column of a place that is not before the last one.
    fn at(&mut self, offset: usize) -> (usize, usize) {
        let between = self.bytes.get(self.counted..offset).unwrap_or_default();
        for end in memchr::memchr_iter(b'\n', between) {
            self.line += 1;
            self.begins = self.counted + end + 1;
        }
        self.counted = self.counted.max(offset);
        (self.line, 1 + offset.saturating_sub(self.begins))
    }
}

// An id and its secret stand in the same few lines.
const NEAR_BYTES: usize = 400;
// Hits between an id and its secret: other forms of the same, a token.
const NEIGHBOURS_MAX: usize = 8;
// What else is told of a key stands among so many hits on either side.
const AROUND_MAX: usize = 64;
// A token may be long, and stand before or after.
const TOKEN_NEAR_BYTES: usize = 4_096;
const EXPIRY_NEAR_BYTES: usize = 4_096;
