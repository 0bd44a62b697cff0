//! Resources: whether the actions of their statement are ever done to such.

use super::action::{Meaning, meanings};
use super::glob::{self, Token};
use super::model::Statement;
use super::{Check, Code, Findings};
use crate::actions::{self, Action, ResourceType, Service};
use crate::json::Text;

/// The six parts of an ARN.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'t> {
    pub(super) service: &'t str,
    pub(super) region: &'t str,
    pub(super) account: &'t str,
    pub(super) rest: &'t str,
}

impl<'t> Parts<'t> {
    pub(super) fn of(arn: &'t str) -> Option<Parts<'t>> {
        let mut parts = arn.splitn(6, ':');
        let (scheme, _partition) = (parts.next()?, parts.next()?);
        let parts = Parts {
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            rest: parts.next()?,
        };
        (scheme == "arn").then_some(parts)
    }
}

/// A resource of a statement and the types that it can be of.
struct Candidate<'t> {
    text: &'t Text,
    // `None` for `*` and for what cannot be told.
    types: Option<Vec<&'static ResourceType>>,
}

impl Candidate<'_> {
    fn can_be(&self, service: &Service, action: &Action) -> bool {
        let Some(types) = &self.types else {
            return true;
        };
        let wanted = action.resources.iter();
        let mut wanted = wanted.filter_map(|resource| service.resource(resource.name));
        wanted.any(|wanted| types.iter().any(|found| std::ptr::eq(*found, wanted)))
    }
}

pub(super) fn check(check: &Check<'_>, findings: &mut Findings) {
    let templates = Templates::new();
    for statement in &check.document.statements {
        let candidates: Vec<Candidate<'_>> = statement
            .resources()
            .iter()
            .map(|text| templates.candidate(text, findings))
            .collect();
        pairs(statement, &candidates, findings);
    }
}

/// The resource types of all services, ready to be compared.
struct Templates {
    list: Vec<(Parts<'static>, Vec<Token>, &'static ResourceType)>,
}

impl Templates {
    fn new() -> Templates {
        let types = actions::services().iter().flat_map(|it| it.resources);
        let list = types.filter_map(|resource| {
            let parts = Parts::of(resource.arn)?;
            Some((parts, template(parts.rest), resource))
        });
        Templates {
            list: list.collect(),
        }
    }

    /// What the resource can be; an ARN with a part too many or too few is told on the way.
    fn candidate<'t>(&self, text: &'t Text, findings: &mut Findings) -> Candidate<'t> {
        let unknown = Candidate { text, types: None };
        let Some(parts) = Parts::of(&text.value) else {
            return unknown;
        };
        if !self.list.iter().any(|(it, ..)| it.service == parts.service) {
            return unknown;
        }
        let rest = glob::tokens(parts.rest);
        let same = self
            .list
            .iter()
            .filter(|(it, tokens, _)| it.service == parts.service && glob::overlap(tokens, &rest));
        let same: Vec<_> = same.collect();
        if let Some((first, ..)) = same.first()
            && !same.iter().any(|(it, ..)| place_fits(it, &parts))
        {
            region_or_account(text, first, &parts, findings);
        }
        if parts.service == "secretsmanager" {
            secret_suffix(text, parts.rest, findings);
        }
        let types = same.into_iter().map(|(.., resource)| *resource);
        Candidate {
            text,
            types: Some(types.collect()),
        }
    }
}

/// The last part of a published ARN as tokens.
fn template(rest: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (fixed, free) in actions::fixed_parts(rest) {
        tokens.extend(fixed.chars().map(Token::Char));
        tokens.extend(free.map(|name| match name {
            "BucketName" | "AccessPointName" => Token::RunInSegment,
            _ => Token::Run,
        }));
    }
    tokens
}

fn place_fits(wanted: &Parts<'_>, found: &Parts<'_>) -> bool {
    segment_fits(wanted.region, found.region) && segment_fits(wanted.account, found.account)
}

/// Whether what was written can be what is published: empty, free, or a fixed text.
fn segment_fits(wanted: &str, found: &str) -> bool {
    match wanted {
        "" => glob::overlap(&[], &glob::tokens(found)),
        free if free.starts_with("${") => !found.is_empty(),
        fixed => glob::overlap(&glob::tokens(fixed), &glob::tokens(found)),
    }
}

fn region_or_account(text: &Text, wanted: &Parts<'_>, found: &Parts<'_>, findings: &mut Findings) {
    let (what, wanted, found) = if segment_fits(wanted.region, found.region) {
        ("account", wanted.account, found.account)
    } else {
        ("region", wanted.region, found.region)
    };
    let (message, hint) = if wanted.is_empty() {
        (
            format!("ARNs of such a resource have no {what}, and this one has `{found}`"),
            format!("leave the {what} empty: two colons stand next to each other"),
        )
    } else if found.is_empty() {
        (
            format!("ARNs of such a resource have a {what}, and this one has none"),
            format!("write the {what}, or `*` for every {what}"),
        )
    } else {
        (
            format!("the {what} of such a resource is `{wanted}` and not `{found}`"),
            format!("write `{wanted}` for the {what}"),
        )
    };
    findings.add(Code::ArnRegionOrAccount, text.place, message, hint);
}

