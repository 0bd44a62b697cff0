//! What is wrong with a policy, or only unwise, with the place and the fix. Knows one document and
//! no account: who has it, what it is attached to and what else applies are not asked.
//!
//! The rules are those that AWS documents for its own policy validation (IAM User Guide, "Access
//! Analyzer policy check reference"), as far as they concern the services of [`crate::actions`],
//! and some that follow from how requests on the way from role to secret are made. Each has one
//! [`Code`] and one heading in `docs/lint.md`.

mod action;
mod code;
mod condition;
mod glob;
mod model;
mod power;
mod principal;
mod redundant;
mod resource;
mod shape;

pub use code::{Code, Severity};

use crate::Policy;
use crate::document::Kind;
use crate::error::Place;
use crate::json;
use model::Document;

/// One thing to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule says so.
    pub code: Code,
    /// The line of the offending text, from 1.
    pub line: u32,
    /// Its column, from 1, in characters.
    pub column: u32,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

impl Finding {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// What is to be said of `text` as a policy of this kind, in the order of the text.
///
/// Of a text that is no JSON only that is said. Of more than a few hundred findings the rest is
/// left out.
pub fn lint(text: &str, kind: Kind) -> Vec<Finding> {
    let mut findings = Findings::default();
    let refused = Policy::parse(text, kind).err();
    if let Some(document) = readable(text) {
        let check = Check {
            document: &document,
            kind,
        };
        shape::check(&check, text, &mut findings);
        principal::check(&check, &mut findings);
        action::check(&check, &mut findings);
        resource::check(&check, &mut findings);
        condition::check(&check, &mut findings);
        power::check(&check, &mut findings);
        redundant::check(&check, &mut findings);
    }
    if let Some(error) = refused {
        let place = (error.line, error.column);
        // A rule that says more of the same place has the word.
        let told = findings
            .list
            .iter()
            .any(|it| it.severity() == Severity::Error && (it.line, it.column) == place);
        if !told {
            // The one thing that is said whatever else is left out.
            findings.list.truncate(FINDINGS_MAX - 1);
            let message = error.message.trim_end_matches('.');
            findings.add(
                Code::Malformed,
                Place {
                    line: error.line,
                    column: error.column,
                },
                format!("the policy is refused: {message}"),
                "nothing of a refused policy is stored: mend this first",
            );
        }
    }
    let mut list = findings.list;
    // What an organization's policy allows, others have to grant.
    list.retain(|it| !(kind.is_of_organization() && it.code.is_about_grants()));
    list.sort_by_key(|it| (it.line, it.column, it.code));
    list
}

/// What kind of policy the text most likely is: one that names principals is a trust policy when
/// all its actions are of STS and it has no resource, and else a resource's.
pub fn guess_kind(text: &str) -> Kind {
    let Some(document) = readable(text) else {
        return Kind::Identity;
    };
    let statements = &document.statements;
    if !statements.iter().any(|it| it.principal.is_some()) {
        return Kind::Identity;
    }
    let of_sts = |it: &model::Statement| {
        let mut actions = it.action.iter().flat_map(|element| &element.values);
        it.resource.is_none() && actions.all(|text| glob::has_prefix(&text.value, "sts:"))
    };
    if statements.iter().all(of_sts) {
        Kind::Trust
    } else {
        Kind::Resource
    }
}

/// The document, unless it is no JSON or so long that no service would take it.
fn readable(text: &str) -> Option<Document> {
    let characters = text.chars().filter(|c| !json::is_white(*c));
    if text.len() > TEXT_BYTES_MAX || characters.take(CHARACTERS_MAX + 1).count() > CHARACTERS_MAX {
        return None;
    }
    Some(Document::read(json::read(text).ok()?))
}

/// What every rule sees.
struct Check<'d> {
    document: &'d Document,
    kind: Kind,
}

#[derive(Default)]
struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    fn add(
        &mut self,
        code: Code,
        place: Place,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        if self.list.len() < FINDINGS_MAX {
            self.list.push(Finding {
                code,
                line: place.line,
                column: place.column,
                message: message.into(),
                hint: hint.into(),
            });
        }
    }
}

// What the longest policy of any kind may have, white space not counted (Secrets Manager).
const CHARACTERS_MAX: usize = 20_480;
// What the IAM API takes as a policy document, white space and all.
const TEXT_BYTES_MAX: usize = 131_072;
// Nobody reads more; it bounds the memory that a hostile text can ask for.
const FINDINGS_MAX: usize = 500;

#[cfg(test)]
mod tests;
