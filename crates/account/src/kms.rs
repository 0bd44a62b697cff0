//! KMS: keys, their aliases, policies and grants, and what is made with them.
//!
//! Source: KMS API Reference; KMS Developer Guide, "Key policies", "Key states of KMS keys",
//! "Encryption context", "Rotate KMS keys", "Asymmetric keys in KMS" and "Grants in KMS". Only
//! `material` and `pair` read a key's material. There is no imported material, there are no custom
//! key stores and no keys of several regions: what asks for one is refused.

mod aliases;
mod context;
mod crypto;
mod data_key_pairs;
mod data_keys;
mod faults;
mod fidelity;
mod grants;
mod keys;
mod lookup;
mod macs;
mod material;
mod pages;
mod pair;
mod policies;
mod rotation;
mod service;
mod signing;
mod states;
mod tags;

pub(crate) use self::fidelity::FIDELITY;
use crate::operation::Row;

pub(crate) use grants::covers;
pub(crate) use service::{
    Use, asked, check, find, named, named_from, newest, open, protect, seal, sealed_by,
};

pub(crate) static ROWS: &[&[Row]] = &[
    keys::ROWS,
    states::ROWS,
    policies::ROWS,
    aliases::ROWS,
    tags::ROWS,
    rotation::ROWS,
    crypto::ROWS,
    data_keys::ROWS,
    data_key_pairs::ROWS,
    macs::ROWS,
    signing::ROWS,
    grants::ROWS,
];

#[cfg(test)]
mod tests;
