//! A policy whose every statement is compiled. Knows what one statement says of one request; what
//! several policies say together is `decide`'s.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Action", "Resource", and of
//! their `Not...` twins.

use crate::asked::{ActionPattern, Asked, Reach};
use crate::condition::{Condition, NO_VENDOR};
use crate::context::Context;
use crate::document::{self, Document, Effect, Kind, List, Size};
use crate::error::ParseError;
use crate::json::Text;
use crate::pattern::{ArnPattern, PARTS};
use crate::principal::{Caller, Named, Principals};
use crate::template::{Reading, Template, has_variable};

mod keys;
mod partly;

pub(crate) use partly::Matter;

/// A policy, understood in full. Never changes; share it behind an `Arc`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    kind: Kind,
    // What any statement of each effect can be about.
    allows: Reach,
    denies: Reach,
    statements: Box<[Statement]>,
}

impl Policy {
    /// Reads and compiles `text`.
    ///
    /// # Errors
    ///
    /// The first fault met: what is no JSON, no policy, no policy of this kind, too long, or not
    /// evaluated exactly here.
    pub fn parse(text: &str, kind: Kind) -> Result<Policy, ParseError> {
        Policy::compile(document::read(text, kind, Size::Quota)?, kind)
    }

    /// The same of a text that a service holds already, for which quotas do not count: some of the
    /// policies that AWS manages are longer than any that it takes. The bound is 1 MiB.
    ///
    /// # Errors
    ///
    /// As for [`Policy::parse`].
    pub fn parse_held(text: &str, kind: Kind) -> Result<Policy, ParseError> {
        Policy::compile(document::read(text, kind, Size::Held)?, kind)
    }

    fn compile(document: Document, kind: Kind) -> Result<Policy, ParseError> {
        let has_variables = document.has_variables;
        let compile = |statement| Statement::compile(statement, kind, has_variables);
        let statements = document.statements.into_iter().map(compile);
        let statements: Box<[Statement]> = statements.collect::<Result<_, _>>()?;
        let reach = |effect| {
            let of_effect = statements.iter().filter(|it| it.effect == effect);
            of_effect.fold(Reach::NOTHING, |all, it| all.with(it.reach))
        };
        Ok(Policy {
            kind,
            allows: reach(Effect::Allow),
            denies: reach(Effect::Deny),
            statements,
        })
    }

    /// What the document was read as.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The ARNs that `Principal` and `NotPrincipal` elements name: users, roles and sessions, each
    /// as often as it is written. Whether they exist is for the caller to say.
    pub fn principal_arns(&self) -> impl Iterator<Item = &str> {
        let blocks = self
            .statements
            .iter()
            .filter_map(|it| it.principals.as_ref());
        blocks.flat_map(Principals::arns)
    }

    /// Whether any statement has a condition or a policy variable: without one, what it says of a
    /// request depends on no condition key.
    pub fn depends_on_context(&self) -> bool {
        let has_variable = |pattern: &_| matches!(pattern, ResourcePattern::Varied { .. });
        self.statements.iter().any(|it| {
            let mut resources = it.resources.iter().flat_map(|listed| &listed.patterns);
            !it.conditions.is_empty() || resources.any(has_variable)
        })
    }

    /// The statements of the effect that may be about the action, with their places.
    pub(crate) fn about(
        &self,
        asked: &Asked<'_>,
        effect: Effect,
    ) -> impl Iterator<Item = (usize, &Statement)> {
        let reach = match effect {
            Effect::Allow => self.allows,
            Effect::Deny => self.denies,
        };
        let statements: &[Statement] = if asked.may_be_in(reach) {
            &self.statements
        } else {
            &[]
        };
        let wanted = move |it: &Statement| it.effect == effect && asked.may_be_in(it.reach);
        statements
            .iter()
            .enumerate()
            .filter(move |(_, statement)| wanted(statement))
    }
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) line: u32,
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    reach: Reach,
    // `None` in identity policies, which speak for whoever has them.
    principals: Option<Principals>,
    actions: Listed<ActionPattern>,
    // `None` in trust policies, whose resource is the role.
    resources: Option<Listed<ResourcePattern>>,
    conditions: Box<[Condition]>,
}

/// What of a request a statement is not about, the first of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mismatch {
    Action,
    Resource,
    Principal,
}

/// An element or its `Not...` twin.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed<T> {
    negated: bool,
    patterns: Box<[T]>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ResourcePattern {
    Any,
    Arn(ArnPattern<Template>),
    /// With variables.
    Varied {
        pattern: ArnPattern<Template>,
        // As written, for people.
        written: Box<str>,
    },
}

