//! What a key can begin with, all of it looked for in one pass: ids, names, and both as base64
//! writes them once or twice, at each of the places they can have in its groups.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::id::PREFIXES;

/// What a pattern that was found is the beginning of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// An id.
    Id,
    /// A part of a name of secret access keys.
    Secret,
    /// A part of a name of session tokens.
    Token,
    /// Something in base64, whose groups of four begin this many characters before the pattern
    /// (less than four).
    Base64(usize),
}

/// A pattern at its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub(super) anchor: Anchor,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// All patterns in the bytes, in the order of their ends; they may overlap.
pub(super) fn matches(bytes: &[u8]) -> impl Iterator<Item = Match> {
    let table = &*TABLE;
    let found = table.automaton.as_ref();
    let found = found.map(|automaton| automaton.find_overlapping_iter(bytes));
    found.into_iter().flatten().filter_map(|found| {
        let anchor = *table.anchors.get(found.pattern().as_usize())?;
        Some(Match {
            anchor,
            start: found.start(),
            end: found.end(),
        })
    })
}

struct Table {
    /// Always there: a test builds it.
    automaton: Option<AhoCorasick>,
    anchors: Vec<Anchor>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut patterns: Vec<(Vec<u8>, Anchor)> = Vec::new();
    for prefix in PREFIXES {
        patterns.push((prefix.into(), Anchor::Id));
    }
    patterns.extend(SECRETS.map(|name| (name.into(), Anchor::Secret)));
    patterns.extend(TOKENS.map(|name| (name.into(), Anchor::Token)));
    // As scripts of PowerShell are handed over.
    let wide = |it: &&str| it.bytes().flat_map(|it| [it, 0]).collect::<Vec<u8>>();
    let plain = PREFIXES.iter().chain(&HIDDEN_NAMES);
    let hidden = plain.map(|it| it.as_bytes().to_vec());
    for hidden in hidden.chain(PREFIXES.iter().map(wide)) {
        for (once, place) in encoded(&hidden) {
            for (twice, place) in encoded(&once) {
                patterns.push((twice, Anchor::Base64(place)));
            }
            patterns.push((once, Anchor::Base64(place)));
        }
    }
    patterns.extend(GZIPS.map(|head| (head.into(), Anchor::Base64(0))));
    let anchors = patterns.iter().map(|(_, anchor)| *anchor).collect();
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::DFA))
        .build(patterns.iter().map(|(bytes, _)| bytes))
        .ok();
    Table { automaton, anchors }
});

/// The characters that these bytes always become, for each place in a group of three, with how many
/// characters of their first group stand before them.
fn encoded(bytes: &[u8]) -> impl Iterator<Item = (Vec<u8>, usize)> {
    (0..3_usize).map(|before| {
        let mut padded = vec![0; before];
        padded.extend_from_slice(bytes);
        let text = STANDARD_NO_PAD.encode(&padded).into_bytes();
        // A character is sure if all six of its bits are.
        let first = (before * 8).div_ceil(6);
        let sure = (padded.len() * 8) / 6;
        let characters = text.get(first..sure).unwrap_or_default().to_vec();
        (characters, first % 4)
    })
}

// The letters before and after differ with how a name is written.
const SECRETS: [&str; 2] = ["ecret", "ECRET"];
const TOKENS: [&str; 10] = [
    "ession_token",
    "ession-token",
    "ession.token",
    "essionToken",
    "ESSION_TOKEN",
    "ecurity_token",
    "ecurity-token",
    "ecurityToken",
    "ECURITY_TOKEN",
    "\"Token\"",
];
const HIDDEN_NAMES: [&str; 3] = ["ecret_access_key", "ECRET_ACCESS_KEY", "ecretAccessKey"];
// 1f 8b 08, once and twice.
const GZIPS: [&str; 2] = ["H4sI", "SDRzS"];

#[cfg(test)]
mod tests {
    use super::*;

    fn anchors(text: &str) -> Vec<(Anchor, usize)> {
        let found = matches(text.as_bytes());
        found.map(|it| (it.anchor, it.start)).collect()
    }

    #[test]
    fn the_automaton_can_be_built_and_knows_ids_and_names() {
        assert_eq!(anchors("an AKIA"), [(Anchor::Id, 3)]);
        assert_eq!(
            anchors("Secret SECRET"),
            [(Anchor::Secret, 1), (Anchor::Secret, 8)]
        );
        assert_eq!(anchors("an akia and a Xecrxt"), []);
    }

    #[test]
    fn base64_is_seen_at_each_place_and_its_groups_are_known() {
        for before in 0..7 {
            let hidden = format!("{}AKIAQ4WZ7KTRM2VXBH6D", "x".repeat(before));
            let once = STANDARD_NO_PAD.encode(hidden);
            let twice = STANDARD_NO_PAD.encode(&once);
            for text in [once, twice] {
                let found = anchors(&text);
                let aligned = found.iter().any(|(anchor, start)| match anchor {
                    Anchor::Base64(place) => (start - place) % 4 == 0,
                    _ => false,
                });
                assert!(aligned, "{before}: {text} {found:?}");
            }
        }
    }
}
