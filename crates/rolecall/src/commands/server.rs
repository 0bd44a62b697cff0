//! The account's server: the writer, the recorder of calls and what answers on the API's port.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use account::Issuers;

use super::founding::Opened;
use crate::cli;
use crate::failure::Failure;
use crate::rotation::{Rotator, Surroundings};
use crate::serve::{Api, Domains, S3, Stop};
use crate::store::{Folder, Ledger, Objects, Store, Writing};
use crate::sweeper::Sweeper;
use crate::trail::{self, Link, Recorder, Recording};

/// What runs beside the listener and is closed in good order.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) ledger: Ledger,
    pub(super) store: Arc<Store>,
    recorder: Recorder,
    objects: Objects,
    writing: Writing,
    recording: Recording,
}

impl Server {
    /// Starts the threads; the API is to be served.
    pub(super) fn start(
        folder: &Folder,
        (store, partition): Opened,
        strict_trail: bool,
        issuers: Issuers,
        domains: Domains,
    ) -> Result<(Self, Api), Failure> {
        let trail = trail::folder(folder.path());
        let place = partition.home();
        let anchor = store.anchor().as_ref().and_then(Link::of_anchor);
        let (recorder, recording) = Recorder::start(&trail, place, strict_trail, anchor)
            .map_err(|error| unkept(&trail, &error))?;
        let objects = Objects::open(folder.path(), partition.object_files())
            .map_err(|error| unstored(folder.path(), &error))?;
        let store = Arc::new(store);
        let written = recorder.written();
        let (ledger, writing) =
            Ledger::start(Arc::clone(&store), partition, move || written().anchor()).map_err(
                |error| Failure::unfinished(format!("the writer does not start: {error}")),
            )?;
        let s3 = S3::new(ledger.clone(), recorder.clone(), objects.clone(), domains);
        let api = Api::new(ledger.clone(), recorder.clone(), trail, issuers, s3);
        let server = Self {
            ledger,
            store,
            recorder,
            objects,
            writing,
            recording,
        };
        Ok((server, api))
    }

    /// What rotates secrets by the operator's commands, which find the API at `endpoint`. To be run
    /// as long as the API is served.
    pub(super) async fn rotator(
        &self,
        flags: &cli::Rotation,
        endpoint: &str,
        certificates: Option<&Path>,
    ) -> Result<Rotator, Failure> {
        let surroundings = Surroundings {
            endpoint: endpoint.to_owned(),
            certificates: certificates.map(Path::to_owned),
        };
        let commands = flags.rotation_command.clone();
        let (ledger, recorder) = (self.ledger.clone(), self.recorder.clone());
        Rotator::new(ledger, recorder, commands, surroundings).await
    }

    /// What the account does by itself until told to stop: secrets rotate, and objects that are
    /// over go.
    pub(super) fn by_itself(
        &self,
        rotator: Rotator,
        stop: Stop,
    ) -> impl Future<Output = ()> + Send + 'static {
        let sweeper = Sweeper::new(self.ledger.clone(), self.objects.clone());
        async move {
            let sweeping = tokio::spawn(sweeper.run(stop.clone()));
            rotator.run(stop).await;
            let _ended = sweeping.await;
        }
    }

    /// Settles what is under way. Nothing must be listening any more, and nobody else must hold the
    /// store, so that it is closed.
    pub(super) async fn close(self) {
        drop(self.store);
        self.writing.close().await;
        self.recording.close().await;
    }
}

fn unstored(data: &Path, error: &std::io::Error) -> Failure {
    let path = data.join("objects");
    let path = path.display();
    Failure::unfinished(format!("no objects can be kept in `{path}`: {error}"))
        .hint("give rolecall the right to read and write there")
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

/// The URL by which a listener is reached from this host.
pub(super) fn url(scheme: &str, address: SocketAddr) -> String {
    format!("{scheme}://{}", reachable(address))
}

/// Where a listener is reached from this host.
pub(super) fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
