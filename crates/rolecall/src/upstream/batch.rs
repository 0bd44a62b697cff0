//! Many secrets at once: BatchGetSecretValue where it may be used, GetSecretValue where not.
//!
//! A batch reads current versions only, by one identity in one region. A batch that fails is read
//! secret by secret, and one that is denied or throttled is not tried again for a while.
//! Source: Secrets Manager API Reference, "BatchGetSecretValue".

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agent::ask::AWSCURRENT;
use agent::{Ask, Failure, Moment, Priority, SecretVersion, regions};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::types::SecretValueEntry;
use protocol::Fault;
use tokio::task::JoinSet;

use super::fetch::{OPERATION_TIME_MAX, failure, incomplete, moment, value};
use super::{Upstream, lock};

type Fetched = Result<SecretVersion, Failure>;
/// By the identifier that was asked for.
type Answers = BTreeMap<String, Fetched>;

/// Until when an identity does without batches.
#[derive(Debug, Default)]
pub(super) struct Closed(Mutex<BTreeMap<Option<String>, Moment>>);

impl Closed {
    fn is_closed(&self, role: Option<&String>, now: Moment) -> bool {
        let until = lock(&self.0).get(&role.cloned()).copied();
        until.is_some_and(|until| now < until)
    }

    fn close(&self, role: Option<String>, now: Moment) {
        lock(&self.0).insert(role, now.after(CLOSED_FOR));
    }
}

impl Upstream {
    /// Asks for several secrets; the answers come in any order, one to each question.
    pub(crate) async fn fetch_many(
        self: &Arc<Self>,
        asks: &[Ask],
        priority: Priority,
    ) -> Vec<(Ask, Fetched)> {
        let (groups, mut single) = self.groups(asks);
        let mut fetched = Vec::with_capacity(asks.len());
        for ((role, region), group) in groups {
            for chunk in group.chunks(BATCH_MAX) {
                let now = self.stopwatch.moment();
                if chunk.len() < 2 || self.closed.is_closed(role.as_ref(), now) {
                    single.extend_from_slice(chunk);
                    continue;
                }
                match self.batch(role.as_deref(), &region, chunk, priority).await {
                    Ok(mut answers) => {
                        for ask in chunk {
                            match answers.remove(ask.secret_id()) {
                                // One that is asked for twice is answered once.
                                None => single.push(ask.clone()),
                                Some(answer) => fetched.push((ask.clone(), answer)),
                            }
                        }
                    }
                    Err(failure @ Failure::Credentials(_)) => {
                        let all = chunk.iter().map(|ask| (ask.clone(), Err(failure.clone())));
                        fetched.extend(all);
                    }
                    Err(failure) => {
                        if matches!(failure, Failure::Denied(_) | Failure::Throttled(_)) {
                            self.closed.close(role.clone(), now);
                        }
                        tracing::debug!(%failure, "a batch failed; now one by one");
                        single.extend_from_slice(chunk);
                    }
                }
            }
        }
        self.one_by_one(single, priority, &mut fetched).await;
        fetched
    }

    /// What can be read in batches, by role and region, and what cannot.
    #[expect(clippy::type_complexity, reason = "a name for it would say no more")]
    fn groups(&self, asks: &[Ask]) -> (BTreeMap<(Option<String>, String), Vec<Ask>>, Vec<Ask>) {
        let (mut groups, mut single) = (BTreeMap::new(), Vec::new());
        for ask in asks {
            let current = ask.version_id().is_none() && ask.version_stage() == Some(AWSCURRENT);
            let home = regions::legs(&self.configuration, ask.secret_id())
                .into_iter()
                .next();
            match home {
                Some(home) if current => {
                    let key = (ask.role().map(str::to_owned), home.region);
                    let group: &mut Vec<Ask> = groups.entry(key).or_default();
                    group.push(ask.clone());
                }
                _ => single.push(ask.clone()),
            }
        }
        (groups, single)
    }

