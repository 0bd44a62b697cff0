//! `rolecall account serve`: the account's API on one port, over TLS or on loopback.

use std::io::Read as _;
use std::net::SocketAddr;
use std::path::Path;

use account::Issuers;
use protocol::Secret;
use tokio::sync::watch;

use super::super::founding;
use super::super::server::{Server, url};
use crate::cli;
use crate::failure::{Exit, Failure};
use crate::host::Signals;
use crate::serve::{self, Transport};
use crate::store::write_private;
use crate::term;

/// Runs until told to stop.
pub(super) async fn run(flags: cli::Serve) -> Result<Exit, Failure> {
    let (transport, certificate) = transport(&flags)?;
    let issuers = issuers(&flags.web_identity_issuer)?;
    let signals = Signals::listen()?;
    let folder = founding::folder(&flags.folder)?;
    let (store, state) = founding::open_existing(&folder)?;
    let api = serve::bind(flags.listen, "the account's API", "`--listen`").await?;
    let endpoint = url(transport.scheme(), api.address);
    let (region, account_id) = (state.region().to_owned(), state.account_id().to_owned());
    let (server, service) = Server::start(&folder, (store, state), flags.strict_trail, issuers)?;
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(service.serve(api, transport, stopped));

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
    server.close().await;
    Ok(Exit::Done)
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
fn transport(flags: &cli::Serve) -> Result<(Transport, Option<Secret>), Failure> {
    if let (Some(certificate), Some(key)) = (&flags.tls_cert, &flags.tls_key) {
        return Transport::of_files(certificate, key).map(|transport| (transport, None));
    }
    if flags.tls_write_cert.is_some() {
        let (transport, certificate) = Transport::of_this_run(flags.listen)?;
        return Ok((transport, Some(certificate)));
    }
    let listen: SocketAddr = flags.listen;
    if listen.ip().is_loopback() || flags.allow_plain_http {
        return Ok((Transport::Plain, None));
    }
    Err(Failure::wrong(format!(
        "`--listen {listen}` is reached from other hosts, and HTTP is not encrypted"
    ))
    .hint("give a certificate with `--tls-cert` and `--tls-key`")
    .hint("or `--allow-plain-http`, where something in front of it speaks TLS"))
}

// A hundred times what an issuer publishes.
const KEY_SET_BYTES_MAX: u64 = 1_024 * 1_024;
