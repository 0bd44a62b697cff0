//! `rolecall guard explain`: may a caller read a path, and what does each rule say of it.

use agent::Process;
use agent::caller::{HOST_NETWORK, NO_GID, Network};
use agent::guard::{Asked, Callers, Config, Containers, Decision, Rules, Verdict};
use serde_json::json;

use super::super::ids;
use super::{read, rules};
use crate::cli::{ExplainGuard, Format};
use crate::failure::{Exit, Failure};
use crate::host::users;
use crate::term;

/// Prints the decision; the exit code tells it too.
pub(crate) fn run(flags: &ExplainGuard) -> Result<Exit, Failure> {
    let config = read(&flags.config)?;
    let rules = rules(&config)?;
    let process = process(flags, &rules)?;
    let asked = Asked::read(&flags.path).map_err(|fault| {
        Failure::no(format!(
            "nobody gets `{}`: {fault}",
            term::shown(&flags.path)
        ))
    })?;
    let (is_allowed, reason) = decide(&config, &process, || rules.decide(&process, &asked));
    let verdicts = rules.explain(&process, &asked);
    match flags.format {
        Format::Text => term::data(&text(is_allowed, &reason, &verdicts)),
        Format::Json => {
            let verdicts = verdicts.iter();
            let verdicts =
                verdicts.map(|(rule, says)| json!({"rule": rule, "says": says.to_string()}));
            let value = json!({
                "allowed": is_allowed,
                "reason": reason,
                "rules": verdicts.collect::<Vec<_>>(),
            });
            term::data(&format!("{value}\n"));
        }
    }
    Ok(if is_allowed { Exit::Done } else { Exit::No })
}

fn decide(
    config: &Config,
    process: &Process,
    by_rules: impl FnOnce() -> Decision,
) -> (bool, String) {
    let is_host = process.network.as_ref().is_none_or(Network::is_host);
    if process.uid == 0 && is_host {
        let reason = "root reaches the metadata service itself, whatever the rules say";
        return (true, reason.to_owned());
    }
    if config.callers == Callers::Refuse {
        return (
            false,
            "`callers: refuse` is for everybody but root".to_owned(),
        );
    }
    if config.containers == Containers::Refuse && !is_host {
        let reason = "`containers: refuse` is for all that the host forwards";
        return (false, reason.to_owned());
    }
    match by_rules() {
        Decision::Allowed(reason) => (true, reason.to_string()),
        Decision::Own(session) => {
            let rule = &session.rule;
            (
                true,
                format!("rule `{rule}` gives it credentials of its own: {session}"),
            )
        }
        Decision::Denied(denial) => (false, denial.to_string()),
    }
}

/// What is not said of it is not known.
fn process(flags: &ExplainGuard, rules: &Rules) -> Result<Process, Failure> {
    let groups = flags.gid.iter();
    let groups = groups.map(|text| ids::number("--gid", text, users::gid));
    let groups = groups.collect::<Result<Vec<_>, _>>()?;
    Ok(Process {
        pid: None,
        uid: ids::number("--uid", &flags.uid, users::uid)?,
        gid: groups.first().copied().unwrap_or(NO_GID),
        groups,
        exe: flags.exe.clone(),
        unit: flags.unit.clone(),
        // A unit has a control group, whatever its path is.
        cgroup: flags.cgroup.clone().or_else(|| flags.unit.clone()),
        network: flags
            .network_namespace
            .as_deref()
            .map(|it| network(it, rules)),
    })
}

/// The one that rules call so, and no other.
fn network(called: &str, rules: &Rules) -> Network {
    let is_host = called == HOST_NETWORK;
    let paths = rules.networks().iter();
    let paths = paths.map(|path| (path.clone(), Some(path == called && !is_host)));
    Network {
        name: called.to_owned(),
        paths: paths.collect(),
    }
}

fn text(is_allowed: bool, reason: &str, verdicts: &[(&str, Verdict)]) -> String {
    let answer = if is_allowed { "allowed" } else { "denied" };
    let lines = verdicts.iter();
    let lines = lines.map(|(rule, verdict)| format!("  rule `{rule}` {verdict}\n"));
    format!("{answer}: {reason}\n{}", lines.collect::<String>())
}
