//! The keys of `secret-manager`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use protocol::{Arn, Secret};

use crate::ask::Ask;
use crate::config::{AccessKey, Aws, Config, Requests, RoleStep, Whom};
use crate::text::shown;
use crate::yaml::{Checker, Key, Kind, Node, Place, Section, Text};

impl Checker<'_> {
    /// `by_resource`: whether there are clients that name secrets by `resources` alone.
    pub(super) fn secret_manager(&mut self, node: Node, by_resource: bool) -> Option<Aws> {
        let unserved = ["gcp", "vault", "file"];
        let mut section = self.section(node, "secret-manager", &["aws"], &unserved)?;
        if let Some(node) = section.values.remove("aws") {
            return self.aws(node, by_resource);
        }
        let hint = Some("add `aws`");
        self.fail(
            section.place,
            "`secret-manager` needs exactly one backend",
            hint,
        )
    }

    fn aws(&mut self, node: Node, by_resource: bool) -> Option<Aws> {
        let mut section = self.section(node, "secret-manager.aws", &AWS_KEYS, &["proxy"])?;
        let region = self
            .needed_text(&mut section, "region")
            .and_then(|text| self.region(&text));
        let replica_regions = section.values.remove("replica-regions");
        let replica_regions = replica_regions.map(|node| self.regions(node));
        let resources = match section.values.remove("resources") {
            Some(node) => self.resources(node, by_resource),
            None if by_resource => {
                let message = format!("`{}` is missing", section.path_of("resources"));
                let hint = "clients of the Secret Agent protocol name secrets by it";
                self.fail(section.place, message, Some(hint))
            }
            None => Some(BTreeMap::new()),
        };
        let access_key = self.access_key(&mut section);
        let profile = self
            .optional_text(&mut section, "profile")
            .map(Text::into_string);
        let assume_role = match section.values.remove("assume-role") {
            Some(node) => self.role_chain(node, "secret-manager.aws.assume-role"),
            None => Some(Vec::new()),
        };
        let roles = section.values.remove("roles");
        let roles = roles.map_or_else(|| Some(BTreeMap::new()), |node| self.roles(node));
        let convert_to_base64 = self.flag_or(&mut section, "convert-to-base64", false);
        let endpoint_url = self
            .optional_text(&mut section, "endpoint-url")
            .and_then(|text| self.url(&text));
        let requests = self.requests(&mut section);
        Some(Aws {
            region: region?,
            replica_regions: replica_regions.unwrap_or_default(),
            resources: resources?,
            access_key,
            profile,
            assume_role: assume_role?,
            roles: roles?,
            convert_to_base64: convert_to_base64?,
            endpoint_url,
            requests: requests?,
        })
    }

    fn regions(&mut self, node: Node) -> Vec<String> {
        let texts = self.texts(node, "secret-manager.aws.replica-regions");
        let texts = texts.unwrap_or_default();
        texts.iter().filter_map(|text| self.region(text)).collect()
    }

    fn requests(&mut self, section: &mut Section) -> Option<Requests> {
        let default = Requests::default();
        let mut number = |key, default| {
            let Some(node) = section.values.remove(key) else {
                return Some(default);
            };
            let number = self.number(&node, &section.path_of(key), REQUESTS)?;
            u32::try_from(number).ok()
        };
        let per_second = number("requests-per-second", default.per_second);
        let burst = number("requests-burst", default.burst);
        Some(Requests {
            per_second: per_second?,
            burst: burst?,
        })
    }

    fn resources(&mut self, node: Node, by_resource: bool) -> Option<BTreeMap<String, Ask>> {
        let path = "secret-manager.aws.resources";
        let Kind::Map(entries) = node.kind else {
            return self.fail(
                node.place,
                format!("`{path}` must be a map of names to secrets"),
                None,
            );
        };
        if entries.is_empty() && by_resource {
            return self.fail(node.place, format!("`{path}` names no secret"), None);
        }
        let mut resources = BTreeMap::new();
        for (key, node) in entries {
            if let Some(ask) = self.resource(&key, node, path) {
                resources.insert(key.text, ask);
            }
        }
        Some(resources)
    }

    /// A secret's name or ARN; or a map that says which version, and by which role.
    fn resource(&mut self, key: &Key, node: Node, path: &str) -> Option<Ask> {
        let name = shown(&key.text);
        if key.text.is_empty() {
            return self.fail(key.place, "a resource needs a name", None);
        }
        if key.text.contains(':') {
            let message = format!("resource name `{name}` holds a colon");
            let hint = "clients write `secrets:RESOURCE:KEY` and could not ask for it; rename it";
            return self.fail(key.place, message, Some(hint));
        }
        let path = format!("{path}.{name}");
        if !matches!(node.kind, Kind::Map(_)) {
            let secret = self.text(node, path)?;
            return self.ask(&secret, None, None);
        }
        let known = ["secret", "version-id", "version-stage", "role"];
        let mut section = self.section(node, &path, &known, &[])?;
        let secret = self.needed_text(&mut section, "secret");
        let id = self
            .optional_text(&mut section, "version-id")
            .map(Text::into_string);
        let stage = self
            .optional_text(&mut section, "version-stage")
            .map(Text::into_string);
        let role = self
            .optional_text(&mut section, "role")
            .map(Text::into_string);
        let ask = self.ask(&secret?, id, stage)?;
        Some(match role {
            Some(role) => ask.by_role(role),
            None => ask,
        })
    }

    fn ask(&mut self, secret: &Text, id: Option<String>, stage: Option<String>) -> Option<Ask> {
        let is_arn = secret.value.starts_with("arn:");
        let is_secret = Arn::parse(&secret.value).is_some_and(|arn| {
            arn.service() == "secretsmanager" && arn.resource().starts_with("secret:")
        });
        if is_arn && !is_secret {
            let message = format!("`{}` is not the ARN of a secret", shown(&secret.value));
            let hint = "`arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX`";
            return self.fail(secret.place, message, Some(hint));
        }
        match Ask::new(secret.value.as_str(), id, stage) {
            Ok(ask) => Some(ask),
            Err(error) => self.fail(secret.place, format!("`{}`: {error}", secret.path), None),
        }
    }

    fn access_key(&mut self, section: &mut Section) -> Option<AccessKey> {
        let has = |key| section.values.contains_key(key);
        let in_full = has("access-key-id") == has("secret-access-key");
        let id = self.optional_text(section, "access-key-id");
        let secret = self.optional_text(section, "secret-access-key");
        let session_token = self.optional_text(section, "session-token");
        match (id, secret, session_token) {
            (Some(id), Some(mut secret), session_token) => Some(AccessKey {
                id: id.into_string(),
                secret: Secret::from_text(std::mem::take(&mut *secret.value)),
                session_token: session_token
                    .map(|mut token| Secret::from_text(std::mem::take(&mut *token.value))),
            }),
            (Some(alone), None, _) | (None, Some(alone), _) if !in_full => {
                let message = format!(
                    "`{}` stands alone; `access-key-id` and `secret-access-key` go together",
                    alone.path
                );
                self.fail(
                    alone.place,
                    message,
                    Some("leave both out to use the instance's role"),
                )
            }
            (None, None, Some(token)) if in_full => {
                let message = format!("`{}` without the keys it belongs to", token.path);
                self.fail(token.place, message, None)
            }
            _ => None,
        }
    }

    fn roles(&mut self, node: Node) -> Option<BTreeMap<String, Vec<RoleStep>>> {
        let path = "secret-manager.aws.roles";
        let Kind::Map(entries) = node.kind else {
            let message = format!("`{path}` must be a map of names to roles");
            return self.fail(node.place, message, None);
        };
        let mut roles = BTreeMap::new();
        for (key, node) in entries {
            let path = format!("{path}.{}", shown(&key.text));
            if let Some(chain) = self.role_chain(node, &path) {
                roles.insert(key.text, chain);
            }
        }
        Some(roles)
    }

    /// An ARN, a map, or a list of either: assumed one after the other.
    fn role_chain(&mut self, node: Node, path: &str) -> Option<Vec<RoleStep>> {
        let place = node.place;
        let nodes = match node.kind {
            Kind::List(nodes) => nodes,
            kind => vec![Node { place, kind }],
        };
        if nodes.is_empty() {
            return self.fail(place, format!("`{path}` names no role"), None);
        }
        if nodes.len() > CHAIN_MAX {
            let message = format!("`{path}` is longer than {CHAIN_MAX} roles");
            return self.fail(place, message, None);
        }
        let steps = nodes.into_iter().enumerate();
        let chain: Vec<_> = steps
            .filter_map(|(at, node)| self.role_step(node, path, at > 0))
            .collect();
        Some(chain)
    }

    fn role_step(&mut self, node: Node, path: &str, is_chained: bool) -> Option<RoleStep> {
        if !matches!(node.kind, Kind::Map(_)) {
            let arn = self.text(node, path.to_owned())?;
            return self.role(&arn).map(RoleStep::new);
        }
        let mut section = self.section(node, path, &STEP_KEYS, &[])?;
        let arn = self
            .needed_text(&mut section, "role-arn")
            .and_then(|arn| self.role(&arn));
        let mut step = RoleStep::new(arn?);
        if let Some(text) = self.optional_text(&mut section, "session-name") {
            step.session_name = self.session_text(&text, SESSION_NAME_CHARS)?;
        }
        if let Some(text) = self.optional_text(&mut section, "source-identity") {
            step.source_identity = Some(self.session_text(&text, SESSION_NAME_CHARS)?);
        }
        if let Some(text) = self.optional_text(&mut section, "external-id") {
            step.external_id = Some(self.session_text(&text, EXTERNAL_ID_CHARS)?);
        }
        if let Some(node) = section.values.remove("duration") {
            let range = if is_chained { CHAINED_SECONDS } else { SECONDS };
            let seconds = self.number(&node, &section.path_of("duration"), range)?;
            step.duration = Duration::from_secs(seconds);
        }
        if let Some(text) = self.optional_text(&mut section, "session-policy") {
            step.session_policy = Some(self.session_policy(text)?);
        }
        Some(step)
    }

    /// A document that STS is given as it is.
    pub(crate) fn session_policy(&mut self, text: Text) -> Option<String> {
        if serde_json::from_str::<serde::de::IgnoredAny>(&text.value).is_ok() {
            return Some(text.into_string());
        }
        let message = format!("`{}` is not JSON", text.path);
        let hint = "a policy document as AWS takes it";
        self.fail(text.place, message, Some(hint))
    }

    pub(crate) fn session_text(
        &mut self,
        text: &Text,
        chars: RangeInclusive<usize>,
    ) -> Option<String> {
        let fits = chars.contains(&text.value.chars().count())
            && text
                .value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte));
        if fits {
            return Some(text.value.as_str().to_owned());
        }
        let (from, to) = chars.into_inner();
        let message = format!(
            "`{}` is not what STS takes: `{}`",
            text.path,
            shown(&text.value)
        );
        let hint = format!("{from} to {to} letters, digits and `_+=,.@-`");
        self.fail(text.place, message, Some(&hint))
    }

    /// Names that one section of the file uses and another gives.
    pub(super) fn references(&mut self, config: &Config, file: Place) {
        let aws = &config.secret_manager;
        let by_resource = aws.resources.iter().filter_map(|(name, ask)| {
            let role = ask.role()?;
            Some((format!("secret-manager.aws.resources.{name}.role"), role))
        });
        let by_listener = config.service.container_credentials.iter();
        let by_listener = by_listener.filter_map(|listener| {
            let path = "service.container-credentials.role".to_owned();
            Some((path, listener.role.as_deref()?))
        });
        for (path, role) in by_resource.chain(by_listener) {
            if !aws.roles.contains_key(role) {
                let message = format!("`{path}` names no role of `roles`: `{}`", shown(role));
                let hint = "give it under `secret-manager.aws.roles`";
                self.fail::<()>(file, message, Some(hint));
            }
        }
        for rule in config.access.rules.iter().flatten() {
            let Whom::Those(who) = &rule.who else {
                continue;
            };
            let tokens = who.token.iter();
            for token in tokens.filter(|token| !config.access.tokens.contains_key(*token)) {
                let message = format!(
                    "rule `{}` names no token of `access.tokens`: `{}`",
                    shown(&rule.name),
                    shown(token)
                );
                let hint = "give it and its file under `access.tokens`";
                self.fail::<()>(file, message, Some(hint));
            }
        }
    }
}

const AWS_KEYS: [&str; 13] = [
    "region",
    "replica-regions",
    "resources",
    "access-key-id",
    "secret-access-key",
    "session-token",
    "profile",
    "assume-role",
    "roles",
    "convert-to-base64",
    "endpoint-url",
    "requests-per-second",
    "requests-burst",
];
const STEP_KEYS: [&str; 6] = [
    "role-arn",
    "external-id",
    "session-name",
    "duration",
    "session-policy",
    "source-identity",
];
// Roles: each is a call before the first secret; nobody was seen to chain more than three.
const CHAIN_MAX: usize = 5;
// Seconds, STS API Reference, "AssumeRole".
const SECONDS: RangeInclusive<u64> = 900..=43_200;
pub(crate) const CHAINED_SECONDS: RangeInclusive<u64> = 900..=3_600;
// Characters, from the same page.
pub(crate) const SESSION_NAME_CHARS: RangeInclusive<usize> = 2..=64;
pub(crate) const EXTERNAL_ID_CHARS: RangeInclusive<usize> = 2..=1_224;
// Far below the service's quotas for a whole account.
const REQUESTS: RangeInclusive<u64> = 1..=10_000;
