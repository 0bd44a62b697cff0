//! The keys of `assume-role` in a rule of the guard.

use std::time::Duration;

use super::own::{ABOUT_NAMES, Form, Own, SessionPolicy, is_tag_key};
use crate::config::{CHAINED_SECONDS, EXTERNAL_ID_CHARS};
use crate::text::shown;
use crate::yaml::{Checker, Kind, Node, Section, Text};

impl Checker<'_> {
    /// An ARN, or a map.
    pub(super) fn own(&mut self, node: Node, path: &str, name_default: &str) -> Option<Own> {
        if !matches!(node.kind, Kind::Map(_)) {
            let arn = self.text(node, path.to_owned())?;
            let role_arn = Some(self.role(&arn)?);
            return Some(Own {
                role_arn,
                ..plain(name_default)?
            });
        }
        let mut section = self.section(node, path, &OWN_KEYS, &[])?;
        let mut own = plain(name_default)?;
        if let Some(arn) = self.optional_text(&mut section, "role-arn") {
            own.role_arn = Some(self.role(&arn)?);
        }
        if let Some(text) = self.optional_text(&mut section, "external-id") {
            own.external_id = Some(self.session_text(&text, EXTERNAL_ID_CHARS)?);
        }
        if let Some(node) = section.values.remove("duration") {
            let seconds = self.number(&node, &section.path_of("duration"), CHAINED_SECONDS)?;
            own.duration = Duration::from_secs(seconds);
        }
        if let Some(text) = self.optional_text(&mut section, "session-policy") {
            own.policy = Some(if text.value.trim_start().starts_with('{') {
                SessionPolicy::Document(self.session_policy(text)?)
            } else {
                SessionPolicy::File(self.path(&text)?)
            });
        }
        own.policy_arns = self.policy_arns(&mut section)?;
        if let Some(text) = self.optional_text(&mut section, "session-name") {
            own.name = self.form(&text)?;
        }
        if let Some(text) = self.optional_text(&mut section, "source-identity") {
            own.source_identity = Some(self.form(&text)?);
        }
        if let Some(node) = section.values.remove("session-tags") {
            own.tags = self.tags(node, &section.path_of("session-tags"))?;
        }
        let narrows = own.policy.is_some() || !own.policy_arns.is_empty();
        if own.role_arn.is_none() && !narrows {
            let message = format!("`{path}` names no role and narrows none");
            let hint =
                "add `role-arn`, or `session-policy` or `policy-arns` for the instance's role";
            return self.fail(section.place, message, Some(hint));
        }
        Some(own)
    }

    fn policy_arns(&mut self, section: &mut Section) -> Option<Vec<String>> {
        let place = section.place;
        let path = section.path_of("policy-arns");
        let arns = self.list(section, "policy-arns");
        let is_policy = |arn: &&String| arn.starts_with("arn:") && arn.contains(":policy/");
        if let Some(odd) = arns.iter().find(|arn| !is_policy(arn)) {
            let message = format!("`{path}` names no managed policy: `{}`", shown(odd));
            let hint = "`arn:aws:iam::ACCOUNT:policy/NAME`";
            return self.fail(place, message, Some(hint));
        }
        if arns.len() > POLICY_ARNS_MAX {
            let message = format!("`{path}` names more than {POLICY_ARNS_MAX} policies");
            return self.fail(place, message, None);
        }
        Some(arns)
    }

    fn form(&mut self, text: &Text) -> Option<Form> {
        match Form::read(&text.value) {
            Ok(form) => Some(form),
            Err(name) => {
                let message = format!("`{}` holds `{{{}`", text.path, shown(&name));
                let hint = format!("{ABOUT_NAMES} stand for what is known of the caller");
                self.fail(text.place, message, Some(&hint))
            }
        }
    }

    fn tags(&mut self, node: Node, path: &str) -> Option<Vec<(String, Form)>> {
        let place = node.place;
        let Kind::Map(entries) = node.kind else {
            let message = format!("`{path}` must be a map of keys to values");
            return self.fail(
                place,
                message,
                Some("as in `{Uid: \"{uid}\", Unit: \"{unit}\"}`"),
            );
        };
        if entries.len() > TAGS_MAX {
            return self.fail(
                place,
                format!("`{path}` holds more than {TAGS_MAX} tags"),
                None,
            );
        }
        let mut tags = Vec::new();
        for (key, node) in entries {
            if !is_tag_key(&key.text) {
                let message = format!("STS takes no tag `{}`", shown(&key.text));
                return self.fail(key.place, message, None);
            }
            let value = self.text(node, format!("{path}.{}", shown(&key.text)))?;
            tags.push((key.text, self.form(&value)?));
        }
        tags.sort_by(|one, other| one.0.cmp(&other.0));
        Some(tags)
    }
}

fn plain(name: &str) -> Option<Own> {
    Some(Own {
        role_arn: None,
        external_id: None,
        duration: DURATION,
        policy: None,
        policy_arns: Vec::new(),
        name: Form::read(name).ok()?,
        tags: Vec::new(),
        source_identity: None,
    })
}

const OWN_KEYS: [&str; 8] = [
    "role-arn",
    "external-id",
    "duration",
    "session-policy",
    "policy-arns",
    "session-name",
    "session-tags",
    "source-identity",
];
const DURATION: Duration = Duration::from_hours(1);
// STS API Reference, "AssumeRole".
const POLICY_ARNS_MAX: usize = 10;
const TAGS_MAX: usize = 50;
