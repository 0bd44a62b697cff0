//! `rolecall account serve`: the account's API on one port, over TLS or on loopback.

use std::net::SocketAddr;

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
    let signals = Signals::listen()?;
    let folder = founding::folder(&flags.folder)?;
    let (store, state) = founding::open_existing(&folder)?;
    let api = serve::bind(flags.listen, "the account's API", "`--listen`").await?;
    let endpoint = url(transport.scheme(), api.address);
    let (region, account_id) = (state.region().to_owned(), state.account_id().to_owned());
    let (server, service) = Server::start(&folder, (store, state), flags.strict_trail)?;
    let certificates = flags.tls_write_cert.as_deref();
    let rotator = server
        .rotator(&flags.rotation, &endpoint, certificates)
        .await?;
    let (stop, stopped) = watch::channel(false);
    let rotating = tokio::spawn(rotator.run(stopped.clone()));
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
    let _ended = rotating.await;
    server.close().await;
    Ok(Exit::Done)
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
