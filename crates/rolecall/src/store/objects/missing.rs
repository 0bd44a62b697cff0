//! Files of objects that records name and the folder does not have, or not whole: exports hold
//! records alone.

use std::path::{Path, PathBuf};

use account::entity::{Entity, Located, Segment};

use super::{CHUNK_BYTES, TAG_BYTES};

/// A file that is not there.
#[derive(Debug)]
pub(crate) struct Missing {
    /// Key of the record that names it.
    pub(crate) of: String,
    /// Below the data folder.
    pub(crate) file: PathBuf,
}

/// What is missing below a data folder.
pub(crate) fn missing(data: &Path, records: &[Located]) -> Vec<Missing> {
    let mut found = Vec::new();
    for record in records {
        let segments: &[Segment] = match &record.entity {
            Entity::S3Object(object) => {
                let content = object.content.as_ref();
                content.map_or(&[], |content| content.segments.as_slice())
            }
            Entity::UploadPart(part) => std::slice::from_ref(&part.segment),
            _ => &[],
        };
        for segment in segments {
            let file = super::name(segment.file);
            let held = std::fs::metadata(data.join(&file));
            if !held.is_ok_and(|held| held.len() == sealed(segment.size)) {
                let of = record.record_key();
                found.push(Missing { of, file });
            }
        }
    }
    found
}

/// How long a file with so many bytes is.
fn sealed(size: u64) -> u64 {
    size + size.div_ceil(CHUNK_BYTES as u64) * TAG_BYTES as u64
}
