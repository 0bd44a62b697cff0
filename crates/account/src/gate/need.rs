//! What a call needs to be allowed, as its operation's row states it.

use std::borrow::Cow;

use policy::Value;
use protocol::Record;

use super::keys::{ConditionKey, REQUEST_TAG, RESOURCE_TAG, TAG_KEYS};
use crate::entity::Tag;
use crate::home::Home;

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
    /// What the caller is told of a denial, where AWS tells less than why.
    pub(crate) words: Option<&'static str>,
    /// The part of the call that a denial takes away, where it leaves the rest.
    pub(crate) part: Option<String>,
    /// Where the resource is, if that is elsewhere and its ARN does not say so.
    pub(crate) home: Option<Home>,
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
    /// The policy of the bucket by this name may allow as well, and deny.
    Bucket { name: String },
    /// The policy of the KMS key by this id must allow, or a grant of the key.
    Key { id: String },
    /// The grant of the KMS key may allow as well.
    Grant { key: String, id: String },
}

impl Need {
    /// A need that identity policies decide.
    pub(crate) fn new(action: &'static str, resource: impl Into<String>) -> Self {
        Self {
            action,
            resource: resource.into(),
            rule: Rule::Identity,
            keys: Vec::new(),
            words: None,
            part: None,
            home: None,
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

    /// The same need on a bucket or what is in it; the bucket's own policy has a say.
    #[must_use]
    pub(crate) fn of_bucket(mut self, name: &str) -> Self {
        self.rule = Rule::Bucket {
            name: name.to_owned(),
        };
        self
    }

    /// The same need on what is elsewhere, though its ARN does not say so.
    #[must_use]
    pub(crate) fn at(mut self, home: Home) -> Self {
        self.home = Some(home);
        self
    }

    /// The same need on a KMS key of this account, whose policy must allow.
    #[must_use]
    pub(crate) fn of_key(mut self, id: &str) -> Self {
        self.rule = Rule::Key { id: id.to_owned() };
        self
    }

    /// The same need on a grant of a KMS key of this account, which says itself who may.
    #[must_use]
    pub(crate) fn of_grant(mut self, key: &str, id: &str) -> Self {
        self.rule = Rule::Grant {
            key: key.to_owned(),
            id: id.to_owned(),
        };
        self
    }

    /// The same need, of whose denial the caller is told no more than this.
    #[must_use]
    pub(crate) fn denied_as(mut self, words: &'static str) -> Self {
        self.words = Some(words);
        self
    }

    /// The same need of one part of a call: the others are done without it.
    #[must_use]
    pub(crate) fn of_part(mut self, part: &str) -> Self {
        self.part = Some(part.to_owned());
        self
    }

    /// The same need with a condition key more.
    #[must_use]
    pub(crate) fn with(mut self, key: &'static ConditionKey, value: impl Into<Value>) -> Self {
        self.keys.push((Cow::Borrowed(key.name), value.into()));
        self
    }

    /// The same with a condition key more, if there is a value.
    #[must_use]
    pub(crate) fn with_some(
        self,
        key: &'static ConditionKey,
        value: Option<impl Into<Value>>,
    ) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// The same need with the tags that the request brings, as `aws:RequestTag/team` and all their
    /// keys together.
    #[must_use]
    pub(crate) fn requesting<'r>(self, tags: impl IntoIterator<Item = &'r Record>) -> Self {
        let pair =
            |tag: &'r Record| Some((tag.text("Key")?, tag.text("Value").unwrap_or_default()));
        self.requesting_pairs(tags.into_iter().filter_map(pair))
    }

    /// The same of tags' keys and values.
    #[must_use]
    pub(crate) fn requesting_pairs<'r>(
        self,
        tags: impl IntoIterator<Item = (&'r str, &'r str)>,
    ) -> Self {
        let mut keys = Vec::new();
        let need = tags.into_iter().fold(self, |need, (key, value)| {
            keys.push(key.to_owned());
            need.with_part(&REQUEST_TAG, key, value)
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
        let need = self.on_tags(tags);
        tags.iter().fold(need, |need, tag| {
            need.with_part(own, &tag.key, tag.value.as_str())
        })
    }

    /// The same for a service without a prefix of its own for tags.
    #[must_use]
    pub(crate) fn on_tags(self, tags: &[Tag]) -> Self {
        tags.iter().fold(self, |need, tag| {
            need.with_part(&RESOURCE_TAG, &tag.key, tag.value.as_str())
        })
    }

    /// The same need with a key that has a part which the request brings.
    #[must_use]
    pub(crate) fn with_part(
        mut self,
        of: &'static ConditionKey,
        key: &str,
        value: impl Into<Value>,
    ) -> Self {
        self.keys.push((Cow::Owned(of.of_part(key)), value.into()));
        self
    }
}
