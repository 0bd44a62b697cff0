//! What is in a bucket: objects by name, versions, uploads under way.
//!
//! Source: S3 API Reference, "ListObjects", "ListObjectsV2", "ListObjectVersions"; S3 User Guide,
//! "Organizing objects using prefixes".

use std::sync::Arc;

use jiff::Timestamp;
use protocol::Fault;

use super::call::{Call, Row};
use super::faults::invalid_argument;
use super::input::{Answer, List, Listed};
use super::lifecycle;
use super::needs::on_bucket;
use super::settled;
use crate::entity::{S3Object, version_of};
use crate::gate::{Need, keys};
use crate::state::HeldBucket;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "ListObjects",
        event: "ListObjects",
        is_data: true,
        needs: |t, c| listing("s3:ListBucket", t, c),
        run: list,
    },
    Row {
        operation: "ListObjectsV2",
        event: "ListObjects",
        is_data: true,
        needs: |t, c| listing("s3:ListBucket", t, c),
        run: list,
    },
    Row {
        operation: "ListObjectVersions",
        event: "ListObjectVersions",
        is_data: true,
        needs: |t, c| listing("s3:ListBucketVersions", t, c),
        run: versions,
    },
];

pub(super) fn listing(
    action: &'static str,
    transaction: &Transaction,
    call: &Call,
) -> Result<Vec<Need>, Fault> {
    let list = &call.input.list;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let max = list.max_asked.map(|max| max.to_string());
    let need = on_bucket(action, transaction, call)?
        .with(&keys::S3_PREFIX, list.prefix.as_str())
        .with_some(&keys::S3_DELIMITER, some(&list.delimiter))
        .with_some(&keys::S3_MAX_KEYS, max);
    Ok(vec![need])
}

/// Where a walk over a bucket stands.
struct Walk<'a> {
    held: &'a HeldBucket,
    now: Timestamp,
    list: &'a List,
    listed: Listed,
    // What is left of the name that it is at.
    left: Vec<Arc<S3Object>>,
    // The next name that may be one, and the version of it before which it goes on.
    from: String,
    before: Option<u64>,
    // What the last thing on the page was called.
    last: Option<(String, Option<String>)>,
}

impl<'a> Walk<'a> {
    fn new(held: &'a HeldBucket, list: &'a List, now: Timestamp) -> Self {
        let start = match &list.after {
            Some(after) if *after >= list.prefix => format!("{after}\0"),
            _ => list.prefix.clone(),
        };
        Self {
            held,
            now,
            list,
            listed: Listed::default(),
            left: Vec::new(),
            from: start,
            before: None,
            last: None,
        }
    }

    fn is_full(&self) -> bool {
        self.listed.objects.len() + self.listed.prefixes.len() >= self.list.max
    }

    /// The next version whose name begins as it should, and whether it is the newest.
    fn next(&mut self, with_versions: bool) -> Option<(Arc<S3Object>, bool)> {
        if with_versions && !self.held.bucket.lifecycle.is_empty() {
            return self.next_left();
        }
        let next = self.held.versions_from(&self.from, self.before).next()?;
        if !next.key.starts_with(&self.list.prefix) {
            return None;
        }
        let newest = self.held.newest(&next.key);
        let is_latest = newest.is_some_and(|newest| newest.sequence == next.sequence);
        Some((Arc::clone(next), is_latest))
    }

    /// The same of what rules have left, which is made for each name once.
    fn next_left(&mut self) -> Option<(Arc<S3Object>, bool)> {
        loop {
            let stored = self.held.versions_from(&self.from, None).next()?;
            let key = &stored.key;
            if !key.starts_with(&self.list.prefix) {
                return None;
            }
            if self.left.first().is_none_or(|left| left.key != *key) {
                self.left = settled::versions(self.held, key, self.now);
            }
            let before = self.before.filter(|_| **key == *self.from);
            let is_before = |left: &Arc<S3Object>| before.is_some_and(|it| left.sequence >= it);
            let at = self.left.partition_point(is_before);
            if let Some(left) = self.left.get(at) {
                return Some((Arc::clone(left), at == 0));
            }
            self.from = format!("{key}\0");
            self.before = None;
        }
    }

