//! The flat JSON documents of the metadata service, in EC2's own spacing.
//!
//! Knows no field. EC2 indents by two, puts a space on both sides of the colon and nothing behind
//! the last brace; clients compare signed documents byte by byte.

use bytes::Bytes;
use jiff::Timestamp;

use crate::json;

/// Writes a document: each name with its text, or with `null`.
///
/// The buffer has its exact size from the start and is wiped when the last copy of the [`Bytes`] is
/// dropped, so a secret key may be among the texts.
pub fn document(fields: &[(&str, Option<&str>)]) -> Bytes {
    let text = json::sized(|to| {
        to.raw(OPEN);
        for (place, (name, value)) in fields.iter().enumerate() {
            to.raw(INDENT);
            to.string(name);
            to.raw(COLON);
            match value {
                Some(text) => to.string(text),
                None => to.raw(NULL),
            }
            let last = place + 1 == fields.len();
            to.raw(if last { LAST } else { END });
        }
        to.raw(CLOSE);
    });
    Bytes::from_owner(text)
}

/// A moment as these documents write it, `2015-08-30T12:36:00Z`: UTC, no fraction. botocore
/// reads an expiration in no other form.
pub fn instant(moment: Timestamp) -> String {
    format!("{moment:.0}")
}

const OPEN: &[u8] = b"{\n";
const INDENT: &[u8] = b"  ";
const COLON: &[u8] = b" : ";
const NULL: &[u8] = b"null";
const END: &[u8] = b",\n";
const LAST: &[u8] = b"\n";
const CLOSE: &[u8] = b"}";

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_document_is_spaced_as_by_ec2() {
        let bytes = document(&[
            ("Code", Some("Success")),
            ("kernelId", None),
            ("a\"b", Some("\\")),
        ]);

        assert_eq!(
            bytes,
            "{\n  \"Code\" : \"Success\",\n  \"kernelId\" : null,\n  \"a\\\"b\" : \"\\\\\"\n}"
        );
        assert_eq!(document(&[]), "{\n}");
    }

    #[test]
    fn instants_have_seconds_and_no_more() {
        let moment: Timestamp = "2015-08-30T14:36:07.987654321+02:00".parse().unwrap();

        assert_eq!(instant(moment), "2015-08-30T12:36:07Z");
    }

    proptest! {
        #[test]
        fn documents_are_json(
            fields in proptest::collection::btree_map(
                ".{0,8}", proptest::option::of(".{0,8}"), 0..6,
            ),
        ) {
            let list: Vec<(&str, Option<&str>)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
            let read: std::collections::BTreeMap<String, Option<String>> =
                serde_json::from_slice(&document(&list)).unwrap();
            prop_assert_eq!(read, fields);
        }
    }
}
