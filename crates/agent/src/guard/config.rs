//! The guard's configuration: what the file says once it is checked.
//!
//! Reads no file and resolves no name: the world passes the text.

use std::fmt;

use super::own::{NAME_DEFAULT, Own};
use super::path::Asked;
use super::services::Services;
use super::watch::{WATCH_KEYS, Watch};
use crate::caller::HOST_NETWORK;
use crate::config::{Who, Whom};
use crate::text::shown;
use crate::yaml::{Checker, ConfigError, Node, Section, Text, read};

/// A checked configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `callers`: what becomes of everybody but root.
    pub callers: Callers,
    /// `containers`: what becomes of callers in a network of their own.
    pub containers: Containers,
    /// `containers-port`: where the guard listens for them, on all addresses; the packet filter
    /// lets nobody there who was not led there.
    pub containers_port: u16,
    /// `port`: where the guard listens on loopback. One that no ordinary user may take, as the
    /// rules of a guard that was killed still lead there.
    pub port: u16,
    /// `stay`: whether the lockdown stays when the guard is told to end.
    pub stay: bool,
    /// `on-failure`.
    pub on_failure: OnFailure,
    /// `tokens`.
    pub tokens: Tokens,
    /// `sts`: where roles are assumed.
    pub sts: Sts,
    /// `otherwise`: what those see whom no rule is about.
    pub otherwise: Level,
    /// `rules`, in the order of the file: the first that is about caller and path decides.
    pub rules: Vec<Rule>,
    /// `services`: those that get credentials by a secret of their own.
    pub services: Option<Services>,
    /// How the guard is watched.
    pub watch: Watch,
}

/// What becomes of connections to the metadata service that are not root's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callers {
    /// They come to the guard, which answers by its rules.
    Redirect,
    /// They are reset at once.
    Refuse,
}

/// What becomes of what the host forwards to the metadata service, as for containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Containers {
    /// It is reset at once.
    Refuse,
    /// It comes to the guard, which finds out whose it is or refuses it.
    Identify,
}

/// What becomes of the lockdown when it does not prove itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// It stays, as far as it was loaded.
    Closed,
    /// It is removed: the metadata service is open to all.
    Open,
}

/// Whether callers must show a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokens {
    /// A read without one is answered; one that is shown must be good.
    Optional,
    /// A read without one is refused, whatever the instance allows.
    Required,
}

/// `sts`: the service that makes credentials of callers' own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sts {
    /// `region`; `None`: that of the instance.
    pub region: Option<String>,
    /// `endpoint-url`: in place of the service's own.
    pub endpoint_url: Option<String>,
}

/// How much of the service somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    Nothing,
    /// All but the two trees of credentials.
    Metadata,
    /// The same, and credentials of one's own in place of the instance's.
    Own,
    /// All of it, with the credentials of the instance's role.
    Everything,
}

/// One of `rules`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// For the log and for explanations.
    pub name: String,
    /// `who`.
    pub who: Whom,
    /// `paths`: where it holds, in every version; empty: everywhere.
    pub paths: Vec<Prefix>,
    /// `allow`; [`Level::Own`] with `assume-role`.
    pub allow: Level,
    /// `assume-role`, in place of `allow`.
    pub own: Option<Own>,
}

/// A path with all that is below it, without the version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(Vec<String>);

impl Prefix {
    /// Whether the path is this or below it. Case does not count: the service may not care either.
    pub fn holds(&self, asked: &Asked) -> bool {
        let below = asked.below_version();
        let mut pairs = self.0.iter().zip(below);
        below.len() >= self.0.len() && pairs.all(|(own, its)| own.eq_ignore_ascii_case(its))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Metadata => "metadata without credentials",
            Self::Own => "metadata and credentials of its own",
            Self::Everything => "everything",
        })
    }
}

/// Reads a configuration file's text; `file` is its name in messages.
///
/// # Errors
///
/// Every problem found, in the order of the file; never an empty list.
pub fn parse(text: &str, file: &str) -> Result<Config, Vec<ConfigError>> {
    read(text, file, check)
}

fn check(checker: &mut Checker<'_>, tree: Node) -> Option<Config> {
    checker.guard(tree)
}

