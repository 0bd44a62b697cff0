//! One rule, with its names looked up: whom it is about, and what it opens.

use super::Names;
use crate::caller::{Caller, NO_GID, Process};
use crate::config::{Principal, Rule, Who, Whom};
use crate::pattern::fits;
use crate::text::shown;

#[derive(Debug, Clone)]
pub(super) struct Compiled {
    rule: Rule,
    uids: Vec<u32>,
    gids: Vec<u32>,
}

/// A rule that names somebody whom the host does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rule `{}` names the {kind} `{}`, which this host does not have", shown(.rule), shown(.name))]
pub struct NameError {
    rule: String,
    kind: &'static str,
    name: String,
}

impl Compiled {
    pub(super) fn new(
        rule: &Rule,
        user: impl Fn(&str) -> Option<u32>,
        group: impl Fn(&str) -> Option<u32>,
    ) -> Result<Self, NameError> {
        let unknown = |kind, name: &str| NameError {
            rule: rule.name.clone(),
            kind,
            name: name.to_owned(),
        };
        let (uid, gid) = match &rule.who {
            Whom::Anyone => (&[][..], &[][..]),
            Whom::Those(who) => (&who.uid[..], &who.gid[..]),
        };
        let uids = ids(uid, user).map_err(|name| unknown("user", name))?;
        let gids = ids(gid, group).map_err(|name| unknown("group", name))?;
        Ok(Self {
            rule: rule.clone(),
            uids,
            gids,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.rule.name
    }

    /// Whether the rule is about this caller: all that it asks for must hold.
    pub(super) fn names(&self, caller: &Caller) -> bool {
        let Whom::Those(who) = &self.rule.who else {
            return true;
        };
        let process = caller.process.as_ref();
        let process_fits = |process: Option<&Process>| {
            process.is_some_and(|process| {
                (self.uids.is_empty() || self.uids.contains(&process.uid))
                    && (self.gids.is_empty() || self.has_group(process))
                    && fits_any(&who.exe, process.exe.as_deref())
                    && fits_any(&who.unit, process.unit.as_deref())
                    && (who.cgroup.is_empty() || is_below(&who.cgroup, process))
            })
        };
        let token_fits = |token: &String| who.token.contains(token);
        (!asks_process(who) || process_fits(process))
            && (who.certificate.is_empty()
                || caller
                    .certificate_names
                    .iter()
                    .any(|name| fits_any(&who.certificate, Some(name))))
            && (who.token.is_empty() || caller.token.as_ref().is_some_and(token_fits))
    }

    pub(super) fn opens(&self, resource: Option<&str>, names: &Names<'_>) -> bool {
        let by_resource =
            resource.is_some_and(|name| self.rule.resources.iter().any(|it| fits(it, name)));
        let mut secrets = self.rule.secrets.iter();
        by_resource || secrets.any(|pattern| names.0.iter().any(|name| fits(pattern, name)))
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

    fn has_group(&self, process: &Process) -> bool {
        let groups = process.groups.iter().chain([&process.gid]);
        let mut known = groups.filter(|gid| **gid != NO_GID);
        known.any(|gid| self.gids.contains(gid))
    }
}

fn asks_process(who: &Who) -> bool {
    let Who {
        uid,
        gid,
        exe,
        unit,
        cgroup,
        certificate: _,
        token: _,
    } = who;
    !(uid.is_empty() && gid.is_empty() && exe.is_empty() && unit.is_empty() && cgroup.is_empty())
}

/// No pattern asks for nothing.
fn fits_any(patterns: &[String], text: Option<&str>) -> bool {
    let fits_one = |text| patterns.iter().any(|pattern| fits(pattern, text));
    patterns.is_empty() || text.is_some_and(fits_one)
}

fn is_below(groups: &[String], process: &Process) -> bool {
    let Some(own) = &process.cgroup else {
        return false;
    };
    groups.iter().any(|group| {
        let rest = own.strip_prefix(group.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn ids(principals: &[Principal], look_up: impl Fn(&str) -> Option<u32>) -> Result<Vec<u32>, &str> {
    let id = |principal| match principal {
        &Principal::Id(id) => Ok(id),
        Principal::Name(name) => look_up(name).ok_or(name.as_str()),
    };
    principals.iter().map(id).collect()
}
