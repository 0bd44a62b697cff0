//! What a call needs to be allowed, as its operation's row states it.

use std::borrow::Cow;

use policy::Value;
use protocol::Record;

use super::keys::{ConditionKey, REQUEST_TAG, RESOURCE_TAG, TAG_KEYS};
use crate::entity::Tag;

/// One thing that a call needs to be allowed.
#[derive(Debug)]
pub(crate) struct Need {
    /// `secretsmanager:GetSecretValue`
    pub(crate) action: &'static str,
    /// ARN of what it is done to, or `*` for actions without a resource.
    pub(crate) resource: String,
    pub(crate) rule: Rule,
    /// Condition keys that only this operation supplies.
    pub(crate) keys: Vec<(Cow<'static, str>, Value)>,
}

/// Which resource policy has a say.
#[derive(Debug)]
pub(crate) enum Rule {
    /// None: identity policies decide.
    Identity,
    /// The trust policy of the role by this name must allow. A role that is not there trusts
    /// nobody.
    Trust { role: String },
    /// The resource policy of the secret by this name may allow as well, and deny.
    Secret { name: String },
}

impl Need {
    /// A need that identity policies decide.
    pub(crate) fn new(action: &'static str, resource: impl Into<String>) -> Self {
        Self {
            action,
            resource: resource.into(),
            rule: Rule::Identity,
            keys: Vec::new(),
        }
    }

    /// The same need on a secret of this account, whose own policy has a say.
    #[must_use]
    pub(crate) fn of_secret(mut self, name: &str) -> Self {
        self.rule = Rule::Secret {
            name: name.to_owned(),
        };
        self
    }

    /// The same need with a condition key more.
    #[must_use]
    pub(crate) fn with(mut self, key: &'static ConditionKey, value: impl Into<Value>) -> Self {
        self.keys.push((Cow::Borrowed(key.name), value.into()));
        self
    }

    /// The same need with the tags that the request brings, as `aws:RequestTag/team` and all their
    /// keys together.
    #[must_use]
    pub(crate) fn requesting<'r>(self, tags: impl IntoIterator<Item = &'r Record>) -> Self {
        let mut keys = Vec::new();
        let need = tags.into_iter().fold(self, |need, tag| {
            let (key, value) = (tag.text("Key"), tag.text("Value").unwrap_or_default());
            let Some(key) = key else {
                return need;
            };
            keys.push(key.to_owned());
            need.with_tag(&REQUEST_TAG, key, value)
        });
        need.about_tags(keys)
    }

    /// The same need of a request that is about the tags of these keys.
    #[must_use]
    pub(crate) fn about_tags(self, keys: Vec<String>) -> Self {
        if keys.is_empty() {
            return self;
        }
        self.with(&TAG_KEYS, keys)
    }

    /// The same need with the tags that the resource has, as `aws:ResourceTag/team` and under the
    /// service's own prefix, such as `ec2:ResourceTag`.
    #[must_use]
    pub(crate) fn on_tagged(self, own: &'static ConditionKey, tags: &[Tag]) -> Self {
        tags.iter().fold(self, |need, tag| {
            need.with_tag(&RESOURCE_TAG, &tag.key, &tag.value)
                .with_tag(own, &tag.key, &tag.value)
        })
    }

    fn with_tag(mut self, of: &'static ConditionKey, key: &str, value: &str) -> Self {
        self.keys.push((Cow::Owned(of.of_tag(key)), value.into()));
        self
    }
}
