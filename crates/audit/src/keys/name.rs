//! Names that values are given in files: which of them say that a secret access key follows, and
//! how a name before a value is found whatever the file's syntax.

/// The name that a part of one at `start..end` belongs to.
pub(super) fn around(bytes: &[u8], start: usize, end: usize) -> Option<(&str, usize)> {
    let head = bytes.get(start.saturating_sub(NAME_BYTES_MAX)..start)?;
    let before = head.iter().rev().take_while(|it| is_name(**it)).count();
    let tail = bytes.get(end..bytes.len().min(end + NAME_BYTES_MAX))?;
    let after = tail.iter().take_while(|it| is_name(**it)).count();
    let name = bytes.get(start - before..end + after)?;
    Some((str::from_utf8(name).ok()?, end + after))
}

/// The name that a value at `start` is given, if one stands before it in the same line.
pub(super) fn before(bytes: &[u8], start: usize) -> Option<&str> {
    let head = bytes.get(start.saturating_sub(NAME_BYTES_MAX + GLUE_BYTES_MAX)..start)?;
    let is_glue = |it: u8| matches!(it, b' ' | b'\t' | b'=' | b':' | b'"' | b'\'' | b'>' | b',');
    let glue = head.iter().rev().take_while(|it| is_glue(**it)).count();
    let head = head.get(..head.len() - glue).filter(|_| glue > 0)?;
    let name = head.iter().rev().take_while(|it| is_name(**it)).count();
    let name = head.get(head.len() - name..)?;
    let is_word = name.first().is_some_and(u8::is_ascii_alphabetic) && name.len() > 1;
    str::from_utf8(name)
        .ok()
        .filter(|_| is_word && !may_be_a_value(name))
}

/// Whether a value of this name is a secret access key of AWS, and not a secret of another kind.
pub(super) fn is_secret_access_key(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    // The service is no secret of its own.
    let plain = plain.to_ascii_lowercase().replace("secretsmanager", "");
    let is_of_aws = || OF_AWS.iter().any(|word| plain.contains(word));
    plain.contains("secretaccesskey") || plain.contains("secret") && is_of_aws()
}

/// Whether what stands in the place of a name may be a secret: long, with digits, and not of words.
fn may_be_a_value(name: &[u8]) -> bool {
    let mut words = name.split(|it| !it.is_ascii_alphanumeric());
    words.any(|word| word.len() >= VALUE_BYTES_MIN && word.iter().any(u8::is_ascii_digit))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

// Of forty random characters, runs between slashes are this long.
const VALUE_BYTES_MIN: usize = 12;
const NAME_BYTES_MAX: usize = 64;
const GLUE_BYTES_MAX: usize = 16;
const OF_AWS: [&str; 8] = [
    "aws", "amazon", "s3", "ec2", "dynamo", "sqs", "kinesis", "route53",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_their_values_are() {
        for name in [
            "aws_secret_access_key",
            "AWS_SECRET_ACCESS_KEY",
            "secretAccessKey",
            "SecretAccessKey",
            "secret-access-key",
            "fs.s3a.secret.key",
            "AMAZON_SECRET",
            "TF_VAR_aws_secret_key",
        ] {
            assert!(is_secret_access_key(name), "{name}");
        }
        for name in [
            "SECRET_KEY",
            "client_secret",
            "secret",
            "django-secret-key",
            "aws_sdk_secretsmanager",
        ] {
            assert!(!is_secret_access_key(name), "{name}");
        }
    }

    #[test]
    fn the_name_before_a_value_is_found_in_any_syntax() {
        for (text, name) in [
            ("aws_access_key_id = V", Some("aws_access_key_id")),
            ("\"accessKeyId\": \"V", Some("accessKeyId")),
            ("'key' => 'V", Some("key")),
            ("<AccessKeyId>V", Some("AccessKeyId")),
            ("define('AWS_KEY', 'V", Some("AWS_KEY")),
            ("V", None),
            ("a comment\nV", None),
            ("= V", None),
            (concat!("q8Zr3Lk0", "VnT5yXwB1mHj", "PdEoAc9:V"), None),
        ] {
            let start = text.len() - 1;
            assert_eq!(before(text.as_bytes(), start), name, "{text}");
        }
    }
}