impl Checker<'_> {
    fn guard(&mut self, tree: Node) -> Option<Config> {
        let known = [&FILE_KEYS[..], &WATCH_KEYS].concat();
        let mut file = self.section(tree, "", &known, &[])?;
        let callers = self.word_or(&mut file, "callers", &CALLERS, Callers::Redirect);
        if callers == Some(Callers::Refuse) {
            self.nothing_for_a_listener(&file);
        }
        let containers = self.word_or(&mut file, "containers", &CONTAINERS, Containers::Refuse);
        let watch = self.watch(&mut file);
        let port = match file.values.remove("port") {
            Some(node) => self.low_port(&node, "port"),
            None => Some(PORT_DEFAULT),
        };
        let containers_port = self.containers_port(&mut file, port, containers);
        let services = file.values.remove("services");
        let services = services.map_or(Some(None), |node| self.services(node, port).map(Some));
        let stay = self.flag_or(&mut file, "stay", false);
        let on_failure = self.word_or(&mut file, "on-failure", &ON_FAILURE, OnFailure::Closed);
        let tokens = self.word_or(&mut file, "tokens", &TOKENS, Tokens::Optional);
        let sts = match file.values.remove("sts") {
            Some(node) => self.sts(node),
            None => Some(Sts::default()),
        };
        let otherwise = self.word_or(&mut file, "otherwise", &LEVELS, Level::Metadata);
        let rules = match file.values.remove("rules") {
            Some(node) => self.guard_rules(node, containers.unwrap_or(Containers::Identify)),
            None => Some(Vec::new()),
        };
        Some(Config {
            callers: callers?,
            containers: containers?,
            containers_port: containers_port?,
            port: port?,
            stay: stay?,
            on_failure: on_failure?,
            tokens: tokens?,
            sts: sts?,
            otherwise: otherwise?,
            rules: rules?,
            services: services?,
            watch: watch?,
        })
    }

    /// Without a listener there is nothing that could obey these.
    fn nothing_for_a_listener(&mut self, file: &Section) {
        for key in [
            "containers",
            "containers-port",
            "port",
            "tokens",
            "sts",
            "otherwise",
            "rules",
            "audit",
        ] {
            if let Some(node) = file.values.get(key) {
                let message = format!("`{key}` does nothing with `callers: refuse`");
                let hint = "say `callers: redirect`, or take it out";
                self.fail::<()>(node.place, message, Some(hint));
            }
        }
    }

    fn containers_port(
        &mut self,
        file: &mut Section,
        port: Option<u16>,
        containers: Option<Containers>,
    ) -> Option<u16> {
        let Some(node) = file.values.remove("containers-port") else {
            return Some(CONTAINERS_PORT_DEFAULT);
        };
        let own = self.low_port(&node, "containers-port")?;
        if containers == Some(Containers::Refuse) {
            let message = "`containers-port` does nothing without `containers: identify`";
            return self.fail(node.place, message, None);
        }
        if Some(own) == port {
            let message = "`containers-port` is the guard's own `port`";
            return self.fail(node.place, message, None);
        }
        Some(own)
    }

    fn sts(&mut self, node: Node) -> Option<Sts> {
        let mut section = self.section(node, "sts", &["region", "endpoint-url"], &[])?;
        let region = self.optional_text(&mut section, "region");
        let endpoint = self.optional_text(&mut section, "endpoint-url");
        let region = region.map(|text| self.region(&text).ok_or(()));
        let endpoint = endpoint.map(|text| self.url(&text).ok_or(()));
        Some(Sts {
            region: region.transpose().ok()?,
            endpoint_url: endpoint.transpose().ok()?,
        })
    }

    fn guard_rules(&mut self, node: Node, containers: Containers) -> Option<Vec<Rule>> {
        let nodes = self.rules_of(node, "rules")?;
        let nodes = nodes.into_iter().enumerate();
        Some(
            nodes
                .filter_map(|(at, node)| self.guard_rule(node, at, containers))
                .collect(),
        )
    }

    fn guard_rule(&mut self, node: Node, at: usize, containers: Containers) -> Option<Rule> {
        let path = format!("rules[{at}]");
        let mut section = self.section(node, &path, &RULE_KEYS, &[])?;
        let name = self
            .optional_text(&mut section, "name")
            .map(Text::into_string);
        let who = self.needed(&mut section, "who");
        let place = who.as_ref().map_or(section.place, |node| node.place);
        let who = who.and_then(|node| self.who(node, &format!("{path}.who"), &WHO_KEYS));
        let paths = self.prefixes(&mut section);
        let (allow, own) = self.opened(&mut section, &LEVELS, NAME_DEFAULT)?;
        if let Some(Whom::Those(who)) = &who
            && let Some((what, hint)) = misfit(who, allow, containers)
        {
            return self.fail(place, format!("`{path}.who` {what}"), Some(hint));
        }
        Some(Rule {
            name: name.unwrap_or_else(|| format!("rule {}", at + 1)),
            who: who?,
            paths: paths?,
            allow,
            own,
        })
    }

    /// `allow`, or `assume-role` in its place.
    pub(super) fn opened(
        &mut self,
        section: &mut Section,
        levels: &[(&str, Level)],
        name_default: &str,
    ) -> Option<(Level, Option<Own>)> {
        let path = section.path_of("assume-role");
        match section.values.remove("assume-role") {
            Some(node) if section.values.contains_key("allow") => {
                let rule = path.trim_end_matches(".assume-role");
                let message = format!("`{rule}` has both `allow` and `assume-role`");
                let hint = "`assume-role` opens the metadata and credentials of the caller's own";
                self.fail(node.place, message, Some(hint))
            }
            Some(node) => {
                let own = self.own(node, &path, name_default)?;
                Some((Level::Own, Some(own)))
            }
            None => {
                let node = self.needed(section, "allow")?;
                let level = self.word(node, section.path_of("allow"), levels)?;
                Some((level, None))
            }
        }
    }

    fn prefixes(&mut self, section: &mut Section) -> Option<Vec<Prefix>> {
        let Some(node) = section.values.remove("paths") else {
            return Some(Vec::new());
        };
        let texts = self.texts(node, &section.path_of("paths"))?;
        let prefixes: Vec<_> = texts.iter().filter_map(|text| self.prefix(text)).collect();
        // One that could not be read must not leave a rule about every path.
        (prefixes.len() == texts.len()).then_some(prefixes)
    }

    fn prefix(&mut self, text: &Text) -> Option<Prefix> {
        let written = shown(&text.value);
        // The version is any; a caller may leave it out of nothing.
        let asked = Asked::read(&format!("/latest/{}", text.value.trim_start_matches('/')));
        let asked = match asked {
            Ok(asked) => asked,
            Err(fault) => {
                let message = format!("`{}` is no path of the service: {fault}", text.path);
                return self.fail(text.place, message, None);
            }
        };
        let segments = asked.below_version();
        let first = segments.first().map(String::as_str);
        if first.is_some_and(|first| ROOTS.contains(&first)) {
            return Some(Prefix(segments.to_vec()));
        }
        let message = format!("`{}` is no path below a version: `{written}`", text.path);
        let hint = "without the version, as in `meta-data/placement`, `user-data` or `dynamic`";
        self.fail(text.place, message, Some(hint))
    }

    fn word_or<T: Copy>(
        &mut self,
        section: &mut Section,
        key: &str,
        words: &[(&str, T)],
        default: T,
    ) -> Option<T> {
        match section.values.remove(key) {
            Some(node) => self.word(node, section.path_of(key), words),
            None => Some(default),
        }
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(
        &mut self,
        node: Node,
        path: String,
        words: &[(&str, T)],
    ) -> Option<T> {
        let text = self.text(node, path)?;
        let found = words.iter().find(|(word, _)| *word == *text.value);
        if let Some((_, value)) = found {
            return Some(*value);
        }
        let known: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let message = format!("`{}` must be one of {}", text.path, known.join(", "));
        self.fail(text.place, message, None)
    }
}

