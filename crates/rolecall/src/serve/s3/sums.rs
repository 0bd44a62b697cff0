//! Checksums of objects: which is asked for, made as the bytes come, and compared.
//!
//! Source: S3 User Guide, "Checking object integrity in Amazon S3".

use account::entity::{Checksum, ChecksumAlgorithm};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc_fast::{CrcAlgorithm, checksum_combine};
use fast_md5::Md5;
use http::HeaderMap;
use s3s::S3Result;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Sha1, Sha256};

use super::convert::{error, invalid, text};

/// What a request says of its bytes.
#[derive(Debug, Clone)]
pub(super) struct Announced {
    algorithm: ChecksumAlgorithm,
    // Known before the body, or in its trailer.
    value: Option<String>,
    in_trailer: bool,
    md5: Option<Vec<u8>>,
    is_tagged_by_md5: bool,
}

/// Sums that grow with the bytes.
pub(super) struct Summing {
    md5: Option<Md5>,
    algorithm: ChecksumAlgorithm,
    hasher: ChecksumHasher,
}

/// What came of all bytes.
#[derive(Debug, Clone)]
pub(super) struct Summed {
    /// MD5, which takes longer than all else together, and is made where it is wanted.
    md5: Option<[u8; MD5_BYTES]>,
    pub(super) checksum: Checksum,
}

impl Announced {
    /// Reads a head. Where it says nothing, CRC-64/NVME is counted, or the upload's algorithm.
    pub(super) fn read(headers: &HeaderMap, usual: Option<ChecksumAlgorithm>) -> S3Result<Self> {
        let mut found = None;
        for algorithm in ALL {
            if let Some(value) = text(headers, &header(algorithm)) {
                if found.is_some() {
                    let why = "Expecting a single x-amz-checksum- header. Multiple checksum Types \
                               are not allowed.";
                    return Err(invalid("InvalidRequest", why));
                }
                check_form(algorithm, value)?;
                found = Some((algorithm, value.to_owned()));
            }
        }
        let trailer = text(headers, "x-amz-trailer").map(str::to_ascii_lowercase);
        let in_trailer = trailer.as_deref().and_then(|trailer| {
            ALL.into_iter()
                .find(|algorithm| trailer.contains(&header(*algorithm)))
        });
        let named = text(headers, "x-amz-sdk-checksum-algorithm");
        let named = named.map(|name| {
            let known = ChecksumAlgorithm::parse(&name.to_ascii_uppercase());
            known.ok_or_else(|| {
                invalid(
                    "InvalidRequest",
                    "Value for x-amz-sdk-checksum-algorithm header is invalid.",
                )
            })
        });
        let named = named.transpose()?;
        let own = found
            .as_ref()
            .map(|(algorithm, _)| *algorithm)
            .or(in_trailer);
        let algorithm = own
            .or(named)
            .or(usual)
            .unwrap_or(ChecksumAlgorithm::Crc64Nvme);
        let md5 = text(headers, "content-md5").map(|sum| {
            let sum = STANDARD
                .decode(sum)
                .ok()
                .filter(|sum| sum.len() == MD5_BYTES);
            sum.ok_or_else(|| {
                invalid(
                    "InvalidDigest",
                    "The Content-MD5 you specified was invalid.",
                )
            })
        });
        Ok(Self {
            algorithm,
            value: found.map(|(_, value)| value),
            in_trailer: in_trailer.is_some(),
            md5: md5.transpose()?,
            is_tagged_by_md5: true,
        })
    }

    /// Whether the entity tag is to be the MD5 of the bytes. With keys of KMS or the caller's it
    /// is any value.
    pub(super) fn tagged_by_md5(self, is_tagged_by_md5: bool) -> Self {
        Self {
            is_tagged_by_md5,
            ..self
        }
    }

    /// The entity tag; `random` where it is no MD5.
    pub(super) fn entity_tag(&self, summed: &Summed, random: [u8; MD5_BYTES]) -> String {
        let md5 = summed.md5.filter(|_| self.is_tagged_by_md5);
        hex(&md5.unwrap_or(random))
    }

