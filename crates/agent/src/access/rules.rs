//! One rule, with its names looked up: whom it is about, and what it opens.

use std::collections::BTreeMap;

use super::{Names, Wanted};
use crate::ask::Ask;
use crate::caller::{Caller, NO_GID, Process};
use crate::config::{Principal, Rule, Whom};
use crate::pattern::fits;
use crate::text::shown;

#[derive(Debug, Clone)]
pub(super) struct Compiled {
    rule: Rule,
    // What the rule's resources are.
    asks: Vec<Ask>,
    ids: Ids,
}

/// The users and groups of a `who`, by number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ids {
    pub(crate) uids: Vec<u32>,
    pub(crate) gids: Vec<u32>,
}

/// A rule that names somebody whom the host does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "rule `{}` names the {kind} `{}`, which this host does not have",
    shown(.rule), shown(.name)
)]
pub struct NameError {
    rule: String,
    kind: &'static str,
    name: String,
}

impl Compiled {
    pub(super) fn new(
        rule: &Rule,
        resources: &BTreeMap<String, Ask>,
        user: impl Fn(&str) -> Option<u32>,
        group: impl Fn(&str) -> Option<u32>,
    ) -> Result<Self, NameError> {
        let ids = Ids::look_up(&rule.name, &rule.who, user, group)?;
        let is_named = |name: &str| rule.resources.iter().any(|it| fits(it, name));
        let asks = resources.iter().filter(|(name, _)| is_named(name));
        Ok(Self {
            rule: rule.clone(),
            asks: asks.map(|(_, ask)| ask.clone()).collect(),
            ids,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.rule.name
    }

    /// Whether the rule is about this caller.
    pub(super) fn names(&self, caller: &Caller) -> bool {
        self.mismatch(caller).is_none()
    }

    /// The first of `who` that does not hold of this caller; all of it must.
    pub(super) fn mismatch(&self, caller: &Caller) -> Option<&'static str> {
        let Whom::Those(who) = &self.rule.who else {
            return None;
        };
        let process = caller.process.as_ref();
        let of = |test: &dyn Fn(&Process) -> bool| process.is_some_and(test);
        let names = || caller.certificate_names.iter();
        let token = caller.token.as_ref();
        let tests = [
            (
                "uid",
                self.ids.uids.is_empty() || of(&|it| self.ids.uids.contains(&it.uid)),
            ),
            (
                "gid",
                self.ids.gids.is_empty() || of(&|it| self.ids.have_group(it)),
            ),
            (
                "exe",
                of_any(&who.exe, process.and_then(|it| it.exe.as_deref())),
            ),
            (
                "unit",
                of_any(&who.unit, process.and_then(|it| it.unit.as_deref())),
            ),
            (
                "cgroup",
                who.cgroup.is_empty() || of(&|it| is_below(&who.cgroup, it)),
            ),
            (
                "certificate",
                who.certificate.is_empty() || names().any(|it| of_any(&who.certificate, Some(it))),
            ),
            (
                "token",
                who.token.is_empty() || token.is_some_and(|it| who.token.contains(it)),
            ),
        ];
        tests
            .iter()
            .find(|(_, holds)| !holds)
            .map(|(name, _)| *name)
    }

    /// Whether the secret is among what it opens: as a resource, by whatever of `names` that is
    /// asked for, or as one of `secrets`.
    pub(super) fn opens(&self, wanted: &Wanted<'_>, names: &Names<'_>) -> bool {
        let resources = || self.rule.resources.iter();
        let by_resource = wanted
            .resource
            .is_some_and(|name| resources().any(|it| fits(it, name)));
        let is_name = |text: &str| names.0.contains(&text);
        let is_resource = |ask: &Ask| {
            ask.role() == wanted.ask.role()
                && ask.version_id() == wanted.ask.version_id()
                && ask.version_stage() == wanted.ask.version_stage()
                && (ask.secret_id() == wanted.ask.secret_id() || is_name(ask.secret_id()))
        };
        let mut secrets = self.rule.secrets.iter();
        by_resource
            || self.asks.iter().any(is_resource)
            || secrets.any(|pattern| names.0.iter().any(|name| fits(pattern, name)))
    }

    /// Whether this key, or with `None` the whole secret, is among what it opens.
    pub(super) fn opens_key(&self, key: Option<&str>) -> bool {
        let keys = &self.rule.keys;
        keys.is_empty() || key.is_some_and(|key| keys.iter().any(|known| known == key))
    }

    pub(super) fn opens_credentials(&self) -> bool {
        self.rule.credentials
    }

    /// Whether it asks for more of a process than its user.
    pub(super) fn needs_process(&self) -> bool {
        match &self.rule.who {
            Whom::Anyone => false,
            Whom::Those(who) => {
                let beyond_user = [&who.exe, &who.unit, &who.cgroup];
                !who.gid.is_empty() || beyond_user.iter().any(|it| !it.is_empty())
            }
        }
    }
}

impl Ids {
    /// Looks up the names of a rule's `who`.
    pub(crate) fn look_up(
        rule: &str,
        who: &Whom,
        user: impl Fn(&str) -> Option<u32>,
        group: impl Fn(&str) -> Option<u32>,
    ) -> Result<Self, NameError> {
        let unknown = |kind, name: &str| NameError {
            rule: rule.to_owned(),
            kind,
            name: name.to_owned(),
        };
        let (uid, gid) = match who {
            Whom::Anyone => (&[][..], &[][..]),
            Whom::Those(who) => (&who.uid[..], &who.gid[..]),
        };
        Ok(Self {
            uids: numbers(uid, user).map_err(|name| unknown("user", name))?,
            gids: numbers(gid, group).map_err(|name| unknown("group", name))?,
        })
    }

    /// Whether one of the process's groups that are known is among them.
    pub(crate) fn have_group(&self, process: &Process) -> bool {
        let groups = process.groups.iter().chain([&process.gid]);
        let mut known = groups.filter(|gid| **gid != NO_GID);
        known.any(|gid| self.gids.contains(gid))
    }
}

/// No pattern asks for nothing.
pub(crate) fn of_any(patterns: &[String], text: Option<&str>) -> bool {
    let fits_one = |text| patterns.iter().any(|pattern| fits(pattern, text));
    patterns.is_empty() || text.is_some_and(fits_one)
}

/// Whether the process is in one of the control groups, or below it.
pub(crate) fn is_below(groups: &[String], process: &Process) -> bool {
    let Some(own) = &process.cgroup else {
        return false;
    };
    groups.iter().any(|group| {
        let rest = own.strip_prefix(group.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn numbers(
    principals: &[Principal],
    look_up: impl Fn(&str) -> Option<u32>,
) -> Result<Vec<u32>, &str> {
    let id = |principal| match principal {
        &Principal::Id(id) => Ok(id),
        Principal::Name(name) => look_up(name).ok_or(name.as_str()),
    };
    principals.iter().map(id).collect()
}
