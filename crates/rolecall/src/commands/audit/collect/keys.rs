//! Long-lived keys of users. Where there are many users, the credential report says which of them
//! have any, and when each was used; it holds no id of a key. Knows no rule.
//!
//! Source: IAM User Guide, "Getting credential reports for your AWS account". A report is made anew
//! every four hours at most.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use audit::account::{AccessKey, User};
use jiff::Timestamp;
use protocol::{Record, Value};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::calls::Calls;
use super::identity::{moment, paged};

/// Reads the keys of all users, with the ids of those whose use could not be read.
pub(super) async fn gather(
    calls: &Arc<Calls>,
    region: &str,
    users: &[User],
    exactly: bool,
) -> Option<(Vec<AccessKey>, Vec<String>)> {
    let report = if exactly || users.len() <= USERS_FEW {
        None
    } else {
        report(calls, region).await
    };
    let report = report.unwrap_or_default();
    let mut tasks = JoinSet::new();
    for user in users {
        let told = report.get(&user.arn).cloned();
        if told.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let (calls, region, user) = (Arc::clone(calls), region.to_owned(), user.arn.clone());
        tasks.spawn(async move { of(&calls, &region, &user, &told.unwrap_or_default()).await });
    }
    let keys: Option<Vec<Vec<(AccessKey, bool)>>> = tasks.join_all().await.into_iter().collect();
    let mut keys = keys?.concat();
    keys.sort_by(|(one, _), (two, _)| one.id.cmp(&two.id));
    let not_read = keys.iter().filter(|(_, is_read)| !is_read);
    let not_read = not_read.map(|(key, _)| key.id.clone()).collect();
    Some((keys.into_iter().map(|(key, _)| key).collect(), not_read))
}

/// A key as the report tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    created: Option<Timestamp>,
    last_used: Option<Timestamp>,
}

/// A call for the user, and one for each key that is active and of which nothing is told; with each
/// key whether it is known when it was used.
async fn of(
    calls: &Calls,
    region: &str,
    user: &str,
    told: &[Told],
) -> Option<Vec<(AccessKey, bool)>> {
    let name = user.rsplit('/').next().unwrap_or_default();
    let input = Record::new().with("UserName", name);
    let listed = paged("ListAccessKeys");
    let pages = calls.pages("iam", region, &listed, &input).await?;
    let records = pages.iter().flat_map(|it| it.records("AccessKeyMetadata"));
    let mut keys = Vec::new();
    for record in records {
        let Some(id) = record.text("AccessKeyId") else {
            continue;
        };
        let active = record.text("Status") == Some("Active");
        let created = moment(record, "CreateDate");
        let mut same = told
            .iter()
            .filter(|it| it.created == created && created.is_some());
        // Two keys of one second cannot be told apart.
        let told = same.next().filter(|_| same.next().is_none());
        let last = match told {
            _ if !active => Some(None),
            Some(told) => Some(told.last_used),
            None => last_used(calls, region, id).await,
        };
        let key = AccessKey {
            id: id.to_owned(),
            user: user.to_owned(),
            active,
            created,
            last_used: last.flatten(),
        };
        keys.push((key, last.is_some()));
    }
    Some(keys)
}

/// `None` where it cannot be read, within it where it was never used.
async fn last_used(calls: &Calls, region: &str, id: &str) -> Option<Option<Timestamp>> {
    let input = Record::new().with("AccessKeyId", id);
    let answer = calls.get("iam", region, "GetAccessKeyLastUsed", &input);
    Some(moment(
        answer.await?.record("AccessKeyLastUsed")?,
        "LastUsedDate",
    ))
}

/// The keys of each user by the report. `None` where there is none to be had: each user is asked
/// then, and nothing is missing.
async fn report(calls: &Calls, region: &str) -> Option<BTreeMap<String, Vec<Told>>> {
    let nothing = Record::new();
    for _ in 0..TRIES_MAX {
        let begun = calls.ask("iam", region, "GenerateCredentialReport", &nothing);
        if begun.await.ok()?.text("State") == Some("COMPLETE") {
            let answer = calls.ask("iam", region, "GetCredentialReport", &nothing);
            let answer = answer.await.ok()?;
            return match answer.get("Content") {
                Some(Value::Blob(bytes)) => Some(read(&String::from_utf8_lossy(bytes))),
                _ => None,
            };
        }
        sleep(PAUSE).await;
    }
    None
}

/// A line with more or fewer fields than the head tells of nobody: names may hold commas.
fn read(report: &str) -> BTreeMap<String, Vec<Told>> {
    let mut lines = report.lines();
    let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let mut users = BTreeMap::new();
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        if fields.len() != head.len() {
            continue;
        }
        let field = |name: &str| {
            let at = head.iter().position(|it| *it == name)?;
            fields.get(at).copied()
        };
        let key = |number: u32| {
            let created = field(&format!("access_key_{number}_last_rotated"))?;
            let active = field(&format!("access_key_{number}_active"))?;
            let used = field(&format!("access_key_{number}_last_used_date"))?;
            let told = Told {
                created: created.parse().ok(),
                last_used: used.parse().ok(),
            };
            Some((active == "true" || told.created.is_some()).then_some(told))
        };
        // A head without these names tells of nobody either.
        if let (Some(arn), Some(first), Some(second)) = (field("arn"), key(1), key(2)) {
            let keys = first.into_iter().chain(second).collect();
            users.insert(arn.to_owned(), keys);
        }
    }
    users
}

// So many are asked one by one, beside each other, and are told as they are now.
const USERS_FEW: usize = 20;
// Ten seconds: a report of thousands of users takes a few.
const TRIES_MAX: usize = 20;
const PAUSE: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "user,arn,access_key_1_active,access_key_1_last_rotated,\
        access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,\
        access_key_2_last_used_date";

    fn told(lines: &[&str]) -> BTreeMap<String, Vec<Told>> {
        let lines: Vec<&str> = [HEAD].iter().chain(lines).copied().collect();
        read(&lines.join("\n"))
    }

    #[test]
    fn who_has_keys_and_when_they_were_used() {
        let report = told(&[
            "none,arn:none,false,N/A,N/A,false,N/A,N/A",
            "one,arn:one,true,2026-01-02T03:04:05+00:00,no_information,false,N/A,N/A",
            "off,arn:off,false,N/A,N/A,false,2026-01-02T03:04:05Z,2026-02-02T03:04:05Z",
        ]);
        assert_eq!(report["arn:none"], []);
        let created: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        assert_eq!(report["arn:one"][0].created, Some(created));
        assert_eq!(report["arn:one"][0].last_used, None);
        assert!(report["arn:off"][0].last_used.is_some());
    }

    #[test]
    fn a_line_that_is_not_understood_tells_of_nobody() {
        let comma = "a,b,arn:comma,false,N/A,N/A,false,N/A,N/A";
        assert!(told(&[comma, "short,arn:short", ""]).is_empty());
        assert!(read("user,arn\nx,arn:x").is_empty());
        assert!(read("").is_empty());
    }
}
