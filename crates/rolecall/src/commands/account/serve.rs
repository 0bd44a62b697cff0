//! `rolecall account serve`: the account's API on one port, over TLS or on loopback.

use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use account::{InstanceDelay, Issuers};
use jiff::SignedDuration;
use protocol::Secret;
use tokio::sync::watch;

use super::super::founding;
use super::super::moment::span;
use super::super::server::{Server, url};
use super::config;
use crate::cli;
use crate::control::Controls;
use crate::failure::{Exit, Failure};
use crate::host::Signals;
use crate::serve::{self, Domains, Transport};
use crate::store::{Exports, write_private};
use crate::term;

/// Runs until told to stop.
pub(super) async fn run(flags: cli::Serve) -> Result<Exit, Failure> {
    let flags = config::complete(flags)?;
    let listen = flags.listen.unwrap_or(LISTEN_DEFAULT);
    let (transport, certificate) = transport(&flags, listen)?;
    let exports = exports(&flags)?;
    let instance_delay = instance_delay(&flags)?;
    let shared = flags.etcd.shared(max_staleness(&flags)?)?;
    if let (true, Some(file)) = (flags.check, &flags.config) {
        term::data(&format!("{}: ok\n", file.display()));
        return Ok(Exit::Done);
    }
    let issuers = issuers(&flags.web_identity_issuer)?;
    let domains = Domains::new(&flags.s3_domain);
    let signals = Signals::listen()?;
    let folder = founding::folder(&flags.folder)?
        .with_exports(flags.export_dir.clone())
        .sharing(shared);
    let (store, partition) = founding::open_existing(&folder)?;
    let home = partition.home();
    let api = serve::bind(listen, "the account's API", "`--listen`").await?;
    let endpoint = url(transport.scheme(), api.address);
    let (region, account_id) = (home.region(), home.account());
    let (server, service) = Server::start(
        &folder,
        (store, partition),
        flags.strict_trail,
        issuers,
        domains,
    )?;
    let certificates = flags.tls_write_cert.as_deref();
    let rotator = server
        .rotator(&flags.rotation, &endpoint, certificates)
        .await?;
    let (stop, stopped) = watch::channel(false);
    let exported = stopped.clone();
    let service = service.delaying(instance_delay);
    let controls = Controls::bind(folder.path(), server.ledger.clone(), service.clone());
    let controlling = tokio::spawn(controls.run(stopped.clone()));
    let by_itself = tokio::spawn(server.by_itself(rotator, stopped.clone()));
    let serving = tokio::spawn(service.serve(api, transport, stopped));

    let exporting = match exports {
        Some(exports) => Some(exports.start(Arc::clone(&server.store), exported).await?),
        None => None,
    };
    if let (Some(path), Some(certificate)) = (&flags.tls_write_cert, &certificate) {
        write_private(path, certificate.expose())?;
    }
    term::talk(&format!(
        "account {account_id} in {region} is served at {endpoint}"
    ));
    if let Some(path) = &flags.ready_file {
        let ready = serde_json::json!({
            "endpoint": endpoint,
            "region": region,
            "account_id": account_id,
        });
        write_private(path, format!("{ready:#}\n").as_bytes())?;
    }

    signals.wait().await;
    tracing::info!("stopping");
    let _gone = stop.send(true);
    let _ended = serving.await;
    let _ended = controlling.await;
    if let Some(exporting) = exporting {
        let _ended = exporting.await;
    }
    let _ended = by_itself.await;
    server.close().await;
    Ok(Exit::Done)
}

/// What `--max-staleness` says.
fn max_staleness(flags: &cli::Serve) -> Result<Duration, Failure> {
    let Some(text) = &flags.max_staleness else {
        return Ok(founding::MAX_STALENESS);
    };
    let bound = span("--max-staleness", text)?;
    if bound.is_zero() || bound > MAX_STALENESS_MAX {
        let message = format!("`--max-staleness {text}` is no bound: `1s` to `5m`");
        return Err(Failure::wrong(message).hint("what was revoked may be allowed for so long"));
    }
    Ok(bound)
}

