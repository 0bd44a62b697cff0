//! GetRandomPassword: letters drawn from the call's own entropy, each as likely as any other.
//!
//! Source: Secrets Manager API Reference, "GetRandomPassword".

use protocol::{Fault, Record, Secret};
use zeroize::Zeroizing;

use super::faults::invalid_parameter;
use crate::entropy::Entropy;
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "GetRandomPassword",
    needs: |_, _, _| Ok(vec![Need::new("secretsmanager:GetRandomPassword", "*")]),
    run: password,
}];

fn password(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let length = input
        .integer("PasswordLength")
        .unwrap_or(LENGTH_DEFAULT)
        .try_into()
        .unwrap_or(usize::MAX);
    let excludes = |member| input.boolean(member).unwrap_or(false);
    let without = input.text("ExcludeCharacters").unwrap_or_default();
    let kinds = [
        (UPPERCASE, !excludes("ExcludeUppercase")),
        (LOWERCASE, !excludes("ExcludeLowercase")),
        (NUMBERS, !excludes("ExcludeNumbers")),
        (PUNCTUATION, !excludes("ExcludePunctuation")),
    ];
    let allowed = |kind: &str| -> Vec<u8> {
        let letters = kind.chars().filter(|letter| !without.contains(*letter));
        letters
            .filter_map(|letter| letter.try_into().ok())
            .collect()
    };
    let kinds: Vec<Vec<u8>> = kinds
        .iter()
        .filter(|(_, is_included)| *is_included)
        .map(|(kind, _)| allowed(kind))
        .filter(|letters| !letters.is_empty())
        .collect();
    let mut all = kinds.concat();
    if excludes("IncludeSpace") {
        all.extend(allowed(" "));
    }
    if all.is_empty() {
        return Err(invalid_parameter(
            "The password can't be generated, because every character is excluded.",
        ));
    }
    let entropy = &mut transaction.entropy;
    // A known length, so that no copy is left behind as it grows.
    let mut letters = Zeroizing::new(Vec::with_capacity(length));
    if input.boolean("RequireEachIncludedType").unwrap_or(true) {
        if kinds.len() > length {
            return Err(invalid_parameter(
                "The password length is too short for the required types.",
            ));
        }
        letters.extend(kinds.iter().filter_map(|kind| one_of(kind, entropy)));
    }
    while letters.len() < length {
        letters.extend(one_of(&all, entropy));
    }
    // The required ones stand anywhere.
    for at in (1..letters.len()).rev() {
        letters.swap(at, below(at + 1, entropy));
    }
    Ok(Record::new().with("RandomPassword", Secret::new(letters.as_slice())))
}

fn one_of(letters: &[u8], entropy: &mut Entropy) -> Option<u8> {
    letters.get(below(letters.len(), entropy)).copied()
}

/// A number below `bound`, each as likely as any other: what does not divide evenly is drawn again.
fn below(bound: usize, entropy: &mut Entropy) -> usize {
    let bound = u32::try_from(bound).unwrap_or(u32::MAX).max(1);
    let fair = u32::MAX - u32::MAX % bound;
    loop {
        let drawn = u32::from_be_bytes(entropy.bytes());
        if drawn < fair {
            return usize::try_from(drawn % bound).unwrap_or_default();
        }
    }
}

const LENGTH_DEFAULT: i64 = 32;
const UPPERCASE: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWERCASE: &str = "abcdefghijklmnopqrstuvwxyz";
const NUMBERS: &str = "0123456789";
const PUNCTUATION: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
