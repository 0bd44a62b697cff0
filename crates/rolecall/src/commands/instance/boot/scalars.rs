//! What a plain scalar of YAML is to cloud-init, which reads YAML 1.1: `0755` is a number there,
//! and `no` a truth value. In a command, Python's text of the value is what counts.
//!
//! Source: yaml.org, "YAML 1.1 types" as PyYAML resolves them.

/// A plain scalar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Plain {
    Text,
    Truth(bool),
    Integer(i64),
    Float(f64),
}

impl Plain {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
                return Self::Truth(true);
            }
            "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
                return Self::Truth(false);
            }
            _ => {}
        }
        if let Some(number) = integer(text) {
            return Self::Integer(number);
        }
        float(text).map_or(Self::Text, Self::Float)
    }

    /// As Python writes the value.
    pub(super) fn in_python(self, text: &str) -> String {
        match self {
            Self::Truth(true) => "True".to_owned(),
            Self::Truth(false) => "False".to_owned(),
            Self::Integer(number) => number.to_string(),
            Self::Float(number) => {
                // Its notation with an exponent is another.
                let written = format!("{number:?}");
                if written.contains('e') {
                    text.to_owned()
                } else {
                    written
                }
            }
            Self::Text => text.to_owned(),
        }
    }
}

fn integer(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, text.strip_prefix('-')?),
        b'+' => (false, text.strip_prefix('+')?),
        _ => (false, text),
    };
    let of_base = |digits: &str, base: u32| {
        let plain = digits.replace('_', "");
        let is_number = !plain.is_empty() && plain.chars().all(|c| c.is_digit(base));
        is_number
            .then(|| i64::from_str_radix(&plain, base).ok())
            .flatten()
    };
    let number = if let Some(digits) = digits.strip_prefix("0b") {
        of_base(digits, 2)
    } else if let Some(digits) = digits.strip_prefix("0x") {
        of_base(digits, 16)
    } else if digits == "0" {
        Some(0)
    } else if let Some(octal) = digits.strip_prefix('0') {
        of_base(octal, 8)
    } else if digits.starts_with('_') {
        None
    } else if digits.contains(':') {
        sexagesimal(digits)
    } else {
        of_base(digits, 10)
    }?;
    Some(if is_negative { -number } else { number })
}

/// `1:30` is 90.
fn sexagesimal(text: &str) -> Option<i64> {
    let mut places = text.split(':');
    let first = places.next()?;
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut sum: i64 = is_digits(first).then(|| first.parse().ok())??;
    for place in places {
        let is_place = is_digits(place) && place.len() <= 2;
        let number: i64 = is_place.then(|| place.parse().ok())??;
        if number > 59 {
            return None;
        }
        sum = sum.checked_mul(60)?.checked_add(number)?;
    }
    Some(sum)
}

/// A dot makes it one, and an exponent has a sign.
fn float(text: &str) -> Option<f64> {
    let digits = text.trim_start_matches(['-', '+']);
    let starts = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let has_dot = digits.contains('.') && digits.bytes().any(|byte| byte.is_ascii_digit());
    let exponent = digits.split_once(['e', 'E']).map(|(_, exponent)| exponent);
    let is_signed = exponent.is_none_or(|exponent| exponent.starts_with(['-', '+']));
    if text.len() - digits.len() > 1 || !starts || !has_dot || !is_signed {
        return None;
    }
    text.replace('_', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_as_pyyaml_has_them() {
        for (text, expect) in [
            ("0755", "493"),
            ("0o755", "0o755"),
            ("0x1F", "31"),
            ("0b101", "5"),
            ("-12", "-12"),
            ("+7", "7"),
            ("1_000", "1000"),
            ("1:30", "90"),
            ("1:60", "1:60"),
            ("089", "089"),
            ("1.10", "1.1"),
            ("1.", "1.0"),
            ("1e3", "1e3"),
            ("1.2.3", "1.2.3"),
            ("2026-11-21", "2026-11-21"),
            ("yes", "True"),
            ("Off", "False"),
            ("y", "y"),
            ("-", "-"),
            ("--", "--"),
            ("", ""),
            (".", "."),
            ("echo hello", "echo hello"),
        ] {
            assert_eq!(Plain::of(text).in_python(text), expect, "{text}");
        }
    }
}
