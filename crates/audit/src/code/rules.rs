//! What the rules say of code.

use jiff::Timestamp;

use super::catalog::{
    ALL_SECRETS, BROAD_POLICY, CREDENTIALS_TO_FILE, EMPTY_PROFILE, GROUP_WITHOUT_PROFILE,
    HOP_LIMIT, KEY_ID_IN_CODE, KEY_IN_CODE, KEY_OF_PROVIDER, LONG_LIVED_KEY, NO_PROFILE,
    NO_SUCH_ADDRESS, PRINCIPAL_OF_IDENTITY, PROFILE_WITHOUT_ROLE, SERVICE_OF_SECRET,
    TOKENS_OPTIONAL, TOKENS_UNSET, UNKNOWN_NAME,
};
use super::{CodeFacts, Flaw, KeyInCode, Launch, LaunchKind, ScriptFlaw, Setting, Spot};
use crate::keys::Confidence;
use crate::{Finding, Place, Rule, Severity, Subject, SubjectKind};

/// What the rules say of a folder of code.
pub fn findings(facts: &CodeFacts, _now: Timestamp) -> Vec<Finding> {
    let mut found = Vec::new();
    for launch in &facts.launches {
        found.extend(profile(launch, facts));
        found.extend(tokens(launch, facts));
        found.extend(hop_limit(launch));
    }
    for group in &facts.groups {
        for launch in &group.launches {
            let Some(template) = launch_of(launch, facts) else {
                continue;
            };
            if matches!(template.profile, Setting::Unset | Setting::Empty(_)) {
                let title = format!(
                    "{} launches from {}, which has no instance profile",
                    group.spot.address, template.spot.address
                );
                let finding = finding(&GROUP_WITHOUT_PROFILE, &group.spot, launch.line(), title);
                let source = format!("{}:{}", template.spot.file, template.spot.line);
                found.push(finding.read(source, "no instance profile"));
            }
        }
    }
    for profile in &facts.profiles {
        if matches!(profile.role, Setting::Unset | Setting::Empty(_)) {
            let title = format!("{} has no role", profile.spot.address);
            found.push(finding(
                &PROFILE_WITHOUT_ROLE,
                &profile.spot,
                profile.role.line(),
                title,
            ));
        }
    }
    for policy in &facts.policies {
        let address = &policy.spot.address;
        let (rule, said): (&'static Rule, _) = match policy.what {
            Flaw::PrincipalOfIdentity => (&PRINCIPAL_OF_IDENTITY, "names a principal"),
            Flaw::AllSecrets => (&ALL_SECRETS, "allows GetSecretValue on every secret"),
            Flaw::Everything => (&ALL_SECRETS, "allows everything"),
            Flaw::ServiceOfSecret => (&SERVICE_OF_SECRET, "lets in EC2, and no instance by it"),
        };
        found.push(finding(
            rule,
            &policy.spot,
            None,
            format!("{address} {said}"),
        ));
    }
    found.extend(facts.scripts.iter().map(script));
    for spot in &facts.access_keys {
        let title = format!("{} is a long-lived key", spot.address);
        found.push(finding(&LONG_LIVED_KEY, spot, None, title));
    }
    for (name, spot) in &facts.unknown_names {
        let title = format!("the AWS provider has no `{name}`");
        found.push(finding(&UNKNOWN_NAME, spot, None, title));
    }
    for (name, spot) in &facts.broad {
        let title = format!("{} gives {name}", spot.address);
        found.push(finding(&BROAD_POLICY, spot, None, title));
    }
    found.extend(facts.keys.iter().map(key));
    found
}

fn script((flaw, spot): &(ScriptFlaw, Spot)) -> Finding {
    let (rule, said): (&'static Rule, _) = match flaw {
        ScriptFlaw::NoSuchAddress => (&NO_SUCH_ADDRESS, "asks where nothing answers"),
        ScriptFlaw::CredentialsToFile => (
            &CREDENTIALS_TO_FILE,
            "puts a role's credentials into a file",
        ),
    };
    finding(rule, spot, None, format!("{} {said}", spot.address))
}

/// What the rules cannot judge, as the code leaves it to a run: where, and what.
pub(super) fn not_known(facts: &CodeFacts) -> Vec<(&Spot, Option<usize>, &str)> {
    let is_not_literal = |it: &Setting| matches!(it, Setting::NotLiteral(_));
    let is_elsewhere = |it: &Setting| match it {
        Setting::Unset | Setting::Empty(_) => false,
        other => launch_of(other, facts).is_none(),
    };
    let mut found = Vec::new();
    for launch in &facts.launches {
        let spot = &launch.spot;
        if is_not_literal(&launch.profile) {
            found.push((spot, launch.profile.line(), PROFILE_NOT_LITERAL));
        }
        if is_not_literal(&launch.tokens) && !launch.is_disabled {
            found.push((spot, launch.tokens.line(), TOKENS_NOT_LITERAL));
        }
        // With tokens optional the limit keeps nobody away.
        let is_bound = !matches!(&launch.tokens, Setting::Text(said, _) if said == "optional");
        // A block that is open as a whole is told once.
        let is_alone = launch.hop_limit_open != launch.tokens.line();
        if launch.hop_limit_open.is_some() && is_alone && is_bound && !launch.is_disabled {
            found.push((spot, launch.hop_limit_open, HOPS_NOT_LITERAL));
        }
        let wants_more = launch.profile == Setting::Unset || launch.tokens == Setting::Unset;
        if wants_more && is_elsewhere(&launch.template) {
            found.push((spot, launch.template.line(), TEMPLATE_ELSEWHERE));
        }
    }
    for group in &facts.groups {
        let elsewhere = group.launches.iter().filter(|it| is_elsewhere(it));
        found.extend(elsewhere.map(|it| (&group.spot, it.line(), TEMPLATE_ELSEWHERE)));
    }
    let open = facts.open.iter();
    found.extend(open.map(|(spot, what)| (spot, None, what.as_str())));
    found
}

