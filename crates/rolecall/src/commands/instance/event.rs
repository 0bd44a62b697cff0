//! `rolecall instance event`: what AWS would announce to an instance, announced by its operator.

use account::entity::{InterruptionAction, MaintenanceCode};
use account::metadata::Announcement;

use super::super::moment::coming;
use crate::cli::Event;
use crate::clock;
use crate::control::Control;
use crate::failure::{Exit, Failure};

/// Says it; the next read of the metadata service tells it.
pub(super) fn run(flags: &Event) -> Result<Exit, Failure> {
    let what = announcement(flags)?;
    Control::connect(flags.running.data.clone())?.announce(&flags.id, what)?;
    Ok(Exit::Done)
}

fn announcement(flags: &Event) -> Result<Announcement, Failure> {
    // Whole seconds: what the metadata service shows of a moment is all there is to it.
    let now = clock::now();
    let now = jiff::Timestamp::from_second(now.as_second()).unwrap_or(now);
    let at = |flag: &str, text: &Option<String>| {
        let text = text.as_deref();
        text.map(|text| coming(flag, text, now)).transpose()
    };
    if let Some(code) = &flags.maintenance {
        let all = MaintenanceCode::ALL.map(|code| (code.as_str(), code));
        return Ok(Announcement::Maintenance {
            code: named("--maintenance", code, &all)?,
            not_before: at("--not-before", &flags.not_before)?.unwrap_or(now),
            not_after: at("--not-after", &flags.not_after)?,
        });
    }
    if let Some(time) = at("--spot-interruption", &flags.spot_interruption)? {
        let all = InterruptionAction::ALL.map(|action| (action.as_str(), action));
        let action = flags.action.as_deref().unwrap_or("terminate");
        let action = named("--action", action, &all)?;
        return Ok(Announcement::Interruption { action, time });
    }
    Ok(match (flags.rebalance, flags.complete) {
        (true, _) => Announcement::Rebalance,
        (_, true) => Announcement::Completed,
        (false, false) => Announcement::Cleared,
    })
}

fn named<T: Copy>(flag: &str, text: &str, all: &[(&str, T)]) -> Result<T, Failure> {
    let found = all.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<String> = all.iter().map(|(name, _)| format!("`{name}`")).collect();
        Failure::wrong(format!("`{flag} {text}` is not known"))
            .hint(format!("it is one of {}", names.join(", ")))
    })
}
