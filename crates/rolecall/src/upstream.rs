//! Upstream: AWS as this process sees it through the official SDK, and what is kept of it.
//!
//! [`Upstream`] is the agent's way there: credentials at hand, a client for each region and
//! identity, calls at a bounded rate and in a bounded time.

mod api;
mod batch;
mod connector;
mod credentials;
pub(crate) mod details;
mod fetch;
mod identity;
mod offers;
mod refresher;
mod roles;
mod secrets;
mod sessions;
mod shared_files;
mod snapshot;
mod trouble;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use agent::bucket::{CLIENT_WAIT_MAX, Turn};
use agent::config::{Aws, Requests, RoleStep};
use agent::regions::{self, Outages};
use agent::{Ask, Bucket, Failure, Priority, SecretVersion};
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_secretsmanager::Client;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use protocol::Fault;
use tokio::time::{sleep, timeout};

pub(crate) use api::{ApiClient, ApiError};
pub(crate) use credentials::{Source, load};
pub(crate) use fetch::Fetcher;
pub(crate) use secrets::{Held, Secrets, Served};
pub(crate) use sessions::{Given, Sessions, Without};
pub(crate) use snapshot::SnapshotFile;

use self::credentials::Origin;
use self::fetch::{ATTEMPT_TIME_MAX, OPERATION_TIME_MAX};
use self::identity::{Handed, Identity};
use crate::clock::{self, Stopwatch};
use crate::serve::Stop;

/// Secrets Manager, and who asks it.
#[derive(Debug)]
pub(crate) struct Upstream {
    configuration: Aws,
    settings: SdkConfig,
    // `None` is the agent's own.
    identities: BTreeMap<Option<String>, Arc<Identity>>,
    // INVARIANT: at most `CLIENTS_MAX`.
    clients: Mutex<BTreeMap<(String, Option<String>), Client>>,
    bucket: Mutex<Bucket>,
    outages: Mutex<Outages>,
    closed: batch::Closed,
    calls: offers::Calls,
    // Milliseconds since 1970; 0 is never.
    last_success: AtomicI64,
    stopwatch: Stopwatch,
}

impl Upstream {
    /// Starts the tasks that keep credentials at hand; they end when `stop` says so. That there are
    /// no credentials yet is no failure: the tasks keep trying.
    pub(crate) async fn start(
        configuration: &Aws,
        stop: Stop,
    ) -> Result<Arc<Self>, crate::failure::Failure> {
        let origin = Origin::of(configuration)?;
        Self::with(origin, configuration, stop).await
    }

    /// The same with the credentials of one metadata service, whatever the environment holds.
    pub(crate) async fn of_metadata(
        imds: &str,
        region: &str,
        endpoint: &str,
        stop: Stop,
    ) -> Result<Arc<Self>, crate::failure::Failure> {
        let mut configuration = Aws::new(region);
        configuration.endpoint_url = Some(endpoint.to_owned());
        configuration.requests = UNBOUNDED;
        let origin = Origin::Metadata {
            imds: imds.to_owned(),
        };
        Self::with(origin, &configuration, stop).await
    }

    async fn with(
        origin: Origin,
        configuration: &Aws,
        stop: Stop,
    ) -> Result<Arc<Self>, crate::failure::Failure> {
        let http = connector::http_client()?;
        let settings = credentials::settings(configuration, &http).await;
        let identities = identities(origin, configuration, &http, &settings, &stop);
        Ok(Arc::new(Self {
            configuration: configuration.clone(),
            settings,
            identities,
            clients: Mutex::default(),
            bucket: Mutex::new(Bucket::new(configuration.requests)),
            outages: Mutex::default(),
            closed: batch::Closed::default(),
            calls: offers::Calls::default(),
            last_success: AtomicI64::new(0),
            stopwatch: Stopwatch::start(),
        }))
    }

    /// Asks for a secret version, in another region where the first is out.
    pub(crate) async fn fetch(
        &self,
        ask: &Ask,
        priority: Priority,
    ) -> Result<SecretVersion, Failure> {
        let get = |client, id: String| async move { fetch::get(&client, ask, &id).await };
        let (region, mut version) = self.anywhere(ask, priority, get).await?;
        version.arn = regions::within(&version.arn, &region);
        Ok(version)
    }

    /// One region after the other, in all within the time of one operation. Tells what was found
    /// and the region in which the question is at home: to whoever asks, the secret lies there.
    ///
    /// What decides is the home region. Another one may lack the secret, or a policy, and says
    /// nothing by that.
    async fn anywhere<T, F: Future<Output = Result<T, Failure>>>(
        &self,
        ask: &Ask,
        priority: Priority,
        get: impl Fn(Client, String) -> F,
    ) -> Result<(String, T), Failure> {
        let identity = self.identity(ask.role())?;
        let credentials = identity.ready(priority).await?;
        let legs = regions::legs(&self.configuration, ask.secret_id());
        let home = legs
            .first()
            .map(|leg| leg.region.clone())
            .unwrap_or_default();
        let legs = lock(&self.outages).order(legs, self.stopwatch.moment());
        let (count, mut said) = (legs.len(), None);
        let all = async {
            for (at, leg) in legs.into_iter().enumerate() {
                let client = self.client(&leg.region, ask.role())?;
                self.turn(priority).await?;
                let last = at + 1 == count;
                let time = if last {
                    OPERATION_TIME_MAX
                } else {
                    ATTEMPT_TIME_MAX
                };
                let outcome = self
                    .timed(&leg.region, time, get(client, leg.secret_id))
                    .await;
                self.calls.add("GetSecretValue", &outcome);
                match self.noted(identity, &credentials, outcome) {
                    Ok(found) => return Ok(found),
                    Err(failure) if leg.region == home => {
                        let decided = !regions::is_outage(&failure);
                        said = Some(failure);
                        if decided {
                            break;
                        }
                    }
                    Err(failure) => {
                        let region = &leg.region;
                        tracing::debug!(region, %failure, "a replica region does not stand in");
                    }
                }
            }
            Err(said.take().unwrap_or(Failure::TimedOut))
        };
        let found = timeout(OPERATION_TIME_MAX, all).await;
        found
            .unwrap_or(Err(Failure::TimedOut))
            .map(|found| (home, found))
    }

