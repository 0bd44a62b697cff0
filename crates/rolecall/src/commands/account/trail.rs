//! `rolecall account trail`: the record of calls, shown, followed or held against its own chain.
//!
//! Reads files alone. Which records are meant is `account`'s to tell; what is wrong with the files,
//! the trail's own.

use std::path::Path;
use std::time::Duration;

use ::account::trail::{Event, Filter, is_principal};
use jiff::Timestamp;

use super::super::moment::moment;
use crate::cli::{self, Format};
use crate::clock;
use crate::failure::{Exit, Failure};
use crate::store::Folder;
use crate::term;
use crate::trail::{self, Reader};

/// Shows what is asked for; the exit code tells whether there was any, and whether the record is
/// whole.
pub(super) async fn run(flags: cli::Trail) -> Result<Exit, Failure> {
    let filter = filter(&flags, clock::now())?;
    let data = Folder::locate(flags.data.clone())?;
    let folder = trail::folder(&data);
    if !folder.is_dir() {
        return Err(Failure::wrong(format!(
            "there is no record of calls in `{}`",
            data.display()
        ))
        .hint("name the data folder of an account with `--data`; `rolecall up` makes one"));
    }
    let mut reader = Reader::open(&folder).map_err(|error| unreadable(&folder, &error))?;
    if flags.verify {
        return verify(reader, &folder, flags.format);
    }
    let mut shown = Shown {
        filter: &filter,
        format: flags.format,
        calls: 0,
        unread: 0,
        is_read: true,
    };
    shown.read(&mut reader, &folder)?;
    while flags.follow && shown.is_read {
        tokio::time::sleep(FOLLOW_TIME).await;
        shown.read(&mut reader, &folder)?;
    }
    let (calls, unread) = (shown.calls, shown.unread);
    if unread > 0 {
        let message = format!("{unread} records cannot be understood by this version");
        return Err(Failure::unfinished(message).hint("read them with the version that wrote them"));
    }
    whole(reader)?;
    if calls == 0 && !flags.follow {
        return Err(Failure {
            exit: Exit::No,
            message: "no such call is recorded".to_owned(),
            hints: vec!["without a filter, all calls are shown".to_owned()],
        });
    }
    Ok(Exit::Done)
}

/// Prints records as they are read.
struct Shown<'a> {
    filter: &'a Filter,
    format: Format,
    calls: u64,
    /// Records of a form that is not known.
    unread: u64,
    /// Whether there is still somebody to print for.
    is_read: bool,
}

impl Shown<'_> {
    fn read(&mut self, reader: &mut Reader, folder: &Path) -> Result<(), Failure> {
        let mut page = String::new();
        let read = reader.read(&mut |record| {
            let Some(event) = Event::read(record) else {
                self.unread += 1;
                return;
            };
            if !self.is_read || !self.filter.takes(&event) {
                return;
            }
            self.calls += 1;
            match self.format {
                Format::Text => page += &text(&event, self.filter.suspicious),
                Format::Json => page.extend([record, "\n"]),
            }
            if page.len() > PAGE_BYTES {
                self.is_read = term::is_read(&std::mem::take(&mut page));
            }
        });
        read.map_err(|error| unreadable(folder, &error))?;
        // An empty text tells nothing of a reader that has gone.
        if !page.is_empty() {
            self.is_read = self.is_read && term::is_read(&page);
        }
        Ok(())
    }
}

fn verify(mut reader: Reader, folder: &Path, format: Format) -> Result<Exit, Failure> {
    let mut unread = 0;
    reader
        .read(&mut |record| unread += u64::from(Event::read(record).is_none()))
        .map_err(|error| unreadable(folder, &error))?;
    let (records, torn) = (reader.records, reader.torn());
    let (first, last) = (reader.first.unwrap_or(0), reader.last().unwrap_or(0));
    if format == Format::Json {
        let flaws = reader.flaws();
        let is_whole = flaws.is_empty();
        let answer = serde_json::json!({
            "whole": is_whole,
            "records": records,
            "first": first,
            "last": last,
            "unknown": unread,
            "torn_bytes": torn,
            "flaws": flaws,
        });
        term::data(&format!("{answer:#}\n"));
        return Ok(if is_whole { Exit::Done } else { Exit::No });
    }
    whole(reader)?;
    term::data(&format!("whole: {records} records, {first} to {last}\n"));
    if torn > 0 {
        term::talk("the last line is being written, or was when the server was killed");
    }
    Ok(Exit::Done)
}

