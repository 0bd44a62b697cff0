//! Formulas and their atoms as sentences, on one line. Knows no terminal: who lays them out takes
//! the tree itself, and the sentences of its atoms.
//!
//! A value in which anything stands but letters, digits and what ARNs are made of is written
//! within quotes, with escapes, so that no value can look like a part of the sentence.

use std::fmt;

use super::atom::{Atom, CallerTest, ConditionTest, ResourceTest, Test};
use super::formula::Formula;

/// `... and ...`, `... or ...`, with parentheses around lists in lists. No condition at all is
/// `always`, and what nothing fulfils `never`.
impl fmt::Display for Formula<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (list, word) = match self {
            Formula::Atom(atom) => return atom.fmt(f),
            _ if self.is_yes() => return f.write_str("always"),
            _ if self.is_no() => return f.write_str("never"),
            Formula::All(list) => (list, " and "),
            Formula::Any(list) => (list, " or "),
        };
        for (index, formula) in list.iter().enumerate() {
            if index > 0 {
                f.write_str(word)?;
            }
            match formula {
                Formula::Atom(atom) => atom.fmt(f)?,
                inner => write!(f, "({inner})")?,
            }
        }
        Ok(())
    }
}

/// The sentence, and in parentheses the operator and the statement. What must not be so stands in
/// `not (...)`.
impl fmt::Display for Atom<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_str("not (")?;
        }
        write!(f, "{} (", self.test)?;
        if let Test::Condition(test) = &self.test {
            write!(f, "{}, ", test.operator())?;
        }
        write!(f, "{})", self.statement)?;
        if self.negated {
            f.write_str(")")?;
        }
        Ok(())
    }
}

/// The sentence alone, without negation, operator and statement.
impl fmt::Display for Test<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Test::Condition(test) => test.fmt(f),
            Test::Resource(test) => test.fmt(f),
            Test::Session { arn } => write!(f, "the session is {}", Quoted(arn)),
            Test::Caller(test) => test.fmt(f),
        }
    }
}

/// Of the form `aws:SourceVpc is one of vpc-1, vpc-2`.
impl fmt::Display for ConditionTest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (set, rest) = match self.operator().split_once(':') {
            Some((set, rest)) => (Some(set), rest),
            None => (None, self.operator()),
        };
        let name = rest.strip_suffix("IfExists");
        let key = Quoted(self.key());
        match (set, name) {
            (Some("ForAllValues"), _) => write!(f, "every value of {key}")?,
            (Some(_), None) => write!(f, "some value of {key}")?,
            (Some(_), Some(_)) => write!(f, "some value of {key}, if it is present,")?,
            (None, None) => write!(f, "{key}")?,
            (None, Some(_)) => write!(f, "{key}, if it is present,")?,
        }
        let name = name.unwrap_or(rest);
        if name == "Null" {
            let mut states = self.values();
            let absent = states.any(|value| value.eq_ignore_ascii_case("true"));
            return f.write_str(if absent { " is absent" } else { " is present" });
        }
        let several = self.values().len() > 1;
        write!(f, " {}", phrase(name, several))?;
        for (index, value) in self.values().enumerate() {
            let separator = if index == 0 { " " } else { ", " };
            write!(f, "{separator}{}", Quoted(value))?;
        }
        Ok(())
    }
}

/// What stands between a key and its values. A negated operator has to differ from all of them.
fn phrase(operator: &str, several: bool) -> &'static str {
    let (one, of_several) = match operator {
        "StringEquals" | "NumericEquals" | "DateEquals" | "Bool" | "BinaryEquals" => {
            ("is", "is one of")
        }
        "StringNotEquals" | "NumericNotEquals" | "DateNotEquals" => ("is not", "is none of"),
        "StringEqualsIgnoreCase" => ("is, in any case,", "is, in any case, one of"),
        "StringNotEqualsIgnoreCase" => ("is not, in any case,", "is, in any case, none of"),
        "StringLike" | "ArnEquals" | "ArnLike" => ("is like", "is like one of"),
        "StringNotLike" | "ArnNotEquals" | "ArnNotLike" => ("is not like", "is like none of"),
        "NumericLessThan" => ("is less than", "is less than one of"),
        "NumericLessThanEquals" => ("is at most", "is at most one of"),
        "NumericGreaterThan" => ("is more than", "is more than one of"),
        "NumericGreaterThanEquals" => ("is at least", "is at least one of"),
        "DateLessThan" => ("is before", "is before one of"),
        "DateLessThanEquals" => ("is not after", "is not after one of"),
        "DateGreaterThan" => ("is after", "is after one of"),
        "DateGreaterThanEquals" => ("is not before", "is not before one of"),
        "IpAddress" => ("is in", "is in one of"),
        "NotIpAddress" => ("is not in", "is in none of"),
        _ => ("is compared with", "is compared with each of"),
    };
    if several { of_several } else { one }
}

impl fmt::Display for ResourceTest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the resource fits {}", Quoted(self.written()))
    }
}

impl fmt::Display for CallerTest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_not_principal() {
            "the caller is not spared by"
        } else {
            "the caller is named by"
        })?;
        for (index, name) in self.names().enumerate() {
            let separator = if index == 0 { " " } else { ", " };
            write!(f, "{separator}{}", Quoted(name))?;
        }
        Ok(())
    }
}

/// A text as it is where it is plain, and within quotes otherwise.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Quoted(text) = self;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/*?@+=${}".contains(c);
        if !text.is_empty() && text.chars().all(plain) {
            f.write_str(text)
        } else {
            write!(f, "{text:?}")
        }
    }
}
