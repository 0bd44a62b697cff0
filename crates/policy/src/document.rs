//! The elements of a policy document, checked for what its kind may and must have. Knows the shape
//! of every element and not its meaning: names, patterns and conditions are still as written.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language", and the quotas of IAM, STS
//! and Secrets Manager.

use crate::error::{OVER_QUOTA, ParseError, Place};
use crate::json::{self, Member, Node, Text, Value};

mod statement;

/// What a document is for; decides which elements it may and must have, and how long it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Attached to a user, group or role: speaks for whoever has it, so it names no principal.
    Identity,
    /// Attached to a secret, a key or a bucket: names principals and resources.
    Resource,
    /// A role's trust policy: names principals, and its resource is the role.
    Trust,
    /// Of an organization, for the users and roles of its accounts: names no principal.
    ServiceControl,
    /// Of an organization, for the resources of its accounts: denies, to everyone whom its
    /// conditions do not spare. The only one that allows is AWS's `RCPFullAWSAccess`.
    ResourceControl,
}

impl Kind {
    /// Every kind there is.
    pub const ALL: [Kind; 5] = [
        Kind::Identity,
        Kind::Resource,
        Kind::Trust,
        Kind::ServiceControl,
        Kind::ResourceControl,
    ];

    /// Whether its statements name principals: they must, or they must not.
    pub(crate) fn names_principals(self) -> bool {
        match self {
            Kind::Identity | Kind::ServiceControl => false,
            Kind::Resource | Kind::Trust | Kind::ResourceControl => true,
        }
    }

    /// Whether an organization has it: its size is that of the whole text, and it says which
    /// version it is of.
    pub(crate) fn is_of_organization(self) -> bool {
        matches!(self, Kind::ServiceControl | Kind::ResourceControl)
    }

    /// Characters a document may have, white space not counted but in an organization's, and the
    /// name of the quota.
    fn quota(self) -> (usize, &'static str) {
        match self {
            Kind::Identity => (IDENTITY_CHARACTERS_MAX, "PolicySize"),
            Kind::Resource => (RESOURCE_CHARACTERS_MAX, "PolicySize"),
            Kind::Trust => (TRUST_CHARACTERS_MAX, "ACLSizePerRole"),
            Kind::ServiceControl => (SERVICE_CONTROL_CHARACTERS_MAX, "PolicySize"),
            Kind::ResourceControl => (RESOURCE_CONTROL_CHARACTERS_MAX, "PolicySize"),
        }
    }
}

/// A document whose every element has the right shape and the right to be there.
#[derive(Debug)]
pub(crate) struct Document {
    /// Whether its version is 2012-10-17, in which `${...}` is a policy variable.
    pub(crate) has_variables: bool,
    pub(crate) statements: Vec<Statement>,
}

#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) line: u32,
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    /// Present exactly when the kind names principals.
    pub(crate) principals: Option<PrincipalBlock>,
    pub(crate) actions: List,
    /// Absent exactly when the kind is [`Kind::Trust`].
    pub(crate) resources: Option<List>,
    pub(crate) conditions: Vec<ConditionEntry>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

/// An element and its `Not...` twin. Never empty.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) negated: bool,
    pub(crate) values: Vec<Text>,
}

#[derive(Debug)]
pub(crate) struct PrincipalBlock {
    pub(crate) negated: bool,
    pub(crate) names: Names,
}

#[derive(Debug)]
pub(crate) enum Names {
    /// `"*"` in place of a map.
    Everyone,
    /// The entries of a map. Never empty.
    Listed(Vec<(PrincipalType, Text)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PrincipalType {
    Aws,
    Service,
    Federated,
    CanonicalUser,
}

impl PrincipalType {
    pub(crate) fn element(self) -> &'static str {
        match self {
            PrincipalType::Aws => "AWS",
            PrincipalType::Service => "Service",
            PrincipalType::Federated => "Federated",
            PrincipalType::CanonicalUser => "CanonicalUser",
        }
    }
}

/// One operator applied to one key. The list of values is never empty.
#[derive(Debug)]
pub(crate) struct ConditionEntry {
    pub(crate) operator: Text,
    pub(crate) key: Text,
    pub(crate) values: Vec<Text>,
}

/// How long a document may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// As long as the quota of its kind.
    Quota,
    /// As long as AWS's own: a service that holds it has taken it.
    Held,
}

