//! `rolecall agent explain`: may a caller read a secret, and what does each rule say of it.

use agent::access::{Decision, Listener, Verdict, Wanted};
use agent::caller::NO_GID;
use agent::config::Config;
use agent::{Ask, Caller, Process};
use serde_json::json;

use super::super::ids;
use super::live;
use crate::cli::{ExplainAccess, Format, Way};
use crate::failure::{Exit, Failure};
use crate::host::users;
use crate::term;

/// Prints the decision; the exit code tells it too.
pub(crate) fn run(flags: &ExplainAccess, config: &Config) -> Result<Exit, Failure> {
    let rules = live::rules(config)?;
    let caller = caller(flags)?;
    let resources = &config.secret_manager.resources;
    let resource = resources.get_key_value(&flags.secret);
    let asked = Ask::new(flags.secret.as_str(), None, None)
        .map_err(|error| Failure::wrong(format!("`--secret`: {error}")))?;
    let wanted = Wanted {
        resource: resource.map(|(name, _)| name.as_str()),
        ask: resource.map_or(&asked, |(_, ask)| ask),
        key: flags.key.as_deref(),
    };
    let decision = rules.decide(&caller, flags.listener.into(), wanted);
    let verdicts = rules.explain(&caller, wanted);
    match flags.format {
        Format::Text => term::data(&text(&decision, &verdicts)),
        Format::Json => term::data(&format!("{}\n", json(&decision, &verdicts))),
    }
    Ok(if decision.is_allowed() {
        Exit::Done
    } else {
        Exit::No
    })
}

fn caller(flags: &ExplainAccess) -> Result<Caller, Failure> {
    let uid = flags
        .uid
        .as_deref()
        .map(|text| ids::number("--uid", text, users::uid));
    let groups = flags.gid.iter();
    let groups = groups.map(|text| ids::number("--gid", text, users::gid));
    let groups = groups.collect::<Result<Vec<_>, _>>()?;
    let process = uid.transpose()?.map(|uid| Process {
        pid: None,
        uid,
        gid: groups.first().copied().unwrap_or(NO_GID),
        groups,
        exe: flags.exe.clone(),
        unit: flags.unit.clone(),
        cgroup: flags.cgroup.clone(),
        network: None,
    });
    let beyond_user = [&flags.exe, &flags.unit, &flags.cgroup];
    if process.is_none() && (!flags.gid.is_empty() || beyond_user.iter().any(|it| it.is_some())) {
        return Err(Failure::wrong("a process without its user is not known")
            .hint("say `--uid` with `--gid`, `--exe`, `--unit` and `--cgroup`"));
    }
    Ok(Caller {
        process,
        certificate_names: flags.certificate.iter().cloned().collect(),
        token: flags.token.clone(),
        address: None,
    })
}

fn text(decision: &Decision, verdicts: &[(&str, Verdict)]) -> String {
    let head = match decision {
        Decision::Allowed(rule) => format!("allowed by rule `{rule}`\n"),
        Decision::AllowedByDefault(why) => {
            format!("allowed: there are no `access.rules`, so {why} is enough\n")
        }
        Decision::Denied(denial) => format!("denied: {denial}\n"),
    };
    let lines = verdicts.iter();
    let lines = lines.map(|(rule, verdict)| format!("  rule `{rule}` {verdict}\n"));
    head + &lines.collect::<String>()
}

fn json(decision: &Decision, verdicts: &[(&str, Verdict)]) -> serde_json::Value {
    let (by, why) = match decision {
        Decision::Allowed(rule) => (Some(rule.as_str()), "opened by a rule".to_owned()),
        Decision::AllowedByDefault(why) => (None, (*why).to_owned()),
        Decision::Denied(denial) => (None, denial.to_string()),
    };
    let rules = verdicts.iter();
    let rules = rules.map(|(rule, verdict)| json!({ "rule": rule, "says": verdict.to_string() }));
    json!({
        "allowed": decision.is_allowed(),
        "rule": by,
        "reason": why,
        "rules": rules.collect::<Vec<_>>(),
    })
}

impl From<Way> for Listener {
    fn from(way: Way) -> Self {
        match way {
            Way::Tcp => Self::Tcp,
            Way::Tls => Self::MutualTls,
            Way::Uds => Self::Uds,
            Way::Http => Self::Management,
            Way::AwsHttp => Self::AwsHttp,
            Way::AwsSocket => Self::AwsSocket,
            Way::Sdk => Self::Sdk,
            Way::SystemdCredentials => Self::SystemdCredentials,
        }
    }
}
