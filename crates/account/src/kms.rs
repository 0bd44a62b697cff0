//! KMS: symmetric and HMAC keys, their aliases and policies, and what is made with them.
//!
//! Source: KMS API Reference; KMS Developer Guide, "Key policies", "Key states of KMS keys",
//! "Encryption context" and "Rotate KMS keys". Only `material` reads a key's material. There are no
//! grants, no asymmetric keys, no imported material, no custom key stores and no keys of
//! several regions: what asks for one is refused.

mod aliases;
mod context;
mod crypto;
mod data_keys;
mod faults;
mod keys;
mod lookup;
mod macs;
mod material;
mod pages;
mod policies;
mod rotation;
mod service;
mod states;
mod tags;

use crate::operation::Row;

pub(crate) use service::{Use, asked, check, find, named, named_from, newest, protect};

pub(crate) static ROWS: &[&[Row]] = &[
    keys::ROWS,
    states::ROWS,
    policies::ROWS,
    aliases::ROWS,
    tags::ROWS,
    rotation::ROWS,
    crypto::ROWS,
    data_keys::ROWS,
    macs::ROWS,
];

#[cfg(test)]
mod tests;
