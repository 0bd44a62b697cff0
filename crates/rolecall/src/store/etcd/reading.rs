//! Reading all keys below a prefix, page by page, one page ahead of whoever takes them in.
//!
//! Whatever the limit of a request, etcd walks its index from the request's first key to its last.
//! Asked each time for all that is left, it walks as often as there are pages. So a request names
//! an end that is near: what has one byte more in common with the last key than all of its page
//! had. Where nothing is left before that end, the next one is a byte further out.

use super::end_of;
use super::messages::{KeyValue, RangeRequest, RangeResponse};

/// Where the reading of a range is.
#[derive(Debug)]
pub(super) struct Reading {
    /// The first key that is not read yet.
    next: Vec<u8>,
    /// The first key after those that are asked for now.
    near: Vec<u8>,
    /// The first key after all.
    end: Vec<u8>,
    /// Bytes that all keys have in common.
    prefix: usize,
    /// Of the cluster.
    at: i64,
    limit: i64,
}

impl Reading {
    /// Of all keys that begin so, as of a revision.
    pub(super) fn below(prefix: &[u8], at: i64) -> Self {
        let end = end_of(prefix);
        Self {
            next: prefix.to_vec(),
            near: end.clone(),
            end,
            prefix: prefix.len(),
            at,
            limit: KEYS_FIRST,
        }
    }

    /// What is to be asked next.
    pub(super) fn request(&self) -> RangeRequest {
        RangeRequest {
            key: self.next.clone(),
            range_end: self.near.clone(),
            limit: self.limit,
            revision: self.at,
            ..RangeRequest::default()
        }
    }

    /// Goes on behind a page; tells whether there may be another one.
    pub(super) fn took(&mut self, page: &RangeResponse) -> bool {
        self.limit = limit_after(&page.kvs).unwrap_or(self.limit);
        match (page.kvs.first(), page.kvs.last()) {
            (Some(first), Some(last)) if page.more => {
                let common = first.key.iter().zip(&last.key);
                let common = common.take_while(|(one, other)| one == other).count();
                self.near = self.end_at(&last.key, common + 1);
                self.next = [&last.key[..], &[0]].concat();
                true
            }
            _ => {
                self.next.clone_from(&self.near);
                self.near = self.end_at(&self.next, self.next.len() - 1);
                self.next != self.end
            }
        }
    }

    /// The first key after those that have so many bytes in common with this one.
    fn end_at(&self, key: &[u8], bytes: usize) -> Vec<u8> {
        if bytes <= self.prefix {
            return self.end.clone();
        }
        let mut end = key.get(..bytes).unwrap_or(key).to_vec();
        while end.last() == Some(&u8::MAX) {
            end.pop();
        }
        if end.len() <= self.prefix {
            return self.end.clone();
        }
        end_of(&end)
    }
}

/// As many keys as are worth a round trip, if the next ones are as large as these.
fn limit_after(page: &[KeyValue]) -> Option<i64> {
    let bytes: usize = page.iter().map(|it| it.key.len() + it.value.len()).sum();
    let limit = (page.len() * PAGE_BYTES).checked_div(bytes)?;
    let limit = i64::try_from(limit).unwrap_or(KEYS_MAX);
    Some(limit.clamp(KEYS_MIN, KEYS_MAX))
}

// Of a page. An answer of records that are all as large as can be stays below what is taken.
const PAGE_BYTES: usize = 4 * 1_024 * 1_024;
const KEYS_FIRST: i64 = 256;
const KEYS_MIN: i64 = 64;
const KEYS_MAX: i64 = 2_048;

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Answers as etcd does; counts the keys that it walks over.
    fn answer(
        keys: &BTreeMap<Vec<u8>, usize>,
        asked: &RangeRequest,
        walked: &mut usize,
    ) -> RangeResponse {
        let found: Vec<_> = keys
            .range(asked.key.clone()..asked.range_end.clone())
            .collect();
        *walked += found.len();
        let limit = usize::try_from(asked.limit).unwrap();
        let kvs = found.iter().take(limit).map(|(key, bytes)| KeyValue {
            key: (*key).clone(),
            value: vec![0; **bytes],
            ..KeyValue::default()
        });
        RangeResponse {
            kvs: kvs.collect(),
            more: found.len() > limit,
            ..RangeResponse::default()
        }
    }

    fn read(keys: &BTreeMap<Vec<u8>, usize>) -> (Vec<Vec<u8>>, usize, usize) {
        let mut reading = Reading::below(b"p/", 7);
        let (mut found, mut walked, mut asked) = (Vec::new(), 0, 0);
        loop {
            let request = reading.request();
            assert_eq!(request.revision, 7);
            let page = answer(keys, &request, &mut walked);
            asked += 1;
            let is_more = reading.took(&page);
            found.extend(page.kvs.into_iter().map(|it| it.key));
            if !is_more {
                return (found, walked, asked);
            }
        }
    }

    #[test]
    fn each_key_comes_once_and_in_order() {
        let long = |number: usize| format!("p/some/long/way/{number}");
        let many: Vec<Vec<String>> = vec![
            Vec::new(),
            vec!["p/".to_owned()],
            (0..257).map(long).collect(),
            (0..5_000).map(long).collect(),
            (0..5_000)
                .map(|at| format!("p/{}", "a".repeat(at % 700)))
                .collect(),
            (0..3_000).map(|at| format!("p/{at}/\u{10ffff}")).collect(),
        ];
        for keys in many {
            let below = keys.into_iter().map(|key| (key.into_bytes(), 90_000));
            let mut keys: BTreeMap<_, _> = below.collect();
            let wanted: Vec<_> = keys.keys().cloned().collect();
            keys.insert(b"o".to_vec(), 1);
            keys.insert(b"p0".to_vec(), 1);
            keys.insert(b"p0/".to_vec(), 1);
            assert_eq!(read(&keys).0, wanted);
        }
        let bytes = (0..=u8::MAX).flat_map(|one| (0..=u8::MAX).map(move |other| (one, other)));
        let keys = bytes.map(|(one, other)| (vec![b'p', b'/', one, other], 20_000));
        let keys: BTreeMap<_, _> = keys.collect();
        assert_eq!(read(&keys).0.len(), 65_536);
    }

    #[test]
    fn what_etcd_walks_over_grows_as_what_is_there() {
        for number in [20_000, 100_000] {
            let names = [
                "p/account/role/",
                "p/account/secret/app/",
                "p/account/version/app/",
            ];
            let keys = names.iter().flat_map(|kind| {
                (0..number).map(move |at| (format!("{kind}{at}").into_bytes(), 600))
            });
            let keys: BTreeMap<_, _> = keys.collect();
            let (found, walked, asked) = read(&keys);
            assert_eq!(found.len(), keys.len());
            assert!(walked < 12 * keys.len(), "{walked} of {}", keys.len());
            assert!(
                asked < 200 + keys.len() / 1_000,
                "{asked} of {}",
                keys.len()
            );
        }
    }
}