impl Statement {
    fn compile(
        statement: document::Statement,
        kind: Kind,
        has_variables: bool,
    ) -> Result<Statement, ParseError> {
        let action = |text: &Text| compile_action(text, kind);
        let resource = |text: &Text| compile_resource(text, has_variables);
        let principals = statement.principals.as_ref();
        let principals = principals.map(|block| Principals::compile(block.negated, &block.names));
        let resources = statement.resources.as_ref();
        let conditions = statement.conditions.into_iter();
        let conditions = conditions.map(|entry| Condition::compile(entry, has_variables));
        let actions = Listed::compile(&statement.actions, action)?;
        let reach = if actions.negated {
            Reach::EVERYTHING
        } else {
            let each = actions.patterns.iter().map(ActionPattern::reach);
            each.fold(Reach::NOTHING, Reach::with)
        };
        Ok(Statement {
            line: statement.line,
            sid: statement.sid,
            effect: statement.effect,
            reach,
            principals: principals.transpose()?,
            actions,
            resources: resources
                .map(|list| Listed::compile(list, resource))
                .transpose()?,
            conditions: conditions.collect::<Result<_, _>>()?,
        })
    }

    /// How the statement names the caller, if it applies to this action, resource and context at
    /// all.
    pub(crate) fn applies(
        &self,
        caller: Caller<'_>,
        asked: &Asked<'_>,
        resource: &str,
        context: &Context,
    ) -> Named {
        let holds = |condition: &Condition| condition.holds(context, self.effect);
        if !self.has_action(asked) || !self.has_resource(resource, context) {
            return Named::Not;
        }
        match self.name(caller) {
            Named::Not => Named::Not,
            named if self.conditions.iter().all(holds) => named,
            _ => Named::Not,
        }
    }

    /// What keeps it from applying, its conditions left out.
    pub(crate) fn mismatch(
        &self,
        caller: Caller<'_>,
        asked: &Asked<'_>,
        resource: &str,
        context: &Context,
    ) -> Option<Mismatch> {
        if !self.has_action(asked) {
            Some(Mismatch::Action)
        } else if !self.has_resource(resource, context) {
            Some(Mismatch::Resource)
        } else {
            (self.name(caller) == Named::Not).then_some(Mismatch::Principal)
        }
    }

    fn has_action(&self, asked: &Asked<'_>) -> bool {
        self.actions.include(|pattern| pattern.matches(asked))
    }

    fn has_resource(&self, resource: &str, context: &Context) -> bool {
        let listed = self.resources.as_ref();
        listed.is_none_or(|listed| listed.include(|pattern| pattern.matches(resource, context)))
    }

    /// An identity policy's statement names whoever has the policy.
    fn name(&self, caller: Caller<'_>) -> Named {
        let principals = self.principals.as_ref();
        principals.map_or(Named::Itself, |principals| principals.name(caller))
    }

    pub(crate) fn principals(&self) -> Option<&Principals> {
        self.principals.as_ref()
    }

    pub(crate) fn conditions(&self) -> &[Condition] {
        &self.conditions
    }
}

impl<T> Listed<T> {
    fn compile(
        list: &List,
        compile: impl Fn(&Text) -> Result<T, ParseError>,
    ) -> Result<Listed<T>, ParseError> {
        Ok(Listed {
            negated: list.negated,
            patterns: list.values.iter().map(compile).collect::<Result<_, _>>()?,
        })
    }

    fn include(&self, matches: impl Fn(&T) -> bool) -> bool {
        self.patterns.iter().any(matches) != self.negated
    }
}

impl ResourcePattern {
    pub(crate) fn matches(&self, resource: &str, context: &Context) -> bool {
        match self {
            ResourcePattern::Any => true,
            ResourcePattern::Arn(pattern) | ResourcePattern::Varied { pattern, .. } => pattern
                .strip(resource)
                .is_some_and(|left| pattern.rest.matches(left, context)),
        }
    }
}

/// `*`, or a service prefix, a colon, and a name in which wildcards may stand. The prefix may be
/// `*` as a whole; the pattern is matched with prefix and all.
fn compile_action(text: &Text, kind: Kind) -> Result<ActionPattern, ParseError> {
    let value = text.value.as_str();
    let (vendor, name) = match value.split_once(':') {
        Some((vendor, name)) if !vendor.is_empty() => (vendor, name),
        None if value == "*" => ("*", "*"),
        _ => return Err(text.place.error(NO_VENDOR)),
    };
    let in_vendor = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if vendor != "*" && !vendor.chars().all(in_vendor) {
        let message = format!("Vendor {vendor} is not valid");
        return Err(text.place.error(message));
    }
    if name.contains(':') {
        let message = "Actions/Condition can contain only one colon.";
        return Err(text.place.error(message));
    }
    let in_name = |c: char| c.is_ascii_alphanumeric() || "*?-_".contains(c);
    if name.is_empty() || !name.chars().all(in_name) {
        let what = format_args!("`{name}` is no action's name");
        return Err(text.place.syntax(what));
    }
    if kind == Kind::Trust && !vendor.eq_ignore_ascii_case("sts") {
        let message = "AssumeRole policy may only specify STS AssumeRole actions.";
        return Err(text.place.error(message));
    }
    Ok(ActionPattern::new(vendor, value))
}

