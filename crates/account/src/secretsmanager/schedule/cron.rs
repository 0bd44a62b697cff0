//! `cron(…)`: hours of days, six fields of which the first is 0 and the last is `*`.
//!
//! Source: Secrets Manager User Guide, "Rotation schedules", "Cron expressions".

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::{HOURS_BETWEEN_MIN, HOURS_PER_DAY};

/// What a `cron(…)` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cron {
    // A bit for each hour, month and so on.
    hours: u64,
    months: u64,
    days: Days,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Days {
    /// Of the month, from 1; `last` is its last one.
    OfMonth { days: u64, last: bool },
    /// Of the week, from 1 for Sunday.
    OfWeek {
        days: u64,
        /// `6#3`, the third Friday.
        nth: Vec<(i8, i8)>,
        /// `6L`, the last Friday.
        last: Vec<i8>,
    },
}

impl Cron {
    /// Reads what stands between the brackets.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split(' ').filter(|field| !field.is_empty()).collect();
        let [minutes, hours, of_month, months, of_week, year] = fields.as_slice() else {
            return Err("cron() has six fields".to_owned());
        };
        if *minutes != "0" {
            return Err("the minutes must be 0: rotation windows open on the hour".to_owned());
        }
        if *year != "*" {
            return Err("the year must be *".to_owned());
        }
        let days = match (*of_month, *of_week) {
            ("?", "?") => return Err("? stands in both fields of days".to_owned()),
            (days, "?") => Days::of_month(days)?,
            ("?", days) => Days::of_week(days)?,
            _ => {
                return Err("one of the day of the month and the day of the week must be ?".into());
            }
        };
        let cron = Self {
            hours: Range::HOURS.read(hours)?,
            months: Range::MONTHS.read(months)?,
            days,
        };
        if cron.hours_between_min() < HOURS_BETWEEN_MIN {
            return Err(format!(
                "a secret rotates every {HOURS_BETWEEN_MIN} hours at most"
            ));
        }
        let epoch = Timestamp::UNIX_EPOCH;
        cron.next(epoch).ok_or("no day is like that")?;
        Ok(cron)
    }

    /// When it is next time, after `from`.
    pub(super) fn next(&self, from: Timestamp) -> Option<Timestamp> {
        let mut date = Offset::UTC.to_datetime(from).date();
        for _ in 0..DAYS_SEARCHED_MAX {
            if self.is_on(date) {
                let opens = |hour: i64| {
                    let time = date.at(i8::try_from(hour).ok()?, 0, 0, 0);
                    Offset::UTC.to_timestamp(time).ok()
                };
                let found = self.hours().filter_map(opens).find(|start| *start > from);
                if found.is_some() {
                    return found;
                }
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// How long a window is open that nothing is said of: one hour where there are several in a
    /// day, else until the day ends.
    pub(super) fn default_hours(&self, start: Timestamp) -> i64 {
        if self.hours.count_ones() > 1 {
            return 1;
        }
        HOURS_PER_DAY - i64::from(Offset::UTC.to_datetime(start).hour())
    }

    /// How long a window may be: until the next one, or the next day.
    pub(super) fn duration_hours_max(&self) -> i64 {
        let last = self.hours().last().unwrap_or_default();
        self.hours_between_min().min(HOURS_PER_DAY - last)
    }

    fn hours(&self) -> impl Iterator<Item = i64> {
        (0..HOURS_PER_DAY).filter(|hour| self.hours & (1 << hour) != 0)
    }

    fn hours_between_min(&self) -> i64 {
        let gaps = self.hours().zip(self.hours().skip(1));
        let within = gaps.map(|(one, next)| next - one).min();
        let first = self.hours().next().unwrap_or_default();
        let last = self.hours().last().unwrap_or_default();
        let over_night = HOURS_PER_DAY - last + first;
        within.map_or(over_night, |within| within.min(over_night))
    }

    fn is_on(&self, date: Date) -> bool {
        if !has(self.months, date.month()) {
            return false;
        }
        match &self.days {
            Days::OfMonth { days, last } => {
                has(*days, date.day()) || (*last && date.day() == date.days_in_month())
            }
            Days::OfWeek { days, nth, last } => {
                let day = date.weekday().to_sunday_one_offset();
                let week = (date.day() - 1) / 7 + 1;
                let is_last = date.day() + 7 > date.days_in_month();
                has(*days, day) || nth.contains(&(day, week)) || (is_last && last.contains(&day))
            }
        }
    }
}

impl Days {
    fn of_month(text: &str) -> Result<Self, String> {
        let (lasts, others): (Vec<&str>, Vec<&str>) =
            text.split(',').partition(|part| *part == "L");
        Ok(Self::OfMonth {
            days: Range::DAYS_OF_MONTH.read_all(&others)?,
            last: !lasts.is_empty(),
        })
    }

    fn of_week(text: &str) -> Result<Self, String> {
        let range = Range::DAYS_OF_WEEK;
        let (mut days, mut nth, mut last) = (0, Vec::new(), Vec::new());
        for part in text.split(',') {
            if part == "L" {
                days |= 1 << SATURDAY;
            } else if let Some(day) = part.strip_suffix('L') {
                last.push(small(range.number(day)?));
            } else if let Some((day, week)) = part.split_once('#') {
                let week = week.parse().ok().filter(|week| (1..=5).contains(week));
                let week = week.ok_or_else(|| format!("{part} names no week of a month"))?;
                nth.push((small(range.number(day)?), week));
            } else {
                days |= range.read(part)?;
            }
        }
        Ok(Self::OfWeek { days, nth, last })
    }
}

/// A field's numbers and the names that stand for them, from the first number on.
struct Range {
    min: i64,
    max: i64,
    names: &'static [&'static str],
}

impl Range {
    const HOURS: Self = Self {
        min: 0,
        max: 23,
        names: &[],
    };
    const DAYS_OF_MONTH: Self = Self {
        min: 1,
        max: 31,
        names: &[],
    };
    const MONTHS: Self = Self {
        min: 1,
        max: 12,
        names: &[
            "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
        ],
    };
    const DAYS_OF_WEEK: Self = Self {
        min: 1,
        max: 7,
        names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    };

    /// The numbers of a field that has at least one.
    fn read(&self, text: &str) -> Result<u64, String> {
        let parts: Vec<&str> = text.split(',').collect();
        self.read_all(&parts)
    }

    fn read_all(&self, parts: &[&str]) -> Result<u64, String> {
        let mut found = 0;
        for part in parts {
            let (span, step) = match part.split_once('/') {
                Some((span, step)) => (span, Some(self.step(step)?)),
                None => (*part, None),
            };
            let (from, to) = match (span, span.split_once('-')) {
                ("*", _) => (self.min, self.max),
                (_, Some((from, to))) => (self.number(from)?, self.number(to)?),
                // `4/12` goes on to the end of the day.
                (_, None) if step.is_some() => (self.number(span)?, self.max),
                (_, None) => (self.number(span)?, self.number(span)?),
            };
            if from > to {
                return Err(format!("{span} goes backwards"));
            }
            let step = usize::try_from(step.unwrap_or(1)).unwrap_or(1);
            for number in (from..=to).step_by(step) {
                found |= 1 << number;
            }
        }
        Ok(found)
    }

    fn step(&self, text: &str) -> Result<i64, String> {
        let step = text.parse().ok();
        let step = step.filter(|step| (1..=self.max).contains(step));
        step.ok_or_else(|| format!("{text} is no step"))
    }

    fn number(&self, text: &str) -> Result<i64, String> {
        let named = self.names.iter().zip(self.min..);
        let named = named
            .filter(|(name, _)| name.eq_ignore_ascii_case(text))
            .map(|(_, number)| number)
            .next();
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = named.or_else(|| text.parse().ok().filter(|_| digits));
        number
            .filter(|number| (self.min..=self.max).contains(number))
            .ok_or_else(|| format!("{text} is not between {} and {}", self.min, self.max))
    }
}

fn has(bits: u64, number: i8) -> bool {
    bits & (1 << number) != 0
}

fn small(number: i64) -> i8 {
    i8::try_from(number).unwrap_or_default()
}

const SATURDAY: i64 = 7;
// Two 29ths of February are eight years apart around a year like 2100, and one of them may have to
// be a Monday: that takes forty.
const DAYS_SEARCHED_MAX: usize = 41 * 366;