    /// What a name is cut to, if it is.
    fn cut(&self, name: &str) -> Option<String> {
        let delimiter = self.list.delimiter.as_str();
        if delimiter.is_empty() {
            return None;
        }
        let rest = name.get(self.list.prefix.len()..)?;
        let end = self.list.prefix.len() + rest.find(delimiter)? + delimiter.len();
        name.get(..end).map(str::to_owned)
    }

    /// Goes on behind all names with a beginning.
    fn skip(&mut self, beginning: &str) -> bool {
        self.before = None;
        match successor(beginning) {
            Some(next) => {
                self.from = next;
                true
            }
            None => false,
        }
    }

    /// Ends with what the next page begins after, if there is anything.
    fn end(mut self, is_truncated: bool) -> Listed {
        self.listed.next = self.last.filter(|_| is_truncated);
        self.listed
    }

    /// Walks to the end of the page.
    fn run(mut self, with_versions: bool) -> Listed {
        if self.list.max == 0 {
            return self.end(false);
        }
        while let Some((object, is_latest)) = self.next(with_versions) {
            // Without versions, what is behind a marker is not there, and neither what is over.
            let is_shown = with_versions
                || (object.content.is_some()
                    && !lifecycle::is_over(&self.held.bucket, &object, self.now));
            if let Some(cut) = self.cut(&object.key).filter(|_| is_shown) {
                // The page before may have ended with it.
                if self.list.after.as_deref() != Some(cut.as_str()) {
                    if self.is_full() {
                        return self.end(true);
                    }
                    self.last = Some((cut.clone(), None));
                    self.listed.prefixes.push(cut.clone());
                }
                if !self.skip(&cut) {
                    break;
                }
                continue;
            }
            if is_shown {
                if self.is_full() {
                    return self.end(true);
                }
                self.last = Some((object.key.to_string(), Some(object.version_id())));
                self.listed.objects.push((Arc::clone(&object), is_latest));
            }
            self.pass(&object, with_versions);
        }
        self.end(false)
    }

    fn pass(&mut self, object: &S3Object, with_versions: bool) {
        if with_versions {
            self.from = object.key.to_string();
            self.before = Some(object.sequence);
        } else {
            self.from = format!("{}\0", object.key);
            self.before = None;
        }
    }
}

/// The first text behind all that begin so.
fn successor(beginning: &str) -> Option<String> {
    let mut text = beginning.to_owned();
    while let Some(last) = text.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

fn list(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let held = call.bucket(transaction)?;
    let walk = Walk::new(held, &call.input.list, transaction.now);
    Ok(Answer::Listed(walk.run(false)))
}

fn versions(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let held = call.bucket(transaction)?;
    let list = &call.input.list;
    let mut walk = Walk::new(held, list, transaction.now);
    if let (Some(after), Some(version)) = (&list.after, &list.after_version) {
        let invalid = || invalid_argument("Invalid version id specified");
        let version = version_of(version).ok_or_else(invalid)?;
        // A version that is gone meanwhile: the page begins behind its name.
        if let Some(object) = settled::version(held, after, version, transaction.now) {
            walk.from.clone_from(after);
            walk.before = Some(object.sequence);
        }
    }
    Ok(Answer::Listed(walk.run(true)))
}

#[cfg(test)]
mod tests {
    use super::successor;

    #[test]
    fn behind_all_that_begin_so() {
        assert_eq!(successor("a/").as_deref(), Some("a0"));
        assert_eq!(successor("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(successor("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(successor("\u{10ffff}"), None);
        assert_eq!(successor(""), None);
    }
}
