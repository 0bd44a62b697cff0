//! When a secret rotates by itself: windows of time, as its rules say. All of it is UTC.
//!
//! A rotation begins when its window opens. A window that nobody was there for is not made up for
//! outside of one: the next that is open counts.
//!
//! Source: Secrets Manager User Guide, "Rotation schedules"; API Reference, "RotationRulesType".

mod cron;

use jiff::{SignedDuration, Timestamp};

use self::cron::Cron;
use crate::entity::{RotationRules, Window};

/// Rules that were understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Schedule {
    every: Every,
    duration_hours: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Every {
    Days(i64),
    Hours(i64),
    Cron(Cron),
}

impl Schedule {
    /// The schedule of rules, if they have one; or what is wrong with them.
    pub(super) fn of(rules: &RotationRules) -> Result<Option<Self>, String> {
        let every = match (rules.days, &rules.expression) {
            (Some(_), Some(_)) => {
                return Err(
                    "You can't specify both AutomaticallyAfterDays and ScheduleExpression."
                        .to_owned(),
                );
            }
            (Some(days), None) => Every::Days(days),
            (None, Some(text)) => Every::read(text)?,
            (None, None) if rules.duration_hours.is_some() => {
                return Err(
                    "You can't specify Duration without AutomaticallyAfterDays or \
                     ScheduleExpression."
                        .to_owned(),
                );
            }
            (None, None) => return Ok(None),
        };
        let duration_hours = rules.duration_hours;
        if let Some(hours) = duration_hours {
            let max = every.duration_hours_max();
            if !(1..=max).contains(&hours) {
                return Err(format!(
                    "The Duration {hours}h is invalid for this rotation schedule. It must be \
                     between 1h and {max}h, so that the rotation window extends neither into the \
                     next UTC day nor into the next rotation window."
                ));
            }
        }
        Ok(Some(Self {
            every,
            duration_hours,
        }))
    }

    /// The first window after what counts as the last rotation that is not over at `now`. None
    /// where the calendar ends.
    pub(super) fn next(&self, last: Timestamp, now: Timestamp) -> Option<Window> {
        let start = match &self.every {
            Every::Days(days) => after(floor(last, DAY), *days, DAY)?,
            // What divides the day begins at midnight; anything else where the last one was.
            Every::Hours(hours) if HOURS_PER_DAY % hours == 0 => {
                let since = last.as_second() - floor(last, DAY).as_second();
                let gone = since.div_euclid(hours * HOUR) + 1;
                after(floor(last, DAY), gone * hours, HOUR)?
            }
            Every::Hours(hours) => after(floor(last, HOUR), *hours, HOUR)?,
            Every::Cron(cron) => cron.next(last)?,
        };
        self.not_over(start, now)
    }

    /// The window that opens at `start`, or where that is over, the first that is not.
    pub(super) fn not_over(&self, start: Timestamp, now: Timestamp) -> Option<Window> {
        let planned = self.window(start)?;
        if planned.end > now {
            return Some(planned);
        }
        match &self.every {
            // What is overdue waits for no period more.
            Every::Days(_) => {
                let today = self.window(floor(now, DAY))?;
                let tomorrow = self.window(after(today.start, 1, DAY)?);
                Some(today).filter(|today| today.end > now).or(tomorrow)
            }
            Every::Hours(_) => self.window(floor(now, HOUR)),
            Every::Cron(cron) => {
                // A window is in one day.
                let mut from = start.max(floor(now, DAY) - SignedDuration::from_secs(1));
                for _ in 0..=HOURS_PER_DAY / HOURS_BETWEEN_MIN {
                    let window = self.window(cron.next(from)?)?;
                    if window.end > now {
                        return Some(window);
                    }
                    from = window.start;
                }
                None
            }
        }
    }

    fn window(&self, start: Timestamp) -> Option<Window> {
        let default_hours = match &self.every {
            Every::Days(_) => HOURS_PER_DAY,
            Every::Hours(_) => 1,
            Every::Cron(cron) => cron.default_hours(start),
        };
        let hours = self.duration_hours.unwrap_or(default_hours);
        let end = after(start, hours, HOUR)?;
        Some(Window { start, end })
    }
}

impl Every {
    fn read(text: &str) -> Result<Self, String> {
        let invalid = |why: String| format!("Invalid ScheduleExpression {text}: {why}");
        let inside = |name: &str| text.strip_prefix(name)?.strip_suffix(')');
        if let Some(rate) = inside("rate(") {
            return Self::rate(rate).map_err(invalid);
        }
        if let Some(fields) = inside("cron(") {
            return Cron::read(fields).map(Self::Cron).map_err(invalid);
        }
        Err(invalid("it must be a cron() or a rate() expression".into()))
    }

    fn rate(text: &str) -> Result<Self, String> {
        let (value, unit) = text.split_once(' ').ok_or("it needs a value and a unit")?;
        let value: i64 = value
            .parse()
            .ok()
            .filter(|value| *value > 0)
            .ok_or("the value must be a positive integer")?;
        let (every, days) = match unit {
            "day" | "days" => (Self::Days(value), value),
            "hour" | "hours" => (Self::Hours(value), value / HOURS_PER_DAY),
            _ => return Err("the unit must be hours or days".to_owned()),
        };
        if every == Self::Hours(value) && value < HOURS_BETWEEN_MIN {
            return Err(format!(
                "a secret rotates every {HOURS_BETWEEN_MIN} hours at most"
            ));
        }
        if days > RATE_DAYS_MAX {
            return Err(format!("a period has at most {RATE_DAYS_MAX} days"));
        }
        Ok(every)
    }

    fn duration_hours_max(&self) -> i64 {
        match self {
            Self::Days(_) => HOURS_PER_DAY,
            Self::Hours(hours) => (*hours).min(HOURS_PER_DAY),
            Self::Cron(cron) => cron.duration_hours_max(),
        }
    }
}

/// The hour or day that a moment is in.
fn floor(moment: Timestamp, unit: i64) -> Timestamp {
    let second = moment.as_second().div_euclid(unit) * unit;
    Timestamp::from_second(second).unwrap_or(moment)
}

fn after(moment: Timestamp, count: i64, unit: i64) -> Option<Timestamp> {
    let second = count.checked_mul(unit)?.checked_add(moment.as_second())?;
    Timestamp::from_second(second).ok()
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const HOURS_PER_DAY: i64 = 24;
const HOURS_BETWEEN_MIN: i64 = 4;
const RATE_DAYS_MAX: i64 = 999;

#[cfg(test)]
mod tests;
