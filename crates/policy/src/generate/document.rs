//! Needs as documents: statements, their order, and where one document ends. Knows nothing of
//! decisions.
//!
//! Source: IAM User Guide, "IAM and AWS STS quotas", characters of a managed policy.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::sid::Sids;
use super::{GenerateError, Needed, Needs, Resource};

/// The documents for `needs`, in a fixed order; none for none.
pub(super) fn write(needs: &Needs) -> Result<Vec<String>, GenerateError> {
    let mut groups: BTreeMap<&BTreeSet<Resource>, Vec<&Needed>> = BTreeMap::new();
    for needed in needs.values() {
        groups.entry(&needed.resources).or_default().push(needed);
    }
    let mut groups: Vec<(&BTreeSet<Resource>, Vec<&Needed>)> = groups.into_iter().collect();
    // By the first action: statements of one service stand together.
    groups.sort_by_key(|(_, needed)| needed.first().map(|it| &it.spelling));
    let mut sids = Sids::default();
    let mut documents = Documents::default();
    for (resources, needed) in groups {
        for statement in statements(&needed, resources, &mut sids)? {
            documents.push(&statement);
        }
    }
    Ok(documents.finish())
}

/// A statement as the parts of its text.
#[derive(Debug)]
struct Statement {
    sid: String,
    actions: Vec<String>,
    resources: Vec<String>,
}

impl Statement {
    /// Characters without the white space between elements. White space inside a string counts
    /// here, so a document is never longer than AWS says.
    fn characters(&self) -> usize {
        let list = |texts: &[String]| {
            let commas = texts.len().saturating_sub(1);
            let brackets = if texts.len() == 1 { 0 } else { 2 };
            texts.iter().map(String::len).sum::<usize>() + commas + brackets
        };
        STATEMENT_CHARACTERS + quoted(&self.sid).len() + list(&self.actions) + list(&self.resources)
    }

    fn write(&self, text: &mut String) {
        text.push_str("    {\n      \"Sid\": ");
        text.push_str(&quoted(&self.sid));
        text.push_str(",\n      \"Effect\": \"Allow\",\n      \"Action\": ");
        list(&self.actions, text);
        text.push_str(",\n      \"Resource\": ");
        list(&self.resources, text);
        text.push_str("\n    }");
    }
}

fn list(quoted: &[String], text: &mut String) {
    if let [only] = quoted {
        text.push_str(only);
        return;
    }
    let lines = quoted.iter().map(|it| format!("        {it}"));
    let lines: Vec<String> = lines.collect();
    text.push_str("[\n");
    text.push_str(&lines.join(",\n"));
    text.push_str("\n      ]");
}

/// One statement, or where that does not fit a document, several: first the resources are dealt
/// out, and only when the actions alone are too many, those too.
fn statements(
    needed: &[&Needed],
    resources: &BTreeSet<Resource>,
    sids: &mut Sids,
) -> Result<Vec<Statement>, GenerateError> {
    let pattern = |it: &Resource| it.pattern().map(|pattern| quoted(&pattern));
    let patterns: Vec<String> = resources.iter().filter_map(pattern).collect();
    let mut statements = Vec::new();
    for actions in dealt(needed, ACTIONS_CHARACTERS_MAX, |it| {
        quoted(&it.spelling).len()
    }) {
        let sid = sids.name(actions, resources);
        let texts: Vec<String> = actions.iter().map(|it| quoted(&it.spelling)).collect();
        let frame = Statement {
            sid: sid.clone(),
            actions: texts.clone(),
            resources: Vec::new(),
        };
        let frame = frame.characters() + PART_CHARACTERS_MAX;
        let room = STATEMENT_CHARACTERS_MAX.saturating_sub(frame);
        let mut chunks = dealt(&patterns, room, String::len).peekable();
        while let Some(chunk) = chunks.next() {
            let sid = if statements.is_empty() && chunks.peek().is_none() {
                sid.clone()
            } else {
                sids.part(&sid)
            };
            let statement = Statement {
                sid,
                actions: texts.clone(),
                resources: chunk.to_vec(),
            };
            if statement.characters() > STATEMENT_CHARACTERS_MAX {
                return Err(GenerateError::TooLong {
                    action: actions
                        .first()
                        .map_or_else(String::new, |it| it.spelling.clone()),
                    resource: chunk.first().cloned().unwrap_or_default(),
                });
            }
            statements.push(statement);
        }
    }
    Ok(statements)
}

/// `items` in runs that are each at most `room` long with a comma behind every item; an item that
/// is longer makes a run of its own.
fn dealt<T>(items: &[T], room: usize, length: impl Fn(&T) -> usize) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let mut used = 0;
        let fits = |item: &&T| {
            used += length(item) + 1;
            used <= room
        };
        let count = rest.iter().take_while(fits).count().max(1);
        let (run, behind) = rest.split_at_checked(count)?;
        rest = behind;
        Some(run)
    })
}

/// Documents, each filled in turn.
#[derive(Debug, Default)]
struct Documents {
    done: Vec<String>,
    open: Vec<String>,
    characters: usize,
}

