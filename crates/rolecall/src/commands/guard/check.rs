//! `rolecall guard check`: what the metadata service shows to whom on this host, as it is now.

use serde_json::json;

use crate::cli::{CheckGuard, Format};
use crate::failure::{Exit, Failure};
use crate::guard::{self, Reach, Sight};
use crate::term;

/// Prints what each user sees; the exit code tells whether others than root get credentials.
pub(crate) fn run(flags: &CheckGuard) -> Result<Exit, Failure> {
    let sights = guard::look().map_err(|error| {
        Failure::unfinished(format!("another user cannot be tried: {error}"))
            .hint("run it as root with `CAP_SETUID` and `CAP_SETGID`, or as an ordinary user")
    })?;
    match flags.format {
        Format::Text => term::data(&sights.iter().map(text).collect::<String>()),
        Format::Json => {
            let sights: Vec<_> = sights.iter().map(json).collect();
            term::data(&format!("{}\n", json!({ "sights": sights })));
        }
    }
    let answered = |sight: &&Sight| matches!(sight.reach, Reach::Answered { .. });
    if sights.iter().any(|sight| sight.uid != 0 && is_open(sight)) {
        return Ok(Exit::No);
    }
    let refused = |sight: &&Sight| sight.uid != 0 && sight.reach == Reach::Refused;
    if sights
        .iter()
        .any(|sight| answered(&sight) || refused(&sight))
    {
        return Ok(Exit::Done);
    }
    Err(Failure::unfinished("no metadata service answers here")
        .hint("outside of EC2 there is none; on EC2 it may be switched off for the instance"))
}

fn is_open(sight: &Sight) -> bool {
    matches!(
        sight.reach,
        Reach::Answered {
            credentials: true,
            ..
        }
    )
}

fn text(sight: &Sight) -> String {
    let said = match sight.reach {
        Reach::Answered {
            by_guard,
            without_token,
            credentials,
        } => {
            let who = if by_guard { "a guard" } else { "the service" };
            let open = if credentials { "open" } else { "closed" };
            let tokens = if without_token {
                "optional"
            } else {
                "required"
            };
            format!("{who} answers; credentials {open}, tokens {tokens}")
        }
        Reach::Refused => "refused".to_owned(),
        Reach::NoRoute => "no route".to_owned(),
        Reach::NoAnswer => "no answer".to_owned(),
    };
    format!("uid {} at {}: {said}\n", sight.uid, sight.address)
}

fn json(sight: &Sight) -> serde_json::Value {
    let (reach, facts) = match sight.reach {
        Reach::Answered {
            by_guard,
            without_token,
            credentials,
        } => ("answered", Some((by_guard, without_token, credentials))),
        Reach::Refused => ("refused", None),
        Reach::NoRoute => ("no-route", None),
        Reach::NoAnswer => ("no-answer", None),
    };
    json!({
        "uid": sight.uid,
        "address": sight.address.to_string(),
        "reach": reach,
        "by_guard": facts.map(|it| it.0),
        "tokens_required": facts.map(|it| !it.1),
        "credentials_open": facts.map(|it| it.2),
    })
}
