//! What the guard counts: requests by rule and outcome and by user, and who reads without a token.
//!
//! All of it is bounded, whoever asks: callers that have no place any more are counted as others.
//! Reads no clock and writes no file; what is counted goes through [`Counts`]' own form of JSON.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::caller::{Network, Process};

/// What became of a request.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The metadata service answered.
    Answered,
    /// It did not, and what it said last was answered.
    Stale,
    /// A token was made.
    TokenMade,
    /// The rules close it.
    Denied,
    /// It came without a token, and they are required.
    NoToken,
    /// Its token is not good for this caller.
    BadToken,
    /// Nobody knows who asks.
    Unknown,
    /// The caller became another one meanwhile.
    Changed,
    /// It is no request that the metadata service knows.
    #[default]
    Malformed,
    /// The metadata service is away, and nothing is known.
    Away,
    /// The record is required and cannot be written.
    Unrecorded,
}

impl Outcome {
    /// Whether the caller got what it asked for.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Answered | Self::Stale | Self::TokenMade)
    }

    /// As logs and metrics write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Stale => "stale",
            Self::TokenMade => "token-made",
            Self::Denied => "denied",
            Self::NoToken => "no-token",
            Self::BadToken => "bad-token",
            Self::Unknown => "unknown-caller",
            Self::Changed => "caller-changed",
            Self::Malformed => "malformed",
            Self::Away => "away",
            Self::Unrecorded => "unrecorded",
        }
    }
}

/// Which version of the protocol a read used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Without a token.
    V1,
    /// With one.
    V2,
}

impl Version {
    /// As logs write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

/// A request that is over.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// When.
    pub time: Timestamp,
    /// Who asked, as far as it is known.
    pub process: Option<&'a Process>,
    /// The path, made plain; `None` of a request that has none.
    pub path: Option<&'a str>,
    /// Of a service that showed its secret: its name.
    pub service: Option<&'a str>,
    /// The rule that decided; `None` where none was asked.
    pub rule: Option<&'a str>,
    /// Of a read.
    pub version: Option<Version>,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it was refused.
    pub reason: Option<&'a str>,
}

/// All that is counted, since the file in which it is kept was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// When counting began.
    pub since: Timestamp,
    /// Requests by rule and outcome.
    pub requests: Vec<Requests>,
    /// Requests by user.
    pub users: BTreeMap<u32, Answers>,
    /// Of users that have no place.
    pub other_users: Answers,
    /// Callers that read without a token.
    pub without_token: Vec<WithoutToken>,
    /// Of callers that have no place.
    pub other_without_token: Answers,
}

/// Requests that ended the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// The name of the rule, or [`OTHERWISE`], or [`OTHERS`]; `None` where no rule was asked.
    pub rule: Option<String>,
    /// How they ended.
    pub outcome: Outcome,
    /// How many.
    pub count: u64,
}

/// How often the answer was yes and no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Answers {
    /// Got what they asked for.
    pub answered: u64,
    /// Did not.
    pub refused: u64,
}

/// A caller that read without a token, and is refused where tokens are required.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithoutToken {
    /// The user.
    pub uid: u32,
    /// The program; `None` where it is not known for certain.
    pub exe: Option<String>,
    /// The systemd unit; `None` where it has none, or it is not known.
    pub unit: Option<String>,
    /// The path of its network namespace where a rule names it, else as the kernel calls it;
    /// `None` for the host's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_namespace: Option<String>,
    /// How often.
    #[serde(flatten)]
    pub answers: Answers,
    /// The first time.
    pub first: Timestamp,
    /// The last time.
    pub last: Timestamp,
    /// The path that was read last, cut to [`PATH_CHARS_MAX`].
    pub path: String,
}

impl Answers {
    fn add(&mut self, outcome: Outcome) {
        self.add_many(outcome, 1);
    }

    fn add_many(&mut self, outcome: Outcome, more: u64) {
        let count = if outcome.is_success() {
            &mut self.answered
        } else {
            &mut self.refused
        };
        *count = count.saturating_add(more);
    }
}

impl Counts {
    /// Nothing yet.
    pub fn new(since: Timestamp) -> Self {
        Self {
            since,
            requests: Vec::new(),
            users: BTreeMap::new(),
            other_users: Answers::default(),
            without_token: Vec::new(),
            other_without_token: Answers::default(),
        }
    }