/// "Secrets Manager includes six random characters at the end of the secret's ARN".
fn secret_suffix(text: &Text, rest: &str, findings: &mut Findings) {
    let Some(name) = rest.strip_prefix("secret:") else {
        return;
    };
    let suffix = name.rsplit_once('-').map_or("", |(_, suffix)| suffix);
    // Six lower-case letters are a word sooner than what was drawn from letters of both cases and
    // digits, which comes out so once in two hundred times.
    let drawn = suffix.chars().count() == SUFFIX_CHARACTERS
        && suffix.chars().all(|c| c.is_ascii_alphanumeric())
        && !suffix.chars().all(|c| c.is_ascii_lowercase());
    if drawn || glob::is_open(name) {
        return;
    }
    findings.add(
        Code::SecretArnWithoutSuffix,
        text.place,
        format!("`{rest}` ends without the hyphen and the six characters of a secret's ARN"),
        format!("write `{name}-??????`, or the whole ARN of the secret"),
    );
}

/// Which actions and resources of the statement never meet.
fn pairs(statement: &Statement, candidates: &[Candidate<'_>], findings: &mut Findings) {
    let meanings = meanings(statement);
    let open = |(_, it): &(&Text, Meaning)| !matches!(it, Meaning::Known(..));
    if candidates.is_empty() || meanings.is_empty() || meanings.iter().all(open) {
        return;
    }
    let effect = if statement.allows() {
        "grants"
    } else {
        "denies"
    };
    let takes_none = |it: &Meaning| match it {
        Meaning::Known(_, meant) => meant.iter().all(|action| action.resources.is_empty()),
        _ => false,
    };
    let can = |candidate: &Candidate<'_>, meaning: &Meaning| match meaning {
        Meaning::Known(service, meant) => {
            candidate.types.is_none() || meant.iter().any(|it| candidate.can_be(service, it))
        }
        Meaning::NoService | Meaning::NoAction(_) => false,
        Meaning::Everything | Meaning::Foreign => true,
    };
    let mut dead = 0;
    // Beside actions that take `*` alone, a resource is not what is wrong.
    let all_take_none = meanings.iter().all(|(_, it)| takes_none(it));
    for candidate in candidates.iter().filter(|_| !all_take_none) {
        if meanings.iter().any(|(_, meaning)| can(candidate, meaning)) {
            continue;
        }
        dead += 1;
        let value = &candidate.text.value;
        findings.add(
            Code::ResourceNotForAction,
            candidate.text.place,
            format!("no action of the statement is done to `{value}`: it {effect} nothing there"),
            wanted_types(&meanings),
        );
    }
    for (text, meaning) in &meanings {
        let Meaning::Known(..) = meaning else {
            continue;
        };
        if candidates.iter().any(|candidate| can(candidate, meaning)) {
            continue;
        }
        let value = &text.value;
        if takes_none(meaning) {
            findings.add(
                Code::ActionNeedsStarResource,
                text.place,
                format!(
                    "`{value}` is done to no resource of its own: beside an ARN the statement \
                         {effect} nothing of it"
                ),
                "put it in a statement of its own with `\"Resource\": \"*\"`",
            );
        } else if dead < candidates.len() {
            findings.add(
                Code::ResourceNotForAction,
                text.place,
                format!(
                    "`{value}` is done to none of these resources: the statement {effect} \
                         nothing of it"
                ),
                wanted_types(std::slice::from_ref(&(*text, meaning.clone()))),
            );
        }
    }
}

/// The ARNs that would fit, a few of them.
fn wanted_types(meanings: &[(&Text, Meaning)]) -> String {
    let mut arns: Vec<&str> = Vec::new();
    for (_, meaning) in meanings {
        let Meaning::Known(service, meant) = meaning else {
            continue;
        };
        let types = meant.iter().flat_map(|action| action.resources);
        for resource in types.filter_map(|it| service.resource(it.name)) {
            if arns.len() < TYPES_SHOWN_MAX && !arns.contains(&resource.arn) {
                arns.push(resource.arn);
            }
        }
    }
    let arns: Vec<String> = arns.iter().map(|arn| format!("`{arn}`")).collect();
    format!("name a resource such as {}", arns.join(" or "))
}

// Secrets Manager User Guide, "ARN" of a secret.
const SUFFIX_CHARACTERS: usize = 6;
// More do not help to choose.
const TYPES_SHOWN_MAX: usize = 3;