    /// Of bytes that nobody announced.
    pub(super) fn of(algorithm: ChecksumAlgorithm) -> Self {
        Self {
            algorithm,
            value: None,
            in_trailer: false,
            md5: None,
            is_tagged_by_md5: true,
        }
    }

    pub(super) fn begin(&self) -> Summing {
        let mut hasher = ChecksumHasher::default();
        match self.algorithm {
            ChecksumAlgorithm::Crc32 => hasher.crc32 = Some(Crc32::new()),
            ChecksumAlgorithm::Crc32c => hasher.crc32c = Some(Crc32c::new()),
            ChecksumAlgorithm::Crc64Nvme => hasher.crc64nvme = Some(Crc64Nvme::new()),
            ChecksumAlgorithm::Sha1 => hasher.sha1 = Some(Sha1::new()),
            ChecksumAlgorithm::Sha256 => hasher.sha256 = Some(Sha256::new()),
        }
        let is_md5_wanted = self.is_tagged_by_md5 || self.md5.is_some();
        Summing {
            md5: is_md5_wanted.then(Md5::new),
            algorithm: self.algorithm,
            hasher,
        }
    }

    /// Compares what came with what was announced; `trailer` is what followed the bytes.
    pub(super) fn check(&self, summed: &Summed, trailer: Option<&HeaderMap>) -> S3Result<()> {
        let in_trailer = trailer.and_then(|trailer| text(trailer, &header(self.algorithm)));
        let asked = self.value.as_deref().or(in_trailer);
        if self.in_trailer && asked.is_none() {
            let why = "The trailer does not have the checksum that was announced.";
            return Err(invalid("MalformedTrailerError", why));
        }
        let name = self.algorithm.as_str();
        if asked.is_some_and(|asked| asked != summed.checksum.value) {
            let why = format!("The {name} you specified did not match the calculated checksum.");
            return Err(invalid("BadDigest", why));
        }
        let md5 = summed.md5.as_ref().map(<[u8; MD5_BYTES]>::as_slice);
        if self.md5.is_some() && self.md5.as_deref() != md5 {
            let why = "The Content-MD5 you specified did not match what we received.";
            return Err(invalid("BadDigest", why));
        }
        Ok(())
    }
}

impl Summing {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        }
        self.hasher.update(bytes);
    }

    pub(super) fn finish(self) -> Summed {
        let sums = self.hasher.finalize();
        let value = sums
            .checksum_crc32
            .or(sums.checksum_crc32c)
            .or(sums.checksum_crc64nvme)
            .or(sums.checksum_sha1)
            .or(sums.checksum_sha256);
        Summed {
            md5: self.md5.map(Md5::finalize),
            checksum: Checksum {
                algorithm: self.algorithm,
                value: value.unwrap_or_default(),
                composite: false,
            },
        }
    }
}

/// The entity tag of an upload: of its parts' own, and how many they are.
pub(super) fn etag_of_parts<'p>(etags: impl ExactSizeIterator<Item = &'p str>) -> String {
    let count = etags.len();
    let mut all = Md5::new();
    for etag in etags {
        all.update(&bytes_of(etag));
    }
    format!("{}-{count}", hex(&all.finalize()))
}

/// The checksum of an upload's parts' own checksums.
pub(super) fn composite<'p>(
    algorithm: ChecksumAlgorithm,
    sums: impl ExactSizeIterator<Item = &'p str>,
) -> Checksum {
    let count = sums.len();
    let mut all = Announced::of(algorithm).begin();
    for sum in sums {
        all.update(&STANDARD.decode(sum).unwrap_or_default());
    }
    let whole = all.finish().checksum;
    Checksum {
        value: format!("{}-{count}", whole.value),
        composite: true,
        ..whole
    }
}

