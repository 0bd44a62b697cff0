//! What a listener counts of its connections, and what it says of those it turns away.
//!
//! How it is shown is not known here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use agent::config::Service;
use agent::metrics::Connections;

use super::limited::Limited;

/// A listener, as the configuration calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Module {
    Tcp,
    Uds,
    Http,
    Https,
    AwsHttp,
    AwsSocket,
    ContainerCredentials,
    SystemdCredentials,
}

impl Module {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        MODULES.into_iter()
    }

    /// Whether the configuration asks for it.
    pub(super) fn is_in(self, service: &Service) -> bool {
        let http = service.aws_http.as_ref();
        match self {
            Self::Tcp => service.tcp.is_some(),
            Self::Uds => service.uds.is_some(),
            Self::Http => service.http.is_some(),
            Self::Https => service.https.is_some(),
            Self::AwsHttp => http.is_some_and(|http| http.endpoint.is_some()),
            Self::AwsSocket => http.is_some_and(|http| http.socket.is_some()),
            Self::ContainerCredentials => service.container_credentials.is_some(),
            Self::SystemdCredentials => service.systemd_credentials.is_some(),
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Uds => "uds",
            Self::Http => "http",
            Self::Https => "https",
            Self::AwsHttp => "aws-http",
            Self::AwsSocket => "aws-http-socket",
            Self::ContainerCredentials => "container-credentials",
            Self::SystemdCredentials => "systemd-credentials",
        }
    }
}

/// The counters of every listener that there may be.
#[derive(Debug)]
pub(crate) struct Meters([(Module, Arc<Meter>); MODULES.len()]);

impl Default for Meters {
    fn default() -> Self {
        Self(MODULES.map(|module| {
            let meter = Meter {
                module: module.as_str(),
                ..Meter::default()
            };
            (module, Arc::new(meter))
        }))
    }
}

impl Meters {
    pub(crate) fn of(&self, module: Module) -> Arc<Meter> {
        let found = self.0.iter().find(|(known, _)| *known == module);
        found
            .map(|(_, meter)| Arc::clone(meter))
            .unwrap_or_default()
    }
}

/// The counters of one listener. Each but `opened` and `closed` is a number by itself, so `Relaxed`
/// is enough; those two may be read a moment apart.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    module: &'static str,
    opened: AtomicU64,
    closed: AtomicU64,
    failed: AtomicU64,
    read_failed: AtomicU64,
    write_failed: AtomicU64,
    tls_failed: AtomicU64,
    parse_failed: AtomicU64,
    crowded_out: AtomicU64,
    tokens_rejected: AtomicU64,
    rejections: Limited,
}

impl Meter {
    pub(super) fn opened(&self) {
        add(&self.opened);
    }

    pub(super) fn closed(&self) {
        add(&self.closed);
    }

    /// A connection could not be accepted.
    pub(super) fn failed(&self) {
        add(&self.failed);
    }

    pub(super) fn read_failed(&self) {
        add(&self.read_failed);
    }

    pub(super) fn write_failed(&self) {
        add(&self.write_failed);
    }

    pub(super) fn parse_failed(&self) {
        add(&self.parse_failed);
    }

    pub(super) fn crowded_out(&self) {
        add(&self.crowded_out);
    }

    /// TLS did not come about.
    pub(super) fn tls_failed(&self, peer: &dyn std::fmt::Display, why: &dyn std::fmt::Display) {
        add(&self.tls_failed);
        if let Some(suppressed) = self.rejections.one_more() {
            let module = self.module;
            tracing::info!(module, %peer, reason = %why, suppressed, "no TLS with a client");
        }
    }

    /// A request came with a token that is not the agent's, or without one.
    pub(super) fn token_rejected(&self, peer: &dyn std::fmt::Display) {
        add(&self.tokens_rejected);
        if let Some(suppressed) = self.rejections.one_more() {
            let module = self.module;
            tracing::warn!(module, %peer, suppressed, "a request without the right token");
        }
    }

    /// A connection is not one that the listener is for.
    pub(super) fn turned_away(&self, peer: &dyn std::fmt::Display, reason: &str) {
        if let Some(suppressed) = self.rejections.one_more() {
            let module = self.module;
            tracing::warn!(module, %peer, reason, suppressed, "a connection is turned away");
        }
    }

    /// All of it at this moment.
    pub(super) fn read(&self) -> Connections {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let (closed, opened) = (of(&self.closed), of(&self.opened));
        Connections {
            module: self.module,
            active: opened.saturating_sub(closed),
            opened,
            closed,
            failed: of(&self.failed),
            read_failed: of(&self.read_failed),
            write_failed: of(&self.write_failed),
            tls_failed: of(&self.tls_failed),
            parse_failed: of(&self.parse_failed),
            crowded_out: of(&self.crowded_out),
            tokens_rejected: of(&self.tokens_rejected),
        }
    }
}

fn add(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}

const MODULES: [Module; 8] = [
    Module::Tcp,
    Module::Uds,
    Module::Http,
    Module::Https,
    Module::AwsHttp,
    Module::AwsSocket,
    Module::ContainerCredentials,
    Module::SystemdCredentials,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_is_over_is_not_active() {
        let meters = Meters::default();
        let meter = meters.of(Module::Uds);
        meter.opened();
        meter.opened();
        meter.closed();
        let read = meters.of(Module::Uds).read();

        assert_eq!((read.module, read.active), ("uds", 1));
        assert_eq!((read.opened, read.closed), (2, 1));
        assert_eq!(meters.of(Module::Tcp).read().opened, 0);
    }
}
