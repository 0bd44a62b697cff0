//! The account's server: the writer, the recorder of calls and what answers on the API's port.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use account::Issuers;
use account::trail::Place;

use super::founding::Opened;
use crate::failure::Failure;
use crate::serve::Api;
use crate::store::{Folder, Ledger, Writing};
use crate::trail::{self, Recorder, Recording};

/// What runs beside the listener and is closed in good order.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) ledger: Ledger,
    writing: Writing,
    recording: Recording,
}

impl Server {
    /// Starts the threads; the API is to be served.
    pub(super) fn start(
        folder: &Folder,
        (store, state): Opened,
        strict_trail: bool,
        issuers: Issuers,
    ) -> Result<(Self, Api), Failure> {
        let trail = trail::folder(folder.path());
        let place = Place {
            account_id: state.account_id().to_owned(),
            region: state.region().to_owned(),
        };
        let (recorder, recording) =
            Recorder::start(&trail, place, strict_trail).map_err(|error| unkept(&trail, &error))?;
        let (ledger, writing) = Ledger::start(store, state)
            .map_err(|error| Failure::unfinished(format!("the writer does not start: {error}")))?;
        let api = Api::new(ledger.clone(), recorder, trail, issuers);
        let server = Self {
            ledger,
            writing,
            recording,
        };
        Ok((server, api))
    }

    /// Settles what is under way. Nothing must be listening any more.
    pub(super) async fn close(self) {
        self.writing.close().await;
        self.recording.close().await;
    }
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