    /// A call within a time; the region learns how it went.
    async fn timed<T>(
        &self,
        region: &str,
        time: Duration,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let outcome = timeout(time, call).await.unwrap_or(Err(Failure::TimedOut));
        let now = self.stopwatch.moment();
        lock(&self.outages).learn(region, outcome.as_ref().err(), now);
        outcome
    }

    /// Notes that the service answered, or that it does not know the credentials.
    fn noted<T>(
        &self,
        identity: &Identity,
        credentials: &Credentials,
        outcome: Result<T, Failure>,
    ) -> Result<T, Failure> {
        match &outcome {
            Ok(_) => {
                let now = clock::now().as_millisecond();
                self.last_success.store(now, Ordering::Relaxed);
            }
            Err(Failure::Credentials(_)) => identity.refuse(credentials.access_key_id()),
            Err(_) => {}
        }
        outcome
    }

    /// Waits for a token of the bucket.
    async fn turn(&self, priority: Priority) -> Result<(), Failure> {
        let start = self.stopwatch.moment();
        loop {
            let now = self.stopwatch.moment();
            let turn = lock(&self.bucket).take(priority, now);
            match turn {
                Turn::After(wait) => {
                    if !wait.is_zero() {
                        sleep(wait).await;
                    }
                    return Ok(());
                }
                Turn::Later(wait) if now.since(start) + wait <= CLIENT_WAIT_MAX => {
                    sleep(wait).await;
                }
                Turn::Later(_) | Turn::Refused => {
                    let message = "the agent sends no more calls: `requests-per-second` is reached";
                    let fault = Fault::new("ThrottlingException", message).status(429);
                    return Err(Failure::Throttled(fault));
                }
            }
        }
    }

    fn identity(&self, role: Option<&str>) -> Result<&Arc<Identity>, Failure> {
        let known = self.identities.get(&role.map(str::to_owned));
        known.ok_or_else(|| {
            let message = "the role is none of the agent's configuration";
            Failure::Invalid(Fault::new("ValidationException", message).status(400))
        })
    }

    /// The client of a region and an identity, made once.
    fn client(&self, region: &str, role: Option<&str>) -> Result<Client, Failure> {
        let key = (region.to_owned(), role.map(str::to_owned));
        let mut clients = lock(&self.clients);
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        let identity = Arc::clone(self.identity(role)?);
        let config = aws_sdk_secretsmanager::config::Builder::from(&self.settings)
            .region(Region::new(region.to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(Handed(identity)))
            .build();
        let client = Client::from_conf(config);
        if clients.len() >= CLIENTS_MAX {
            clients.clear();
        }
        clients.insert(key, client.clone());
        Ok(client)
    }
}

/// The identities of a configuration, each with its task.
fn identities(
    origin: Origin,
    configuration: &Aws,
    http: &SharedHttpClient,
    settings: &SdkConfig,
    stop: &Stop,
) -> BTreeMap<Option<String>, Arc<Identity>> {
    let on_top = !configuration.assume_role.is_empty();
    let source = Identity::new(if on_top { "source" } else { "agent" });
    let keep = refresher::keep_source(Arc::clone(&source), origin, http.clone());
    refresher::spawn(keep, stop.clone());
    let chain = |name: &str, steps: &[RoleStep]| {
        let identity = Identity::new(name);
        let (own, source) = (Arc::clone(&identity), Arc::clone(&source));
        let keep = refresher::keep_role(own, source, steps.to_vec(), settings.clone(), LEFT);
        refresher::spawn(keep, stop.clone());
        identity
    };
    let own = if on_top {
        chain("agent", &configuration.assume_role)
    } else {
        Arc::clone(&source)
    };
    let roles = configuration.roles.iter();
    let roles = roles.map(|(name, steps)| (Some(name.clone()), chain(name, steps)));
    std::iter::once((None, own)).chain(roles).collect()
}

/// A panic under one of these locks leaves a value that is still whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// An account of our own in the same process has no quota.
const UNBOUNDED: Requests = Requests {
    per_second: 100_000,
    burst: 100_000,
};
// The SDK's own clients are handed the present ones with each call.
const LEFT: Duration = Duration::ZERO;
// Regions times identities; ARNs of clients may name any region.
const CLIENTS_MAX: usize = 128;

#[cfg(test)]
mod tests;