/// The checksum of all bytes, made of the parts' own and their sizes; of hashes there is none.
pub(super) fn combined<'p>(
    algorithm: ChecksumAlgorithm,
    parts: impl Iterator<Item = (&'p str, u64)>,
) -> Option<Checksum> {
    let (of, width) = match algorithm {
        ChecksumAlgorithm::Crc32 => (CrcAlgorithm::Crc32IsoHdlc, 4),
        ChecksumAlgorithm::Crc32c => (CrcAlgorithm::Crc32Iscsi, 4),
        ChecksumAlgorithm::Crc64Nvme => (CrcAlgorithm::Crc64Nvme, 8),
        ChecksumAlgorithm::Sha1 | ChecksumAlgorithm::Sha256 => return None,
    };
    let mut whole = None;
    for (sum, size) in parts {
        let sum = STANDARD.decode(sum).ok()?;
        let sum = sum
            .iter()
            .fold(0, |sum: u64, byte| (sum << 8) | u64::from(*byte));
        whole = Some(match whole {
            None => sum,
            Some(before) => checksum_combine(of, before, sum, size),
        });
    }
    let bytes = whole?.to_be_bytes();
    Some(Checksum {
        algorithm,
        value: STANDARD.encode(bytes.get(bytes.len() - width..)?),
        composite: false,
    })
}

/// Refuses a sum that no bytes can have.
fn check_form(algorithm: ChecksumAlgorithm, value: &str) -> S3Result<()> {
    let bytes = match algorithm {
        ChecksumAlgorithm::Crc32 | ChecksumAlgorithm::Crc32c => 4,
        ChecksumAlgorithm::Crc64Nvme => 8,
        ChecksumAlgorithm::Sha1 => 20,
        ChecksumAlgorithm::Sha256 => 32,
    };
    if STANDARD.decode(value).is_ok_and(|sum| sum.len() == bytes) {
        return Ok(());
    }
    let header = header(algorithm);
    let why = format!("Value for {header} header is invalid.");
    Err(error(protocol::Fault::new("InvalidRequest", why)))
}

fn header(algorithm: ChecksumAlgorithm) -> String {
    format!("x-amz-checksum-{}", algorithm.as_str().to_ascii_lowercase())
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks_exact(2);
    let byte = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    };
    digits.filter_map(byte).collect()
}

const ALL: [ChecksumAlgorithm; 5] = [
    ChecksumAlgorithm::Crc32,
    ChecksumAlgorithm::Crc32c,
    ChecksumAlgorithm::Crc64Nvme,
    ChecksumAlgorithm::Sha1,
    ChecksumAlgorithm::Sha256,
];
const MD5_BYTES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn summed(pieces: &[&[u8]], announced: &Announced) -> Summed {
        let mut summing = announced.begin();
        for piece in pieces {
            summing.update(piece);
        }
        summing.finish()
    }

    #[test]
    fn the_entity_tag_is_the_md5_of_the_bytes_however_they_come() {
        let announced = Announced::of(ChecksumAlgorithm::Crc64Nvme);
        let tag = |pieces: &[&[u8]]| announced.entity_tag(&summed(pieces, &announced), [0; 16]);
        // RFC 1321, A.5.
        assert_eq!(tag(&[]), "d41d8cd98f00b204e9800998ecf8427e");
        let text =
            b"12345678901234567890123456789012345678901234567890123456789012345678901234567890";
        for at in 0..text.len() {
            let (one, two) = text.split_at(at);
            assert_eq!(tag(&[one, two]), "57edf4a22be3c955ac49da2e2107b67a");
        }
    }

    #[test]
    fn where_the_tag_is_no_md5_one_is_made_for_who_announced_it_alone() {
        let headers = |md5: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(md5) = md5 {
                headers.insert("content-md5", md5.parse().unwrap());
            }
            headers
        };
        let read = |md5| Announced::read(&headers(md5), None).unwrap();
        let silent = read(None).tagged_by_md5(false);
        let of_text = summed(&[b"abc"], &silent);
        assert_eq!(of_text.md5, None);
        assert_eq!(silent.entity_tag(&of_text, [7; 16]), "07".repeat(16));
        assert!(silent.check(&of_text, None).is_ok());

        let right = read(Some("kAFQmDzST7DWlj99KOF/cg==")).tagged_by_md5(false);
        let of_text = summed(&[b"abc"], &right);
        assert_eq!(right.entity_tag(&of_text, [7; 16]), "07".repeat(16));
        assert!(right.check(&of_text, None).is_ok());
        assert!(right.check(&summed(&[b"abd"], &right), None).is_err());
    }
}
