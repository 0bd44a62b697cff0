//! The Secret Agent protocol on a TCP socket.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use agent::config::Config;
use agent::secret_agent::{self, Refusal};
use bytes::Bytes;
use protocol::secret_agent::{
    HEADER_BYTES, HeaderError, REQUEST_BYTES_MAX, error_frame, read_header, read_request,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::{Bound, Stop, accept, stopped};
use crate::upstream::Secrets;

/// Answers Secret Agent frames.
#[derive(Debug)]
pub(crate) struct SecretAgent {
    secrets: Arc<Secrets>,
    config: Arc<Config>,
}

impl SecretAgent {
    pub(crate) fn new(secrets: Arc<Secrets>, config: Arc<Config>) -> Self {
        Self { secrets, config }
    }

    pub(crate) async fn serve(self, bound: Bound, stop: Stop) {
        let this = Arc::new(self);
        let own_stop = stop.clone();
        accept::each(bound.listener, stop, |stream, peer| {
            let (this, mut stop) = (Arc::clone(&this), own_stop.clone());
            async move {
                tokio::select! {
                    () = this.connection(stream, peer) => {}
                    () = stopped(&mut stop) => {}
                }
            }
        })
        .await;
    }

    /// Requests one after the other, until the client ends, errs or falls silent.
    async fn connection(&self, mut stream: TcpStream, peer: SocketAddr) {
        loop {
            let mut header = [0; HEADER_BYTES];
            match timeout(IDLE_TIME_MAX, stream.read_exact(&mut header)).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) | Err(_) => return,
            }
            let reply = match read_header(header, REQUEST_BYTES_MAX) {
                Ok(length) => {
                    let mut body = Zeroizing::new(vec![0; length]);
                    match timeout(BODY_TIME_MAX, stream.read_exact(&mut body)).await {
                        Ok(Ok(_)) => self.reply(&body, peer).await,
                        Ok(Err(_)) | Err(_) => return,
                    }
                }
                Err(error) => {
                    tracing::debug!(%peer, %error, "not a secret agent request");
                    // What follows cannot be told apart from what was meant: say why, where the
                    // magic was right, and end.
                    if error != HeaderError::BadMagic {
                        let _gone = stream.write_all(&error_frame(&error.to_string())).await;
                    }
                    return;
                }
            };
            if !matches!(
                timeout(BODY_TIME_MAX, stream.write_all(&reply)).await,
                Ok(Ok(()))
            ) {
                return;
            }
        }
    }

    async fn reply(&self, body: &[u8], peer: SocketAddr) -> Bytes {
        let request = match read_request(body) {
            Ok(request) => request,
            Err(error) => return error_frame(&error.to_string()),
        };
        let found = self.find(request.resource.as_deref(), &request.key).await;
        let resource = request.resource.as_deref().unwrap_or("");
        let (key, is_served) = (request.key.as_str(), found.is_ok());
        tracing::info!(%peer, resource, key, is_served, "secret read over secret agent protocol");
        found.unwrap_or_else(|refusal| error_frame(&refusal.to_string()))
    }

    async fn find(&self, resource: Option<&str>, key: &str) -> Result<Bytes, Refusal> {
        let manager = &self.config.secret_manager;
        let wanted = secret_agent::resolve(&manager.resources, resource)?;
        let entry = self
            .secrets
            .get(&wanted.ask)
            .await
            .map_err(|failure| Refusal::Fetch {
                resource: wanted.resource.to_owned(),
                failure,
            })?;
        secret_agent::reply(&entry, wanted.resource, key, manager.convert_to_base64)
    }
}

// Clients open a connection for each request; a silent one is a forgotten one.
const IDLE_TIME_MAX: Duration = Duration::from_mins(1);
// A request is one packet.
const BODY_TIME_MAX: Duration = Duration::from_secs(5);