/// Refuses a record that is not whole.
fn whole(reader: Reader) -> Result<(), Failure> {
    let flaws = reader.flaws();
    if flaws.is_empty() {
        return Ok(());
    }
    Err(Failure {
        exit: Exit::No,
        message: flaws.join("\n"),
        hints: vec!["the record of calls is not as it was written; compare it with a copy".into()],
    })
}

/// One line: when, how it ended, what, who, from where, on what, and why not; or, of what is
/// `suspicious`, where the credentials are from.
fn text(event: &Event, suspicious: bool) -> String {
    let service = event.source.split('.').next().unwrap_or_default();
    let action = format!("{service}:{}", event.name);
    let principal = event.principal.as_deref().unwrap_or("-");
    // Past the account: `user/reader`, `assumed-role/reader/i-1`.
    let principal = principal.splitn(6, ':').last().unwrap_or(principal);
    let address = event.address.as_deref().unwrap_or("-");
    let resource = event.resources.first().map_or("-", String::as_str);
    let mut line = format!(
        "{}  {:<7}  {action:<36}  {principal:<56}  {address:<15}  {resource}",
        event.time,
        event.decision.as_str(),
    );
    let why = event.error.iter().chain(&event.reason);
    if let Some(instance) = event.carried_off_from.as_deref().filter(|_| suspicious) {
        let instance = instance.rsplit('/').next().unwrap_or(instance);
        line += "  with credentials of ";
        line += instance;
    }
    if event.decision != account::trail::Decision::Allowed {
        for part in why {
            line += "  ";
            line += part;
        }
    }
    // What a caller wrote must not move a reader's cursor.
    let mut plain: String = line
        .chars()
        .map(|letter| {
            if letter.is_control() {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect();
    plain.push('\n');
    plain
}

fn filter(flags: &cli::Trail, now: Timestamp) -> Result<Filter, Failure> {
    let moment = |flag, text: &Option<String>| {
        let text = text.as_deref();
        text.map(|text| moment(flag, text, now)).transpose()
    };
    if let Some(arn) = flags.principal.as_deref().filter(|arn| !is_principal(arn)) {
        return Err(Failure::wrong(format!(
            "`--principal {arn}` is no ARN of a user, a role or a role session"
        ))
        .hint("try arn:aws:iam::123456789012:role/NAME"));
    }
    let filter = Filter {
        home: None,
        since: moment("--since", &flags.since)?,
        until: moment("--until", &flags.until)?,
        principal: flags.principal.clone(),
        name: flags.event.clone(),
        denied: flags.denied,
        suspicious: flags.suspicious,
    };
    match (filter.since, filter.until) {
        (Some(since), Some(until)) if until < since => Err(Failure::wrong(format!(
            "`--until {}` is before `--since {}`",
            flags.until.as_deref().unwrap_or_default(),
            flags.since.as_deref().unwrap_or_default(),
        ))
        .hint("exchange them")),
        _ => Ok(filter),
    }
}

fn unreadable(folder: &Path, error: &std::io::Error) -> Failure {
    let path = folder.display();
    Failure::unfinished(format!(
        "the record of calls in `{path}` cannot be read: {error}"
    ))
    .hint("run it as the user that owns the data folder")
}

const FOLLOW_TIME: Duration = Duration::from_millis(200);
// What is printed at once.
const PAGE_BYTES: usize = 64 * 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_moves_no_cursor() {
        let record = serde_json::json!({
            "eventID": "1", "eventTime": "2026-11-21T08:00:00Z", "readOnly": true,
            "eventSource": "secretsmanager.amazonaws.com", "eventName": "GetSecretValue",
            "errorCode": "AccessDeniedException",
            "userIdentity": {"arn": "arn:aws:iam::123456789012:user/u"},
            "resources": [{"ARN": "arn:aws:x:::\u{1b}[2J\u{9b}1A\n"}],
        });
        let event = Event::read(&record.to_string()).unwrap();
        let line = text(&event, false);
        let (line, end) = line.split_at(line.len() - 1);
        assert_eq!(end, "\n");
        assert!(!line.contains(char::is_control), "{line:?}");
        assert!(line.contains("denied") && line.contains("user/u"), "{line}");
    }
}
