//! `rolecall up`: account, metadata service and agent in one process, on one data folder.

mod greeting;
mod runtime;
mod world;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use account::State;
use account::trail::Place;
use agent::Ask;
use protocol::Secret;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use self::greeting::Ready;
use self::runtime::RuntimeFolder;
use super::agent::Listeners;
use crate::cli;
use crate::failure::{Exit, Failure};
use crate::host::Signals;
use crate::serve::{self, Api, Bound, Metadata, Stop};
use crate::store::{Folder, Ledger, write_private};
use crate::term;
use crate::trail::{self, Recorder};
use crate::upstream::{Fetcher, Secrets, Source, load};

/// Runs until told to stop.
pub(crate) async fn run(flags: cli::Up) -> Result<Exit, Failure> {
    world::check(&flags)?;
    let signals = Signals::listen()?;
    let folder = Folder::prepare(flags.data.clone(), flags.root_key_file.clone())?;
    let (store, state) = world::open(&folder, &flags)?;
    let runtime = RuntimeFolder::prepare(&folder)?;
    let api = serve::bind(flags.listen, "the account's API", "`--listen`").await?;
    let endpoint = url(api.address);
    let instance_id = state.first_running_instance().map(str::to_owned);
    let admin = state.administrator_key().cloned();
    let (region, account_id) = (state.region().to_owned(), state.account_id().to_owned());
    let trail = trail::folder(folder.path());
    let place = Place {
        account_id: account_id.clone(),
        region: region.clone(),
    };
    let (recorder, recording) = Recorder::start(&trail, place, flags.strict_trail)
        .map_err(|error| unkept(&trail, &error))?;
    let (ledger, writing) = Ledger::start(store, state)
        .map_err(|error| Failure::unfinished(format!("the writer does not start: {error}")))?;

    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    tasks.spawn(Api::new(ledger.clone(), recorder, trail).serve(api, stopped.clone()));
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
            ledger: &ledger,
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
    let _all_gone = stop.send(true);
    while tasks.join_next().await.is_some() {}
    writing.close().await;
    recording.close().await;
    runtime.remove();
    Ok(Exit::Done)
}

fn unkept(trail: &Path, error: &std::io::Error) -> Failure {
    let path = trail.display();
    Failure::unfinished(format!(
        "no record of calls can be kept in `{path}`: {error}"
    ))
    .hint(
        "give rolecall the right to write there; where it is damaged, move it away: \
         a new one begins",
    )
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
        let imds_url = url(imds.address);
        tasks.spawn(Metadata::new(self.ledger.clone(), id.clone()).serve(imds, self.stop.clone()));
        // The agent takes the same way as on a host: metadata service, STS credentials, API.
        let source = Source::Metadata {
            imds: &imds_url,
            region: &account.region,
            endpoint: &account.endpoint,
        };
        let sdk = load(source).await?;
        let token_file = self.token()?;
        let config = Arc::new(world::agent_config(
            self.flags,
            &account.region,
            &token_file,
        )?);
        let listeners = Listeners::bind(&config).await?;
        let (tcp, http) = (address(listeners.tcp.as_ref()), http_address(&listeners));
        let secrets = Secrets::new(config.cache, Fetcher::new(&sdk));
        let mut agent = listeners.serve(&config, &secrets, self.stop);
        warm(&secrets).await;
        tasks.spawn(async move { while agent.join_next().await.is_some() {} });
        Ok(greeting::Instance {
            id,
            imds: imds_url,
            tcp,
            http,
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
    match timeout(WARM_TIME_MAX, secrets.get(&ask)).await {
        Ok(Ok(_)) => {}
        Ok(Err(failure)) => tracing::warn!(%failure, "the sample secret is not readable"),
        Err(_) => tracing::warn!("the sample secret was not read in time"),
    }
}

fn address(bound: Option<&Bound>) -> String {
    bound
        .map(|bound| reachable(bound.address).to_string())
        .unwrap_or_default()
}

fn http_address(listeners: &Listeners) -> String {
    listeners
        .aws_http
        .as_ref()
        .map(|(bound, _)| url(bound.address))
        .unwrap_or_default()
}

fn url(address: SocketAddr) -> String {
    format!("http://{}", reachable(address))
}

/// Where a listener is reached from this host.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Opened state, kept apart from [`Ledger`] until everything is bound.
type Opened = (crate::store::Store, State);

const WARM_TIME_MAX: Duration = Duration::from_secs(10);