/// What `--instance-delay` says.
fn instance_delay(flags: &cli::Serve) -> Result<InstanceDelay, Failure> {
    let Some(text) = &flags.instance_delay else {
        return Ok(InstanceDelay::default());
    };
    let delay = span("--instance-delay", text)?;
    if delay > INSTANCE_DELAY_MAX {
        let message = format!("`--instance-delay {text}` is longer than any wait for an instance");
        return Err(Failure::wrong(message).hint("EC2 takes some seconds: try `5s`"));
    }
    Ok(InstanceDelay(
        SignedDuration::try_from(delay).unwrap_or_default(),
    ))
}

/// What `--export-dir` and its companions say.
fn exports(flags: &cli::Serve) -> Result<Option<Exports>, Failure> {
    let Some(folder) = flags.export_dir.clone() else {
        if flags.export_every.is_some() || flags.export_keep.is_some() {
            return Err(Failure::wrong("exports have no place to be kept")
                .hint("name a folder with `--export-dir`"));
        }
        return Ok(None);
    };
    let every = match &flags.export_every {
        Some(text) => span("--export-every", text)?,
        None => EXPORT_EVERY,
    };
    if every.is_zero() {
        return Err(Failure::wrong("`--export-every` is no time at all").hint("try `1h`"));
    }
    let keep = flags.export_keep.map_or(EXPORTS_KEPT, NonZeroUsize::get);
    Ok(Some(Exports {
        folder,
        every,
        keep,
    }))
}

/// Reads the keys of each `URL=FILE`. A URL may hold `=`, a path after the last one hardly does.
fn issuers(given: &[String]) -> Result<Issuers, Failure> {
    let mut issuers = Issuers::default();
    for text in given {
        let wrong = |reason: String| {
            Failure::wrong(format!(
                "`--web-identity-issuer {text}` cannot be: {reason}"
            ))
            .hint(
                "give the issuer as tokens name it and the file of its keys, as \
                 `https://issuer.example=keys.json`",
            )
        };
        let (url, path) = text
            .rsplit_once('=')
            .ok_or_else(|| wrong("there is no `=` in it".to_owned()))?;
        let keys = read_bounded(Path::new(path))
            .map_err(|error| wrong(format!("`{path}` cannot be read: {error}")))?;
        issuers
            .add(url, &keys)
            .map_err(|error| wrong(error.to_string()))?;
    }
    Ok(issuers)
}

fn read_bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut keys = Vec::new();
    std::fs::File::open(path)?
        .take(KEY_SET_BYTES_MAX + 1)
        .read_to_end(&mut keys)?;
    if keys.len() as u64 > KEY_SET_BYTES_MAX {
        return Err(std::io::Error::other("it is longer than 1 MiB"));
    }
    Ok(keys)
}

/// Plain HTTP shows session tokens and secrets to whoever is on the way: off this host it has to be
/// asked for.
fn transport(
    flags: &cli::Serve,
    listen: SocketAddr,
) -> Result<(Transport, Option<Secret>), Failure> {
    if let (Some(certificate), Some(key)) = (&flags.tls_cert, &flags.tls_key) {
        return Transport::of_files(certificate, key).map(|transport| (transport, None));
    }
    if flags.tls_write_cert.is_some() {
        let (transport, certificate) = Transport::of_this_run(listen)?;
        return Ok((transport, Some(certificate)));
    }
    if listen.ip().is_loopback() || flags.allow_plain_http {
        return Ok((Transport::Plain, None));
    }
    Err(Failure::wrong(format!(
        "`--listen {listen}` is reached from other hosts, and HTTP is not encrypted"
    ))
    .hint("give a certificate with `--tls-cert` and `--tls-key`")
    .hint("or `--allow-plain-http`, where something in front of it speaks TLS"))
}

const INSTANCE_DELAY_MAX: Duration = Duration::from_mins(10);
const MAX_STALENESS_MAX: Duration = Duration::from_mins(5);
const EXPORT_EVERY: Duration = Duration::from_hours(1);
const EXPORTS_KEPT: usize = 24;
const LISTEN_DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 4_566);
// A hundred times what an issuer publishes.
const KEY_SET_BYTES_MAX: u64 = 1_024 * 1_024;