    async fn batch(
        &self,
        role: Option<&str>,
        region: &str,
        asks: &[Ask],
        priority: Priority,
    ) -> Result<Answers, Failure> {
        let ids: Vec<String> = asks.iter().map(|ask| ask.secret_id().to_owned()).collect();
        let identity = self.identity(role)?;
        let credentials = identity.ready(priority).await?;
        let client = self.client(region, role)?;
        let mut answers = Answers::new();
        let mut page = None;
        for _ in 0..PAGES_MAX {
            self.turn(priority).await?;
            let call = read_page(&client, &ids, page.take(), &mut answers);
            let outcome = self.timed(region, OPERATION_TIME_MAX, call).await;
            self.calls.add("BatchGetSecretValue", &outcome);
            page = self.noted(identity, &credentials, outcome)?;
            if page.is_none() {
                break;
            }
        }
        Ok(answers)
    }

    async fn one_by_one(
        self: &Arc<Self>,
        asks: Vec<Ask>,
        priority: Priority,
        fetched: &mut Vec<(Ask, Fetched)>,
    ) {
        let mut under_way = JoinSet::new();
        let mut left = asks.into_iter();
        loop {
            while under_way.len() < SINGLES_MAX
                && let Some(ask) = left.next()
            {
                let this = Arc::clone(self);
                under_way.spawn(async move {
                    let answer = this.fetch(&ask, priority).await;
                    (ask, answer)
                });
            }
            match under_way.join_next().await {
                None => return,
                Some(Ok(answer)) => fetched.push(answer),
                Some(Err(error)) => tracing::error!(%error, "a fetch ended without an answer"),
            }
        }
    }
}

async fn read_page(
    client: &Client,
    ids: &[String],
    page: Option<String>,
    answers: &mut Answers,
) -> Result<Option<String>, Failure> {
    let call = client.batch_get_secret_value().set_next_token(page);
    let call = call.set_secret_id_list(Some(ids.to_vec())).send().await;
    let output = call.map_err(|error| failure(&error))?;
    for entry in output.secret_values.into_iter().flatten() {
        let (arn, name) = (entry.arn.clone(), entry.name.clone());
        let asked = |id: &&String| means(id, arn.as_deref(), name.as_deref());
        if let Some(id) = ids.iter().find(asked) {
            answers.insert(id.clone(), version(entry).ok_or_else(incomplete));
        }
    }
    for error in output.errors.into_iter().flatten() {
        let code = error
            .error_code
            .unwrap_or_else(|| "InternalFailure".to_owned());
        let fault = Fault::new(code, error.message.unwrap_or_default()).status(400);
        if let Some(id) = error.secret_id {
            answers.insert(id, Err(Failure::of_service(fault)));
        }
    }
    Ok(output.next_token)
}

/// Whether an identifier is a secret's ARN, its ARN without the suffix, or its name.
fn means(id: &str, arn: Option<&str>, name: Option<&str>) -> bool {
    let whole = Some(id) == arn || Some(id) == name;
    let suffix = arn.and_then(|arn| arn.strip_prefix(id)?.strip_prefix('-'));
    whole || (id.starts_with("arn:") && suffix.is_some_and(|it| it.len() == SUFFIX_CHARS))
}

fn version(entry: SecretValueEntry) -> Option<SecretVersion> {
    Some(SecretVersion {
        arn: entry.arn?,
        name: entry.name?,
        version_id: entry.version_id?,
        version_stages: entry.version_stages.unwrap_or_default(),
        created: moment(&entry.created_date?)?,
        value: value(entry.secret_string, entry.secret_binary)?,
    })
}

// The service takes no more in a call.
const BATCH_MAX: usize = 20;
// As many pages as secrets, at worst.
const PAGES_MAX: usize = BATCH_MAX;
// Fetches at once; the token bucket bounds their rate.
const SINGLES_MAX: usize = 8;
const CLOSED_FOR: Duration = Duration::from_mins(5);
// Of the characters that Secrets Manager appends to a name in an ARN.
const SUFFIX_CHARS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_again_by_whatever_it_was_asked_for_with() {
        const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";
        for (id, is_it) in [
            (ARN, true),
            ("db", true),
            (
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:db",
                true,
            ),
            (
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:d",
                false,
            ),
            (
                "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-",
                false,
            ),
            ("db-AbCdEf", false),
            ("d", false),
            ("", false),
        ] {
            assert_eq!(means(id, Some(ARN), Some("db")), is_it, "{id}");
        }
    }
}