    /// Counts a request; tells whether somebody read without a token who had not before.
    pub fn add(&mut self, seen: &Seen<'_>) -> bool {
        self.add_request(seen);
        let Some(process) = seen.process else {
            return false;
        };
        let has_place = self.users.len() < USERS_MAX || self.users.contains_key(&process.uid);
        let user = if has_place {
            self.users.entry(process.uid).or_default()
        } else {
            &mut self.other_users
        };
        user.add(seen.outcome);
        // Whom a rule refuses does not break for want of a token.
        let counts = seen.outcome.is_success() || seen.outcome == Outcome::NoToken;
        seen.version == Some(Version::V1) && counts && self.add_without_token(seen, process)
    }

    fn add_request(&mut self, seen: &Seen<'_>) {
        let find = |requests: &[Requests], rule: Option<&str>| {
            let is = |it: &Requests| it.rule.as_deref() == rule && it.outcome == seen.outcome;
            requests.iter().position(is)
        };
        let is_full = self.requests.len() >= REQUESTS_MAX;
        let mut rule = seen.rule;
        let mut found = find(&self.requests, rule);
        if found.is_none() && is_full && rule.is_some() {
            rule = Some(OTHERS);
            found = find(&self.requests, rule);
        }
        match found.and_then(|at| self.requests.get_mut(at)) {
            Some(requests) => requests.count = requests.count.saturating_add(1),
            None => self.requests.push(Requests {
                rule: rule.map(str::to_owned),
                outcome: seen.outcome,
                count: 1,
            }),
        }
    }

    fn add_without_token(&mut self, seen: &Seen<'_>, process: &Process) -> bool {
        let path = seen.path.unwrap_or_default();
        let path: String = path.chars().take(PATH_CHARS_MAX).collect();
        let network = process.network.as_ref().filter(|it| !it.is_host());
        let network = network.map(Network::shown);
        let is_same = |known: &WithoutToken| {
            (known.uid, &known.exe, &known.unit) == (process.uid, &process.exe, &process.unit)
                && known.network_namespace.as_deref() == network
        };
        if let Some(known) = self.without_token.iter_mut().find(|it| is_same(it)) {
            known.answers.add(seen.outcome);
            (known.last, known.path) = (seen.time, path);
            return false;
        }
        // Nobody may fill the places of others with programs that it has made.
        let own = self.without_token.iter();
        let own = own.filter(|known| known.uid == process.uid).count();
        let is_long =
            |name: &Option<String>| name.as_ref().is_some_and(|it| it.len() > NAME_BYTES_MAX);
        let is_full = self.without_token.len() >= CALLERS_MAX || own >= CALLERS_OF_USER_MAX;
        if is_full || is_long(&process.exe) || is_long(&process.unit) {
            self.other_without_token.add(seen.outcome);
            return false;
        }
        let mut answers = Answers::default();
        answers.add(seen.outcome);
        self.without_token.push(WithoutToken {
            uid: process.uid,
            exe: process.exe.clone(),
            unit: process.unit.clone(),
            network_namespace: network.map(str::to_owned),
            answers,
            first: seen.time,
            last: seen.time,
            path,
        });
        true
    }

    /// How often requests ended so.
    pub fn of(&self, outcomes: &[Outcome]) -> u64 {
        let requests = self.requests.iter();
        let requests = requests.filter(|it| outcomes.contains(&it.outcome));
        requests.map(|it| it.count).sum()
    }

    /// How often each rule opened and closed.
    pub fn rules(&self) -> BTreeMap<&str, Answers> {
        let mut rules: BTreeMap<&str, Answers> = BTreeMap::new();
        for it in &self.requests {
            let Some(rule) = &it.rule else { continue };
            let answers = rules.entry(rule).or_default();
            answers.add_many(it.outcome, it.count);
        }
        rules
    }

    /// Reads without a token, of all callers.
    pub fn all_without_token(&self) -> Answers {
        let others = self.other_without_token;
        let all = self.without_token.iter().map(|it| it.answers);
        all.fold(others, |sum, it| Answers {
            answered: sum.answered + it.answered,
            refused: sum.refused + it.refused,
        })
    }
}