impl Documents {
    fn push(&mut self, statement: &Statement) {
        // And the comma before it.
        let characters = statement.characters() + 1;
        if DOCUMENT_CHARACTERS + self.characters + characters > DOCUMENT_CHARACTERS_MAX {
            self.close();
        }
        let mut text = String::new();
        statement.write(&mut text);
        self.open.push(text);
        self.characters += characters;
    }

    fn close(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let statements = self.open.join(",\n");
        self.done.push(format!(
            "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n{statements}\n  ]\n}}\n"
        ));
        self.open.clear();
        self.characters = 0;
    }

    fn finish(mut self) -> Vec<String> {
        self.close();
        self.done
    }
}

/// As a JSON string in ASCII alone: IAM takes no characters beyond U+00FF in a policy's text.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Characters of a managed policy, white space not counted.
pub(super) const DOCUMENT_CHARACTERS_MAX: usize = 6_144;
// {"Version":"2012-10-17","Statement":[]}
const DOCUMENT_CHARACTERS: usize = 39;
// {"Sid":,"Effect":"Allow","Action":,"Resource":}
const STATEMENT_CHARACTERS: usize = 47;
// What a document can hold with the comma that `Documents` counts.
const STATEMENT_CHARACTERS_MAX: usize = DOCUMENT_CHARACTERS_MAX - DOCUMENT_CHARACTERS - 1;
// What a part adds to the name of its statement: `PartNo` and the digits.
const PART_CHARACTERS_MAX: usize = 16;
// Leaves room for the resources of a statement.
const ACTIONS_CHARACTERS_MAX: usize = 3_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Generator, Need};

    #[test]
    fn documents_are_filled_to_the_quota_and_no_further() {
        for padding in 0..40 {
            let mut generator = Generator::new();
            for n in 0..3_000 {
                let arn = format!("arn:aws:s3:::bucket/{}{n:05}", "p".repeat(padding));
                generator.add(&[Need::new("s3:GetObject", &arn)]).unwrap();
            }
            let documents = write(&generator.needs).unwrap();
            let (last, full) = documents.split_last().unwrap();
            let characters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            let range = DOCUMENT_CHARACTERS_MAX - 100..=DOCUMENT_CHARACTERS_MAX;
            for text in full {
                assert!(
                    range.contains(&characters(text)),
                    "{padding}: {}",
                    characters(text)
                );
            }
            assert!(characters(last) <= DOCUMENT_CHARACTERS_MAX);
        }
    }

    #[test]
    fn the_fixed_parts_are_counted_as_they_are_written() {
        let mut generator = Generator::new();
        let needs = [
            Need::new("s3:GetObject", "arn:aws:s3:::bucket/a"),
            Need::new("s3:GetObject", "arn:aws:s3:::bucket/b"),
            Need::new("s3:PutObject", "arn:aws:s3:::bucket/b"),
        ];
        generator.add(&needs).unwrap();
        let text = write(&generator.needs).unwrap().concat();
        let written = text.chars().filter(|c| !c.is_whitespace()).count();
        let statement = |sid: &str, actions: &[&str], resources: &[&str]| {
            let texts = |list: &[&str]| list.iter().map(|it| quoted(it)).collect();
            Statement {
                sid: sid.to_owned(),
                actions: texts(actions),
                resources: texts(resources),
            }
        };
        let (a, b) = ("arn:aws:s3:::bucket/a", "arn:aws:s3:::bucket/b");
        let counted = statement("S3ReadBucketAAnd1", &["s3:GetObject"], &[a, b]).characters()
            + statement("S3WriteBucketB", &["s3:PutObject"], &[b]).characters();
        assert_eq!(DOCUMENT_CHARACTERS + counted + 1, written, "{text}");
    }

    fn characters(text: &str) -> usize {
        text.chars().filter(|c| !c.is_whitespace()).count()
    }

    #[test]
    fn a_document_holds_what_fits_to_the_character() {
        for others in [0, 1, 20] {
            let longest = (0..6_000).rev().find_map(|padding| {
                let mut generator = Generator::new();
                let arn = format!("arn:aws:x:::{}", "p".repeat(padding));
                generator.add(&[Need::new("x:A", &arn)]).unwrap();
                for n in 0..others {
                    let need = Need::new(&format!("y{n}:A"), &format!("arn:aws:y:::{n}"));
                    generator.add(&[need]).unwrap();
                }
                let documents = write(&generator.needs).ok()?;
                let [only] = documents.as_slice() else {
                    return None;
                };
                Some(characters(only))
            });
            // But for the comma that is counted before the first statement too.
            assert_eq!(longest, Some(DOCUMENT_CHARACTERS_MAX - 1), "{others}");
        }
    }

    #[test]
    fn each_part_of_a_statement_is_named_as_one() {
        let mut generator = Generator::new();
        for n in 0..300 {
            let arn = format!("arn:aws:s3:::bucket/{n:05}");
            generator.add(&[Need::new("s3:GetObject", &arn)]).unwrap();
        }
        let text = write(&generator.needs).unwrap().concat();
        let sids = text.lines().filter(|line| line.contains("\"Sid\""));
        let sids: Vec<&str> = sids.filter_map(|line| line.split('"').nth(3)).collect();
        let name = "S3ReadBucket00000And299Part";
        assert_eq!(sids, [name.to_owned(), format!("{name}No2")]);
    }
}
