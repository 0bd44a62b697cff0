//! What every record hashes to, in memory: for engines that do not tell what a commit replaces.
//!
//! It knows no record's content. 32 bytes and its key are held of each.

use std::collections::HashMap;

use super::engine::Sealed;
use super::seal::Digest;

/// The hashes of all records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Digests(HashMap<Box<str>, Digest>);

impl Digests {
    pub(super) fn get(&self, key: &str) -> Option<&Digest> {
        self.0.get(key)
    }

    /// What a record hashes to from now on; `None` where it is gone.
    pub(super) fn set(&mut self, key: String, digest: Option<Digest>) {
        match digest {
            Some(digest) => drop(self.0.insert(key.into(), digest)),
            None => drop(self.0.remove(key.as_str())),
        }
    }
}

/// The last step of each record, where the record is first named: what stands in something else
/// comes after it then too.
pub(super) fn last_of_each(sealed: &[Sealed]) -> Vec<(&str, Option<&[u8]>)> {
    let mut places = HashMap::with_capacity(sealed.len());
    let mut last: Vec<(&str, Option<&[u8]>)> = Vec::with_capacity(sealed.len());
    for (key, bytes) in sealed {
        let at = *places.entry(key.as_str()).or_insert(last.len());
        match last.get_mut(at) {
            Some(earlier) => earlier.1 = bytes.as_deref(),
            None => last.push((key, bytes.as_deref())),
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_steps_of_a_record_the_last_counts() {
        let step = |key: &str, byte: Option<u8>| (key.to_owned(), byte.map(|byte| vec![byte]));
        let steps = [step("a", Some(1)), step("b", Some(2)), step("a", None)];
        let last: [(&str, Option<&[u8]>); 2] = [("a", None), ("b", Some(&[2]))];
        assert_eq!(last_of_each(&steps), last);
        assert_eq!(last_of_each(&[]), []);
    }
}