fn finding(rule: &'static Rule, spot: &Spot, line: Option<usize>, title: String) -> Finding {
    let place = spot.place(line);
    let source = format!("{}:{}", place.file, place.line);
    let subject = Subject::new(SubjectKind::Code, spot.address.clone()).at(place);
    Finding::new(rule, subject, title).read(source, spot.address.clone())
}

/// The launch that a setting means, if it is one of the code.
fn launch_of<'a>(setting: &Setting, facts: &'a CodeFacts) -> Option<&'a Launch> {
    let Setting::Reference(address, _) = setting else {
        return None;
    };
    let is_it = |it: &&Launch| {
        let rest = it.spot.address.strip_prefix(address.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
    };
    facts.launches.iter().find(is_it)
}

fn profile(launch: &Launch, facts: &CodeFacts) -> Option<Finding> {
    let address = &launch.spot.address;
    if let Setting::Empty(line) = launch.profile {
        let title = format!("{address} gives nothing as its instance profile");
        return Some(finding(&EMPTY_PROFILE, &launch.spot, Some(line), title));
    }
    // A template without one may leave it to those that launch from it.
    if launch.kind != LaunchKind::Instance || launch.profile != Setting::Unset {
        return None;
    }
    let from = match &launch.template {
        Setting::Unset | Setting::Empty(_) => String::new(),
        template => {
            let template = launch_of(template, facts)?;
            if !matches!(template.profile, Setting::Unset | Setting::Empty(_)) {
                return None;
            }
            format!(", and neither has {}", template.spot.address)
        }
    };
    let title = format!("{address} has no instance profile{from}");
    Some(finding(&NO_PROFILE, &launch.spot, None, title))
}

fn tokens(launch: &Launch, facts: &CodeFacts) -> Option<Finding> {
    let address = &launch.spot.address;
    match &launch.tokens {
        _ if launch.is_disabled => None,
        Setting::Text(said, line) if said == "optional" => {
            let title = format!("{address} has `http_tokens` optional");
            Some(finding(&TOKENS_OPTIONAL, &launch.spot, Some(*line), title))
        }
        Setting::Unset | Setting::Empty(_) => {
            // What a template says or leaves open is told of the template.
            let has_template = launch.template != Setting::Unset;
            if facts.default_tokens_required || has_template {
                return None;
            }
            let title = format!("{address} does not set `http_tokens`");
            Some(finding(
                &TOKENS_UNSET,
                &launch.spot,
                launch.tokens.line(),
                title,
            ))
        }
        _ => None,
    }
}

fn hop_limit(launch: &Launch) -> Option<Finding> {
    let (hops, line) = launch.hop_limit?;
    // With tokens optional the limit keeps nobody away.
    let is_bound = matches!(&launch.tokens, Setting::Text(said, _) if said == "required");
    if hops <= 1 || !is_bound || launch.is_disabled {
        return None;
    }
    let title = format!("{} has hop limit {hops}", launch.spot.address);
    let found = finding(&HOP_LIMIT, &launch.spot, Some(line), title);
    Some(if hops > CONTAINER_HOPS {
        found.severity(Severity::Medium)
    } else {
        found
    })
}

fn key(found: &KeyInCode) -> Finding {
    let key = &found.key;
    let block = found.block.as_deref().unwrap_or("the file");
    let is_provider = block.starts_with("provider ");
    let rule: &'static Rule = match (key.has_secret, is_provider) {
        (true, true) => &KEY_OF_PROVIDER,
        (true, false) => &KEY_IN_CODE,
        (false, _) => &KEY_ID_IN_CODE,
    };
    let place = Place {
        file: found.file.clone(),
        line: key.line,
        column: key.column,
    };
    let source = format!("{}:{}", found.file, key.line);
    let mut subject = Subject::new(SubjectKind::Code, key.masked.clone()).at(place);
    subject.account = key.account.as_deref().map(Into::into);
    let title = format!("key {} in {block}", key.masked);
    let said = match key.containers() {
        inside if inside.is_empty() => format!("{} in {block}", key.masked),
        inside => format!("{} in {inside} in {block}", key.masked),
    };
    let finding = Finding::new(rule, subject, title).read(source, said);
    if key.confidence == Confidence::Low {
        finding.severity(Severity::Low)
    } else {
        finding
    }
}

const PROFILE_NOT_LITERAL: &str = "has an instance profile that only a run would tell";
const TOKENS_NOT_LITERAL: &str = "has `http_tokens` that only a run would tell";
const HOPS_NOT_LITERAL: &str = "has a hop limit that only a run would tell";
const TEMPLATE_ELSEWHERE: &str = "launches from a template that is not among the files";
// What a bridged container needs.
const CONTAINER_HOPS: i64 = 2;