/// In place of a rule's name where `otherwise` decided.
pub const OTHERWISE: &str = "otherwise";
/// In place of the names of rules that have no place.
pub const OTHERS: &str = "others";
/// Callers without a token; a host has fewer programs that read metadata.
pub const CALLERS_MAX: usize = 1_024;
/// Of them, those of one user.
pub const CALLERS_OF_USER_MAX: usize = 128;
/// Users; containers with users of their own have many.
pub const USERS_MAX: usize = 1_024;
// Rules times the outcomes that each has in practice.
const REQUESTS_MAX: usize = 4_096;
// Of a program or a unit that is kept.
const NAME_BYTES_MAX: usize = 1_024;
/// Of a path that is kept.
pub const PATH_CHARS_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caller::NO_GID;

    fn process(uid: u32, exe: &str) -> Process {
        Process {
            pid: None,
            uid,
            gid: NO_GID,
            groups: Vec::new(),
            exe: Some(exe.to_owned()),
            unit: None,
            cgroup: None,
            network: Some(Network::host()),
        }
    }

    fn seen(process: &Process, outcome: Outcome) -> Seen<'_> {
        Seen {
            time: Timestamp::UNIX_EPOCH,
            process: Some(process),
            path: Some("/latest/meta-data/"),
            service: None,
            rule: Some("app"),
            version: Some(Version::V1),
            outcome,
            reason: None,
        }
    }

    #[test]
    fn who_would_break_is_counted_by_program_and_others_are_not() {
        let mut counts = Counts::new(Timestamp::UNIX_EPOCH);
        let curl = process(33, "/usr/bin/curl");
        assert!(
            counts.add(&seen(&curl, Outcome::Answered)),
            "the first time"
        );
        assert!(!counts.add(&seen(&curl, Outcome::Stale)), "known by now");
        assert!(!counts.add(&seen(&curl, Outcome::NoToken)));
        for outcome in [Outcome::Denied, Outcome::Unknown, Outcome::Changed] {
            let other = process(34, "/usr/bin/refused-anyway");
            assert!(!counts.add(&seen(&other, outcome)), "{outcome:?}");
        }
        let with_token = Seen {
            version: Some(Version::V2),
            ..seen(&curl, Outcome::Answered)
        };
        assert!(!counts.add(&with_token));
        let [only] = counts.without_token.as_slice() else {
            panic!("{counts:?}");
        };
        let expect = Answers {
            answered: 2,
            refused: 1,
        };
        assert_eq!((only.answers, counts.all_without_token()), (expect, expect));
        assert_eq!(counts.users.get(&33).unwrap().answered, 3);
        assert_eq!(counts.rules()["app"].refused, 4);
    }

    #[test]
    fn nobody_takes_the_places_of_others() {
        let mut counts = Counts::new(Timestamp::UNIX_EPOCH);
        for number in 0..10 * CALLERS_OF_USER_MAX {
            let made = process(1_000, &format!("/tmp/{number}"));
            counts.add(&seen(&made, Outcome::Answered));
        }
        assert_eq!(counts.without_token.len(), CALLERS_OF_USER_MAX);
        let others = counts.other_without_token.answered;
        assert_eq!(others, 9 * CALLERS_OF_USER_MAX as u64);
        let web = process(33, "/usr/sbin/apache2");
        assert!(counts.add(&seen(&web, Outcome::Answered)));
    }

    #[test]
    fn what_is_counted_has_bounds_and_nothing_gets_lost() {
        let mut counts = Counts::new(Timestamp::UNIX_EPOCH);
        let total = 3 * REQUESTS_MAX as u64;
        for number in 0..u32::try_from(total).unwrap() {
            let (process, rule) = (process(number, "/x"), format!("rule {number}"));
            counts.add(&Seen {
                rule: Some(&rule),
                ..seen(&process, Outcome::Denied)
            });
        }
        assert_eq!(counts.users.len(), USERS_MAX);
        let others = counts.other_users.refused;
        assert_eq!(others, total - USERS_MAX as u64);
        assert!(counts.requests.len() <= REQUESTS_MAX + 1);
        assert_eq!(counts.of(&[Outcome::Denied]), total);
        assert!(counts.rules()[OTHERS].refused > 0);
    }

    #[test]
    fn counts_come_back_as_they_were_written() {
        let mut counts = Counts::new(Timestamp::UNIX_EPOCH);
        let odd = process(7, "/opt/a \"b\"\n\u{1b}c");
        let long = "x".repeat(10 * PATH_CHARS_MAX);
        counts.add(&Seen {
            path: Some(&long),
            ..seen(&odd, Outcome::Answered)
        });
        counts.add(&Seen {
            process: None,
            rule: None,
            ..seen(&odd, Outcome::Malformed)
        });
        let text = serde_json::to_string(&counts).unwrap();
        assert_eq!(serde_json::from_str::<Counts>(&text).unwrap(), counts);
        assert_eq!(counts.without_token[0].path.len(), PATH_CHARS_MAX);
        for wrong in ["", "{}", "[]", &text.replace("since", "until")] {
            assert!(serde_json::from_str::<Counts>(wrong).is_err(), "{wrong}");
        }
    }
}
