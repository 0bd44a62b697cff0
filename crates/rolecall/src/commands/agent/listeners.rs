//! The agent's sockets: bound before anything is served, then served until told to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use agent::config::Service;
use tokio::net::UnixListener;
use tokio::task::JoinSet;

use crate::failure::Failure;
use crate::serve::{self, AwsHttp, Bound, Reads, SecretAgent, Stop, Transport};

/// The sockets that a configuration asks for.
#[derive(Debug, Default)]
pub(crate) struct Listeners {
    tcp: Option<Bound>,
    uds: Option<UnixListener>,
    aws_http: Option<Bound>,
    aws_socket: Option<UnixListener>,
}

impl Listeners {
    pub(crate) async fn bind(service: &Service) -> Result<Self, Failure> {
        let mut bound = Self::default();
        if let Some(tcp) = &service.tcp {
            let key = "`service.tcp.endpoint`";
            bound.tcp = Some(serve::bind(tcp.endpoint, "the Secret Agent protocol", key).await?);
        }
        if let Some(uds) = &service.uds {
            bound.uds = Some(serve::bind_unix(uds, "`service.uds.socket-path`")?);
        }
        if let Some(http) = &service.aws_http {
            if let Some(endpoint) = http.endpoint {
                let key = "`service.aws-http.endpoint`";
                let what = "the local HTTP interface";
                bound.aws_http = Some(serve::bind(endpoint, what, key).await?);
            }
            if let Some(socket) = &http.socket {
                let key = "`service.aws-http.socket-path`";
                bound.aws_socket = Some(serve::bind_unix(socket, key)?);
            }
        }
        Ok(bound)
    }

    /// Where the Secret Agent protocol is served, port included.
    pub(crate) fn tcp_address(&self) -> Option<SocketAddr> {
        self.tcp.as_ref().map(|bound| bound.address)
    }

    /// Where the local HTTP interface is served, port included.
    pub(crate) fn http_address(&self) -> Option<SocketAddr> {
        self.aws_http.as_ref().map(|bound| bound.address)
    }

    /// Serves secrets on them.
    pub(crate) fn serve(self, reads: &Arc<Reads>, stop: &Stop) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        if let Some(bound) = self.tcp {
            tracing::info!(address = %bound.address, "secret agent protocol is served");
            let agent = SecretAgent::new(Arc::clone(reads));
            tasks.spawn(agent.serve(bound.listener, stop.clone()));
        }
        if let Some(listener) = self.uds {
            tracing::info!("secret agent protocol is served on its socket");
            let agent = SecretAgent::new(Arc::clone(reads));
            tasks.spawn(agent.serve(listener, stop.clone()));
        }
        if let Some(bound) = self.aws_http {
            tracing::info!(address = %bound.address, "local HTTP interface is served");
            let http = AwsHttp::new(Arc::clone(reads), Some(bound.address.ip()));
            tasks.spawn(http.serve(bound.listener, Transport::Plain, stop.clone()));
        }
        if let Some(listener) = self.aws_socket {
            tracing::info!("local HTTP interface is served on its socket");
            let http = AwsHttp::new(Arc::clone(reads), None);
            tasks.spawn(http.serve(listener, Transport::Plain, stop.clone()));
        }
        tasks
    }
}
