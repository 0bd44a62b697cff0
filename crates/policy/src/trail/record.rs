//! One record, read. Knows nothing of the text it stood in but the line.

use serde_json::Value;

use super::Caller;
use super::event::Event;
use super::map::{self, Unmapped};
use crate::condition::moment;
use crate::generate::Need;

/// A call as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line on which the record begins, from 1.
    pub line: u32,
    /// `eventSource`, as `secretsmanager.amazonaws.com`.
    pub source: String,
    /// `eventName`, which for most services is the operation's.
    pub event: String,
    /// `eventTime`, as it is written.
    pub time: String,
    moment: i128,
    /// Who called.
    pub caller: Caller,
    /// What came of it.
    pub outcome: Outcome,
    /// `awsRegion`; empty where the record has none.
    pub region: String,
    /// The caller's account, or where it has none the account of the trail; 12 digits.
    pub account: Option<String>,
    /// What the call needed to be allowed, as far as the record tells.
    pub needs: Vec<Need>,
    /// What it needed beside that. A policy made of `needs` does not allow a call that has any.
    pub unmapped: Vec<Unmapped>,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not allowed.
    Denied,
    /// It failed with this code, for another reason than that it was not allowed.
    Failed(String),
}

impl Record {
    /// When it was: nanoseconds since 1970, UTC.
    pub(super) fn moment(&self) -> i128 {
        self.moment
    }
}

/// Reads a record, or says what is wrong with it.
pub(super) fn read(value: &Value, line: u32) -> Result<Record, String> {
    if !value.is_object() {
        return Err("a record is an object, and this is none".to_owned());
    }
    let text = |key: &str| {
        let text = value.get(key).and_then(Value::as_str);
        let text = text.filter(|text| !text.is_empty());
        text.ok_or_else(|| format!("a record without `{key}`; hint: this is no CloudTrail record"))
    };
    let (source, name, time) = (text("eventSource")?, text("eventName")?, text("eventTime")?);
    let moment = moment(time).filter(|_| time.contains('T'));
    let moment = moment.ok_or_else(|| {
        format!("`eventTime` is `{time}`, no moment such as `2026-11-21T06:22:08Z`")
    })?;
    let identity = value.get("userIdentity").filter(|it| it.is_object());
    let identity =
        identity.ok_or("a record without `userIdentity`; hint: this is no CloudTrail record")?;
    let caller = Caller::read(identity);
    let event = Event::new(value, &caller, source, name);
    let found = map::needs(&event);
    Ok(Record {
        line,
        source: source.to_owned(),
        event: name.to_owned(),
        time: time.to_owned(),
        moment,
        outcome: outcome(value, found.was_denied),
        region: event.region.to_owned(),
        account: event.account.map(str::to_owned),
        caller,
        needs: found.needs,
        unmapped: found.unmapped,
    })
}

/// Codes that say no: `AccessDenied`, `AccessDeniedException` and the like, and EC2's
/// `Client.UnauthorizedOperation`.
fn outcome(value: &Value, was_denied: bool) -> Outcome {
    let code = value.get("errorCode").and_then(Value::as_str);
    match code.filter(|code| !code.is_empty()) {
        Some(code) if code.contains("AccessDenied") => Outcome::Denied,
        Some(code) if code.ends_with("UnauthorizedOperation") => Outcome::Denied,
        _ if was_denied => Outcome::Denied,
        Some(code) => Outcome::Failed(code.to_owned()),
        None => Outcome::Done,
    }
}
