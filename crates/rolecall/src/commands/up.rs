//! `rolecall up`: account, metadata service and agent in one process, on one data folder.

mod greeting;
mod runtime;
mod world;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ::agent::Ask;
use ::agent::aws_http::Refresh;
use account::Issuers;
use protocol::Secret;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use self::greeting::Ready;
use self::runtime::RuntimeFolder;
use super::agent::{self, Answering, InForce, Listeners};
use super::founding::{self, Wanted};
use super::server::{Server, reachable, url};
use crate::cli::{self, ImdsOption};
use crate::control::Controls;
use crate::failure::{Exit, Failure};
use crate::host::Signals;
use crate::identity;
use crate::serve::{self, Domains, Metadata, Reads, Stop, Transport};
use crate::store::{Ledger, write_private};
use crate::term;
use crate::upstream::{Secrets, Upstream};

/// Runs until told to stop.
pub(crate) async fn run(flags: cli::Up) -> Result<Exit, Failure> {
    let wanted = Wanted {
        account_id: flags.new.account_id.as_deref(),
        region: flags.new.region.as_deref(),
        sample: !flags.empty,
    };
    wanted.check()?;
    let signals = Signals::listen()?;
    let folder = founding::folder(&flags.folder)?;
    let (store, partition) = wanted.open(&folder)?;
    let state = founding::founding_state(&partition)?;
    let runtime = RuntimeFolder::prepare(&folder)?;
    let api = serve::bind(flags.listen, "the account's API", "`--listen`").await?;
    let endpoint = url("http", api.address);
    let instance_id = state.first_running_instance().map(str::to_owned);
    let admin = state.administrator_key().cloned();
    let (region, account_id) = (state.region().to_owned(), state.account_id().to_owned());
    let issuers = Issuers::default();
    let domains = Domains::new(&[]);
    let (server, service) = Server::start(
        &folder,
        (store, partition),
        flags.strict_trail,
        issuers,
        domains,
    )?;

    let rotator = server.rotator(&flags.rotation, &endpoint, None).await?;
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let controls = Controls::bind(folder.path(), server.ledger.clone(), service.clone());
    tasks.spawn(controls.run(stopped.clone()));
    tasks.spawn(server.by_itself(rotator, stopped.clone()));
    tasks.spawn(service.serve(api, Transport::Plain, stopped.clone()));
    let mut ready = Ready {
        endpoint,
        region,
        account_id,
        admin,
        instance: None,
        credentials_file: runtime.path("credentials"),
        program: std::env::args()
            .next()
            .unwrap_or_else(|| "rolecall".to_owned()),
    };
    if let Some(id) = instance_id {
        let host = Host {
            flags: &flags,
            ledger: &server.ledger,
            runtime: &runtime,
            stop: &stopped,
        };
        ready.instance = Some(host.start(id, &ready, &mut tasks).await?);
    }
    if let Some(file) = ready.shared_credentials() {
        write_private(&ready.credentials_file, file.expose())?;
    }
    term::talk(&ready.greeting());
    if let Some(path) = &flags.ready_file {
        write_private(path, ready.json().expose())?;
    }

    signals.wait().await;
    tracing::info!("stopping");
    ready.say_without_token();
    let _all_gone = stop.send(true);
    while tasks.join_next().await.is_some() {}
    server.close().await;
    runtime.remove();
    Ok(Exit::Done)
}

/// The instance that runs beside the account: its metadata service and its agent.
struct Host<'a> {
    flags: &'a cli::Up,
    ledger: &'a Ledger,
    runtime: &'a RuntimeFolder,
    stop: &'a Stop,
}

impl Host<'_> {
    async fn start(
        &self,
        id: String,
        account: &Ready,
        tasks: &mut JoinSet<()>,
    ) -> Result<greeting::Instance, Failure> {
        let imds = serve::bind(self.flags.imds, "the metadata service", "`--imds`").await?;
        // A new account has no key yet; it is made beside what else there is to do.
        let ledger = self.ledger.clone();
        let establishing = tokio::spawn(async move { identity::established(&ledger).await });
        let imds_url = url("http", imds.address);
        let partition = self.ledger.partition();
        let service = Metadata::new(self.ledger.clone(), partition.home(), id.clone())
            .in_manner(ImdsOption::manner(&self.flags.imds_option));
        tasks.spawn(service.serve(imds, self.stop.clone()));
        // The agent takes the same way as on a host: metadata service, STS credentials, API.
        let (region, endpoint) = (&account.region, &account.endpoint);
        let stop = self.stop.clone();
        let upstream = Upstream::of_metadata(&imds_url, region, endpoint, stop).await?;
        let token_file = self.token()?;
        let config = Arc::new(world::agent_config(
            self.flags,
            &account.region,
            &token_file,
        )?);
        let service = config.service.clone();
        let secrets = Secrets::new(config.cache.clone(), agent::prefetched(&config), upstream);
        let reads = Reads::new(agent::live(config, Arc::clone(&secrets), 0)?);
        let source = InForce::of(&reads);
        let answering = Answering { reads, source };
        let listeners = Listeners::start(&service, Vec::new(), answering).await?;
        let tcp = listeners.tcp_address().map(reachable);
        let http = listeners.http_address();
        tasks.spawn(Arc::clone(&secrets).keep_fresh(self.stop.clone()));
        let mut stop = self.stop.clone();
        tasks.spawn(async move {
            serve::stopped(&mut stop).await;
            listeners.stop().await;
        });
        warm(&secrets).await;
        if !matches!(establishing.await, Ok(Ok(()))) {
            return Err(Failure::unfinished(
                "the key of instance identity documents cannot be made",
            ));
        }
        let partition = self.ledger.partition();
        let certificate = partition.identity_certificate().unwrap_or_default();
        Ok(greeting::Instance {
            id,
            identity_certificate: certificate.to_owned(),
            imds: imds_url,
            tcp: tcp.map(|tcp| tcp.to_string()).unwrap_or_default(),
            http: http.map(|http| url("http", http)).unwrap_or_default(),
            token_file,
        })
    }

    /// A token of this run for the local HTTP interface.
    fn token(&self) -> Result<PathBuf, Failure> {
        let path = self.runtime.path("agent.token");
        let bytes = crate::clock::random::<16>()?;
        let token = bytes
            .iter()
            .fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        write_private(&path, Secret::from_text(token).expose())?;
        Ok(path)
    }
}

/// Ready means that the whole way has been gone once. A world whose way is closed (its policy was
/// detached, say) is ready all the same: that is what it is there to show.
async fn warm(secrets: &Arc<Secrets>) {
    let Ok(ask) = Ask::new(account::sample::SECRET, None, None) else {
        return;
    };
    match timeout(WARM_TIME_MAX, secrets.get(&ask, &Refresh::No)).await {
        Ok(Ok(_)) => {}
        Ok(Err(failure)) => tracing::warn!(%failure, "the sample secret is not readable"),
        Err(_) => tracing::warn!("the sample secret was not read in time"),
    }
}

const WARM_TIME_MAX: Duration = Duration::from_secs(10);