/// What makes a description of callers mean less, or more, than it seems to.
fn misfit(who: &Who, allow: Level, containers: Containers) -> Option<(&'static str, &'static str)> {
    let is_path = |network: &String| network != HOST_NETWORK;
    if containers == Containers::Refuse && who.network_namespace.iter().any(is_path) {
        return Some((
            "names a network that is not the host's, from where everybody is refused",
            "say `containers: identify` to have the guard tell callers there apart",
        ));
    }
    // An image may have any user, also one that has a name on the host.
    let by_number = !who.uid.is_empty() || !who.gid.is_empty();
    let mut others = [&who.exe, &who.unit, &who.cgroup, &who.network_namespace].into_iter();
    let by_number_alone = by_number && others.all(Vec::is_empty);
    if containers == Containers::Identify && allow > Level::Metadata && by_number_alone {
        return Some((
            "opens more than metadata by a number that containers' users may have as well",
            "say where: `network-namespace: host`, or the path of a container's",
        ));
    }
    None
}

/// The default of `port`.
pub const PORT_DEFAULT: u16 = 980;
/// The default of `containers-port`.
const CONTAINERS_PORT_DEFAULT: u16 = 982;
/// The last port that takes a privilege to listen on (ip(7), `ip_unprivileged_port_start`).
pub const PORT_MAX: u16 = 1_023;

const FILE_KEYS: [&str; 11] = [
    "callers",
    "containers",
    "containers-port",
    "port",
    "stay",
    "on-failure",
    "tokens",
    "sts",
    "otherwise",
    "rules",
    "services",
];
const RULE_KEYS: [&str; 5] = ["name", "who", "paths", "allow", "assume-role"];
const WHO_KEYS: [&str; 6] = ["uid", "gid", "exe", "unit", "cgroup", "network-namespace"];
const CALLERS: [(&str, Callers); 2] =
    [("redirect", Callers::Redirect), ("refuse", Callers::Refuse)];
const CONTAINERS: [(&str, Containers); 2] = [
    ("refuse", Containers::Refuse),
    ("identify", Containers::Identify),
];
const ON_FAILURE: [(&str, OnFailure); 2] =
    [("closed", OnFailure::Closed), ("open", OnFailure::Open)];
const TOKENS: [(&str, Tokens); 2] = [
    ("optional", Tokens::Optional),
    ("required", Tokens::Required),
];
const LEVELS: [(&str, Level); 3] = [
    ("nothing", Level::Nothing),
    ("metadata", Level::Metadata),
    ("everything", Level::Everything),
];
/// What stands below a version.
const ROOTS: [&str; 3] = ["meta-data", "dynamic", "user-data"];