/// Reads `text` as a document of `kind`.
pub(crate) fn read(text: &str, kind: Kind, size: Size) -> Result<Document, ParseError> {
    match size {
        Size::Quota => check_size(text, kind)?,
        Size::Held => check_bytes(text, HELD_BYTES_MAX)?,
    }
    let node = json::read(text)?;
    let place = node.place;
    let mut has_variables = None;
    let mut statements = None;
    for Member { key, value } in object(node)? {
        match key.value.as_str() {
            "Version" => has_variables = Some(version(value, kind)?),
            "Id" => {
                string(value)?;
            }
            "Statement" => statements = Some(statement_list(value, kind)?),
            _ => return Err(unknown_element(&key)),
        }
    }
    let statements = statements.ok_or_else(|| place.error("Missing required field Statement"))?;
    if has_variables.is_none() && kind.is_of_organization() {
        return Err(place.error("Missing required field Version"));
    }
    Ok(Document {
        has_variables: has_variables.unwrap_or_default(),
        statements,
    })
}

fn check_bytes(text: &str, most: usize) -> Result<(), ParseError> {
    let start = Place { line: 1, column: 1 };
    if text.len() > most {
        return Err(start.error(format!("policy text is longer than {most} bytes")));
    }
    Ok(())
}

fn check_size(text: &str, kind: Kind) -> Result<(), ParseError> {
    check_bytes(text, TEXT_BYTES_MAX)?;
    let (characters_max, quota) = kind.quota();
    let mut place = Place { line: 1, column: 1 };
    let mut characters = 0;
    for c in text.chars() {
        if kind.is_of_organization() || !json::is_white(c) {
            characters += 1;
        }
        if characters > characters_max {
            return Err(place.error(format!("{OVER_QUOTA} {quota}: {characters_max}")));
        }
        place = json::after(place, c);
    }
    Ok(())
}

fn version(node: Node, kind: Kind) -> Result<bool, ParseError> {
    let text = string(node)?;
    match text.value.as_str() {
        "2012-10-17" => Ok(true),
        "2008-10-17" if !kind.is_of_organization() => Ok(false),
        _ => Err(text
            .place
            .error("Policy document must be version 2012-10-17 or greater.")),
    }
}

fn statement_list(node: Node, kind: Kind) -> Result<Vec<Statement>, ParseError> {
    let place = node.place;
    let nodes = match node.value {
        Value::Array(nodes) => nodes,
        Value::Object(_) => vec![node],
        _ => return Err(place.syntax("expected a statement or a list of statements")),
    };
    if nodes.is_empty() {
        return Err(place.syntax("the list of statements is empty"));
    }
    let mut statements: Vec<Statement> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let (statement, sid_place) = statement::read(node, kind)?;
        let sid = statement.sid.as_deref().filter(|sid| !sid.is_empty());
        let taken = sid.is_some() && statements.iter().any(|other| other.sid.as_deref() == sid);
        if taken && !kind.names_principals() {
            return Err(sid_place.error("Statement IDs (SID) in a single policy must be unique."));
        }
        statements.push(statement);
    }
    Ok(statements)
}

pub(crate) fn object(node: Node) -> Result<Vec<Member>, ParseError> {
    match node.value {
        Value::Object(members) => Ok(members),
        _ => Err(node.place.syntax("expected an object")),
    }
}

fn string(node: Node) -> Result<Text, ParseError> {
    match node.value {
        Value::String(value) => Ok(Text {
            place: node.place,
            value,
        }),
        _ => Err(node.place.syntax("expected a string")),
    }
}

fn unknown_element(key: &Text) -> ParseError {
    let name = &key.value;
    key.place.syntax(format_args!("unknown element `{name}`"))
}

// What all inline policies of a role may have together, the largest quota of IAM for a document of
// this kind. Managed policies and users have smaller ones, which one document cannot know.
const IDENTITY_CHARACTERS_MAX: usize = 10_240;
// Quota "role trust policy length" of IAM: 2,048 at first, 4,096 at most.
const TRUST_CHARACTERS_MAX: usize = 4_096;
// Quota "length of a resource-based policy" of Secrets Manager, below which others stay.
const RESOURCE_CHARACTERS_MAX: usize = 20_480;
// Quotas of AWS Organizations, "Maximum and minimum values".
const SERVICE_CONTROL_CHARACTERS_MAX: usize = 10_240;
const RESOURCE_CONTROL_CHARACTERS_MAX: usize = 5_120;
// What the IAM API takes as a policy document, white space and all.
const TEXT_BYTES_MAX: usize = 131_072;
// AWS's longest managed policy has some 190 KB.
const HELD_BYTES_MAX: usize = 1 << 20;

#[cfg(test)]
mod tests;
