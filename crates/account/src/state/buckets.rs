//! What a region holds of S3, held so that a name is found and a listing cut without a walk.

use std::cmp::Reverse;
use std::sync::Arc;

use imbl::OrdMap;
use policy::{Kind, Policy};

use super::StateError;
use super::held::compile;
use crate::entity::{Bucket, S3Object, Upload, UploadPart};
use crate::gate;

/// A bucket with its policy compiled, and what is in it.
#[derive(Debug, Clone)]
pub(crate) struct HeldBucket {
    pub(crate) bucket: Arc<Bucket>,
    pub(crate) policy: Option<Arc<Policy>>,
    /// Whether the policy lets in more than those it names.
    pub(crate) is_public: bool,
    // By name, and the newest version of each first.
    objects: OrdMap<Slot, Arc<S3Object>>,
    /// By id.
    pub(crate) uploads: OrdMap<String, HeldUpload>,
}

/// An upload with its parts.
#[derive(Debug, Clone)]
pub(crate) struct HeldUpload {
    pub(crate) upload: Arc<Upload>,
    pub(crate) parts: OrdMap<u16, Arc<UploadPart>>,
}

/// Where a version stands among all of a bucket. The name is shared with the object.
type Slot = (Arc<str>, Reverse<u64>);

impl HeldBucket {
    /// The bucket as it is now, with what the one before held.
    pub(super) fn new(bucket: Bucket, before: Option<&Self>) -> Result<Self, StateError> {
        let text = bucket.policy.as_deref();
        let policy = text.map(|text| compile("s3/bucket", &bucket.name, text, Kind::Resource));
        Ok(Self {
            policy: policy.transpose()?.map(Arc::new),
            is_public: text.is_some_and(|text| gate::public(text).is_some()),
            bucket: Arc::new(bucket),
            objects: before.map(|held| held.objects.clone()).unwrap_or_default(),
            uploads: before.map(|held| held.uploads.clone()).unwrap_or_default(),
        })
    }

    /// Versions from a name on, by name and the newest of each first. `before` skips those of the
    /// name that are as new as this sequence or newer.
    pub(crate) fn versions_from(
        &self,
        name: &str,
        before: Option<u64>,
    ) -> impl Iterator<Item = &Arc<S3Object>> {
        let newest = before.map_or(Some(u64::MAX), |sequence| sequence.checked_sub(1));
        // Nothing is older than the first: what follows is another name.
        let start: Slot = match newest {
            Some(newest) => (name.into(), Reverse(newest)),
            None => (format!("{name}\0").into(), Reverse(u64::MAX)),
        };
        self.objects.range(start..).map(|(_, object)| object)
    }

    /// Versions of one object, the newest first.
    pub(crate) fn versions(&self, key: &str) -> impl Iterator<Item = &Arc<S3Object>> {
        let versions = self.versions_from(key, None);
        versions.take_while(move |object| &*object.key == key)
    }

    /// The newest version of an object, which may be a delete marker.
    pub(crate) fn newest(&self, key: &str) -> Option<&Arc<S3Object>> {
        self.versions(key).next()
    }

    /// A version of an object.
    pub(crate) fn version(&self, key: &str, version: Option<u128>) -> Option<&Arc<S3Object>> {
        let mut versions = self.versions(key);
        versions.find(|object| object.version == version)
    }

    /// All versions of all objects.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Arc<S3Object>> {
        self.objects.values()
    }

    pub(super) fn put(&mut self, mut object: S3Object) {
        self.delete(&object.key, object.version);
        object.bucket = Arc::clone(&self.bucket.name);
        let slot = (Arc::clone(&object.key), Reverse(object.sequence));
        self.objects.insert(slot, Arc::new(object));
    }

    pub(super) fn delete(&mut self, key: &str, version: Option<u128>) {
        let found = self.version(key, version);
        let slot = found.map(|object| (Arc::clone(&object.key), Reverse(object.sequence)));
        if let Some(slot) = slot {
            self.objects.remove(&slot);
        }
    }
}