/// `*`, or an ARN in which wildcards may stand, except in its service: "you can't use a wildcard in
/// the service segment". Variables stand "only in the resource portion of the ARN", which "appears
/// after the fifth colon".
fn compile_resource(text: &Text, has_variables: bool) -> Result<ResourcePattern, ParseError> {
    let value = text.value.as_str();
    if value == "*" {
        return Ok(ResourcePattern::Any);
    }
    let mut parts = value.split(':');
    let (scheme, partition, service) = (parts.next(), parts.next(), parts.next());
    let pattern = ArnPattern::resource(value).filter(|_| scheme == Some("arn"));
    let (Some(pattern), Some(partition), Some(service)) = (pattern, partition, service) else {
        let message = format!("Resource {value} must be in ARN format or \"*\".");
        return Err(text.place.error(message));
    };
    let wild = |part: &str| part.contains(['*', '?']);
    if !(partition == "aws" || partition.starts_with("aws-") || wild(partition)) {
        let message = format!("Partition \"{partition}\" is not valid for resource \"{value}\".");
        return Err(text.place.error(message));
    }
    if service.is_empty() || wild(service) {
        let what = format_args!("resource `{value}` names no service in its third part");
        return Err(text.place.syntax(what));
    }
    let early = |part: &str| has_variables && has_variable(part);
    if value.splitn(PARTS, ':').take(PARTS - 1).any(early) {
        let what = format_args!("policy variable before the fifth colon of `{value}`");
        return Err(text.place.syntax(what));
    }
    let compile = |rest| Template::compile(text, rest, Reading::Wildcards, has_variables);
    let pattern = pattern.try_map(compile)?;
    Ok(match &pattern.rest {
        Template::Plain(_) => ResourcePattern::Arn(pattern),
        Template::Varied(_) => ResourcePattern::Varied {
            pattern,
            written: value.into(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trust(statement: &str) -> Policy {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
        Policy::parse(&text, Kind::Trust).unwrap()
    }

    #[test]
    fn the_arns_named_are_those_of_users_roles_and_sessions() {
        let policy = trust(
            r#"{"Effect":"Allow","Action":"sts:AssumeRole",
                "Principal":{"Service":"ec2.amazonaws.com",
                "AWS":["123456789012","arn:aws:iam::123456789012:root",
                    "arn:aws:iam::123456789012:user/u"]}},
               {"Effect":"Deny","Action":"sts:AssumeRole",
                "NotPrincipal":{"AWS":"arn:aws:sts::123456789012:assumed-role/r/s"}},
               {"Effect":"Deny","Action":"sts:AssumeRole","Principal":"*"}"#,
        );

        assert_eq!(
            policy.principal_arns().collect::<Vec<_>>(),
            [
                "arn:aws:iam::123456789012:user/u",
                "arn:aws:sts::123456789012:assumed-role/r/s"
            ]
        );
    }

    #[test]
    fn conditions_and_variables_depend_on_the_context() {
        let plain = r#"{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"}"#;
        let asking = r#"{"Effect":"Deny","Action":"sts:AssumeRole","Principal":"*",
            "Condition":{"StringEquals":{"sts:ExternalId":"x"}}}"#;
        assert!(!trust(plain).depends_on_context());
        assert!(trust(&format!("{plain},{asking}")).depends_on_context());

        for (version, expect) in [("2012-10-17", true), ("2008-10-17", false)] {
            let text = format!(
                r#"{{"Version":"{version}","Statement":{{"Effect":"Allow","Action":"s3:*",
                    "Resource":["*","arn:aws:s3:::b/${{aws:username}}"]}}}}"#
            );
            let policy = Policy::parse(&text, Kind::Identity).unwrap();
            assert_eq!(policy.depends_on_context(), expect);
        }
    }

    #[test]
    fn only_statements_of_the_effect_that_may_be_about_the_action_are_looked_at() {
        let text = r#"{"Statement":[
            {"Effect":"Allow","Action":"s3:Get*","Resource":"*"},
            {"Effect":"Deny","Action":["kms:Decrypt","kms:Encrypt"],"Resource":"*"},
            {"Effect":"Allow","NotAction":"s3:*","Resource":"*"}]}"#;
        let policy = Policy::parse(text, Kind::Identity).unwrap();
        let check = |policy: &Policy, action: &str, effect, expect: &[usize]| {
            let mut room = crate::asked::Room::EMPTY;
            let asked = Asked::new(action, &mut room);
            let found: Vec<usize> = policy.about(&asked, effect).map(|(at, _)| at).collect();
            assert_eq!(found, expect, "{action}");
        };
        check(&policy, "s3:GetObject", Effect::Allow, &[0, 2]);
        check(&policy, "s3:GetObject", Effect::Deny, &[]);
        check(&policy, "kms:Encrypt", Effect::Deny, &[1]);
        check(&policy, "kms:Sign", Effect::Allow, &[2]);
        check(&policy, "kms:Sign", Effect::Deny, &[]);

        // The policy as a whole knows it too.
        assert_eq!(policy.allows, Reach::EVERYTHING);
        let mut blind = policy;
        blind.denies = Reach::NOTHING;
        check(&blind, "kms:Encrypt", Effect::Deny, &[]);
    }
}
