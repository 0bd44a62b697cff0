//! Who may read what, as the file says it; what it decides is [`crate::access`].

use std::collections::BTreeMap;

/// `access`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    /// `rules`, in the order of the file. `None`: each listener's own default applies.
    pub rules: Option<Vec<Rule>>,
    /// `tokens`: name of each to the path of the file that holds it.
    pub tokens: BTreeMap<String, String>,
}

/// One of `access.rules`: whom it is about, and what it opens to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// For the audit log and for explanations.
    pub name: String,
    /// `who`.
    pub who: Whom,
    /// `resources`: names of `secret-manager.aws.resources`; `*` stands for any characters.
    pub resources: Vec<String>,
    /// `secrets`: names and ARNs; `*` stands for any characters.
    pub secrets: Vec<String>,
    /// `keys`: members of the JSON object; empty opens them all, and the secret as a whole.
    pub keys: Vec<String>,
    /// `credentials`: whether the container-credentials endpoint is open.
    pub credentials: bool,
}

/// `who`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// `anyone`.
    Anyone,
    /// Those for whom all of it holds.
    Those(Who),
}

/// A description of callers: each list that is not empty must hold one that fits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// `uid`: numbers or names of users.
    pub uid: Vec<Principal>,
    /// `gid`: numbers or names of groups, supplementary ones too.
    pub gid: Vec<Principal>,
    /// `exe`: absolute paths of executables; `*` stands for any characters.
    pub exe: Vec<String>,
    /// `unit`: names of systemd units; `*` stands for any characters.
    pub unit: Vec<String>,
    /// `cgroup`: paths of control groups, with what is below them.
    pub cgroup: Vec<String>,
    /// `network-namespace`: `host`, and absolute paths of network namespaces.
    pub network_namespace: Vec<String>,
    /// `certificate`: names in the client's certificate; `*` stands for any characters.
    pub certificate: Vec<String>,
    /// `token`: names of `access.tokens`.
    pub token: Vec<String>,
}

/// A user or a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// By number.
    Id(u32),
    /// By name, which the world looks up when it reads the file.
    Name(String),
}

/// `audit`: a line of JSON for each read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Where to.
    pub target: AuditTarget,
    /// Whether a read that cannot be recorded is refused.
    pub required: bool,
}

/// `audit.file`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditTarget {
    /// `-`: standard error, for the journal.
    Stderr,
    /// Appended to; made with mode 0600.
    File(String),
}
