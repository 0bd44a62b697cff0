//! User data as the parts that cloud-init finds in them: unpacked, told apart by their type or by
//! what they begin with, and named.
//!
//! Runs nothing, and does not look into the parts.
//!
//! Source: cloud-init documentation, "User data formats"; its `user_data.py` and `handlers` for the
//! order of the looks. RFC 2045 and 2046 for MIME, RFC 1952 for gzip.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};
use protocol::Secret;

use crate::failure::Failure;

/// One part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) kind: Kind,
    /// As cloud-init names its file.
    pub(super) name: String,
    pub(super) content: Secret,
    /// Headers that say how the part is to be taken, and that are not looked at here.
    pub(super) ignored: Vec<&'static str>,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Script(When),
    /// Runs before anything else.
    Boothook,
    CloudConfig,
    /// The type, and what begins so where that told it.
    Other(String),
}

/// When a script has its turn, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    Once,
    EachBoot,
    Instance,
    User,
}

/// All parts in their order.
pub(super) fn parts(data: &Secret) -> Result<Vec<Part>, Failure> {
    let data = unpacked(data)?;
    let head = data.expose().get(..HEAD_BYTES).unwrap_or(data.expose());
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    if !head.contains("mime-version:") {
        let content_type = sniffed(data.expose()).unwrap_or("text/x-not-multipart");
        return Ok(vec![Part {
            kind: kind(content_type),
            name: "part-001".to_owned(),
            content: data,
            ignored: Vec::new(),
        }]);
    }
    let message = MessageParser::new().parse(data.expose());
    let message = message.ok_or_else(|| Failure::wrong("the user data are no MIME message"))?;
    let mut parts = Vec::new();
    gather(&message, &mut parts)?;
    if parts.is_empty() {
        return Err(Failure::wrong(
            "the user data are a MIME message without parts",
        ));
    }
    Ok(parts)
}

fn gather(message: &Message<'_>, parts: &mut Vec<Part>) -> Result<(), Failure> {
    for part in &message.parts {
        if parts.len() == PARTS_MAX {
            let message = format!("the user data have more than {PARTS_MAX} parts");
            return Err(Failure::wrong(message));
        }
        match &part.body {
            PartType::Multipart(_) => {}
            PartType::Message(inner) => gather(inner, parts)?,
            PartType::Text(text) | PartType::Html(text) => {
                parts.push(read(part, text.as_bytes(), parts.len() + 1)?);
            }
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                parts.push(read(part, bytes, parts.len() + 1)?);
            }
        }
    }
    Ok(())
}

fn read(part: &MessagePart<'_>, content: &[u8], number: usize) -> Result<Part, Failure> {
    let held = part.content_type().map(|held| {
        let subtype = held.subtype().unwrap_or("plain");
        format!("{}/{subtype}", held.ctype()).to_ascii_lowercase()
    });
    let mut content_type = held.unwrap_or_else(|| PLAIN.to_owned());
    let mut content = Secret::new(content);
    if GZIPPED.contains(&content_type.as_str()) {
        content = unpacked(&content)?;
        PLAIN.clone_into(&mut content_type);
    }
    // Scripts and documents are often sent under each other's type.
    if matches!(content_type.as_str(), PLAIN | "text/x-shellscript")
        && let Some(found) = sniffed(content.expose())
    {
        found.clone_into(&mut content_type);
    }
    let name = part.attachment_name().map(cleaned);
    let headers = ["Launch-Index", "Merge-Type", "X-Merge-Type"].into_iter();
    let is_there = |name: &&str| {
        let mut all = part.headers.iter();
        all.any(|header| header.name.as_str().eq_ignore_ascii_case(name))
    };
    Ok(Part {
        kind: kind(&content_type),
        name: name.unwrap_or_else(|| format!("part-{number:03}")),
        content,
        ignored: headers.filter(is_there).collect(),
    })
}

/// As they are where they are not gzipped.
pub(super) fn unpacked(data: &Secret) -> Result<Secret, Failure> {
    if !data.expose().starts_with(GZIP_MAGIC) {
        return Ok(data.clone());
    }
    let most = u64::try_from(UNPACKED_BYTES_MAX).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    MultiGzDecoder::new(data.expose())
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::wrong(format!("gzipped user data are damaged: {error}")))?;
    if bytes.len() > UNPACKED_BYTES_MAX {
        return Err(Failure::wrong(format!(
            "gzipped user data are larger than {UNPACKED_BYTES_MAX} bytes when unpacked"
        )));
    }
    Ok(Secret::new(bytes))
}

/// The type that a beginning stands for.
fn sniffed(content: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(content).ok()?.trim_start();
    let begins = |start: &str| {
        let head = text.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    let found = BEGINNINGS.iter().find(|(start, _)| begins(start))?;
    Some(found.1)
}

fn kind(content_type: &str) -> Kind {
    match content_type {
        "text/x-shellscript" => Kind::Script(When::User),
        "text/x-shellscript-per-once" => Kind::Script(When::Once),
        "text/x-shellscript-per-boot" => Kind::Script(When::EachBoot),
        "text/x-shellscript-per-instance" => Kind::Script(When::Instance),
        "text/cloud-boothook" => Kind::Boothook,
        "text/cloud-config" => Kind::CloudConfig,
        other => Kind::Other(other.to_owned()),
    }
}

/// A file's name without what could lead elsewhere.
fn cleaned(name: &str) -> String {
    let name = name.replace('/', "_");
    let is_allowed = |c: &char| c.is_ascii_alphanumeric() || "_-.()".contains(*c);
    name.chars().filter(is_allowed).collect()
}

/// Longer ones before those that they begin with.
const BEGINNINGS: [(&str, &str); 10] = [
    ("#cloud-config-archive", "text/cloud-config-archive"),
    ("#cloud-config-jsonp", "text/cloud-config-jsonp"),
    ("## template: jinja", "text/jinja2"),
    ("#cloud-boothook", "text/cloud-boothook"),
    ("#cloud-config", "text/cloud-config"),
    ("#part-handler", "text/part-handler"),
    ("#include-once", "text/x-include-once-url"),
    ("#include", "text/x-include-url"),
    ("#upstart-job", "text/upstart-job"),
    ("#!", "text/x-shellscript"),
];
const GZIPPED: [&str; 8] = [
    "application/gzip",
    "application/gzip-compressed",
    "application/gzipped",
    "application/x-compress",
    "application/x-compressed",
    "application/x-gunzip",
    "application/x-gzip",
    "application/x-gzip-compressed",
];
const PLAIN: &str = "text/plain";
const GZIP_MAGIC: &[u8] = b"\x1f\x8b";
// Where a message says that it is one.
const HEAD_BYTES: usize = 4_096;
// Bytes. EC2 takes 16 KiB of user data, which hold no more than this of text that people write.
const UNPACKED_BYTES_MAX: usize = 1_024 * 1_024;
const PARTS_MAX: usize = 100;

#[cfg(test)]
mod tests;
