//! Secrets for units of systemd, over a Unix socket that sends one and closes.
//!
//! A refusal cannot be said: the unit finds an empty file (systemd's issue 27373), so the log names
//! unit and credential.

use std::sync::Arc;
use std::time::Duration;

use agent::access::Listener;
use agent::aws_http::Refresh;
use agent::unit_credentials::{self, Asked, Refusal};
use protocol::Secret;
use tokio::io::AsyncWriteExt;
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

use super::connection::Connection;
use super::gate::Guest;
use super::meter::Module;
use super::reads::{Question, Reads, Refused};
use super::tally::KEY_NOT_FOUND;
use super::{Stop, accept};

/// Answers the service manager.
#[derive(Debug)]
pub(crate) struct UnitCredentials {
    reads: Arc<Reads>,
}

impl UnitCredentials {
    pub(crate) fn new(reads: Arc<Reads>) -> Self {
        Self { reads }
    }

    pub(crate) async fn serve(self, listener: UnixListener, stop: Stop) {
        let meter = self.reads.meters.of(Module::SystemdCredentials);
        let this = Arc::new(self);
        accept::each(listener, meter, stop, |stream, _, guest| {
            let this = Arc::clone(&this);
            async move { this.connection(stream, &guest).await }
        })
        .await;
    }

    async fn connection(&self, mut stream: UnixStream, guest: &Guest) {
        let address = stream.peer_addr().ok();
        let name = address.as_ref().and_then(|it| it.as_abstract_name());
        let connection = Connection::unix(&stream);
        let Some(asked) = name.and_then(unit_credentials::read_address) else {
            guest.meter().parse_failed();
            guest
                .meter()
                .turned_away(&connection, "its address names no unit");
            return;
        };
        let own_uid = rustix::process::geteuid().as_raw();
        let uid = connection.uid();
        if uid.is_none_or(|uid| uid != 0 && uid != own_uid) {
            guest
                .meter()
                .turned_away(&connection, "it is not the service manager");
            return;
        }
        guest.begin();
        let found = self.find(&asked, connection).await;
        guest.done(found.is_ok());
        let Asked { unit, credential } = asked;
        let value = match found {
            Ok(value) => value,
            Err(reason) => {
                let hint = "resources of the configuration are credentials, and RESOURCE.KEY";
                tracing::error!(
                    unit,
                    credential,
                    reason,
                    hint,
                    "a unit's credential is empty"
                );
                return;
            }
        };
        let written = timeout(WRITE_TIME_MAX, stream.write_all(value.expose())).await;
        if !matches!(written, Ok(Ok(()))) {
            guest.meter().write_failed();
            tracing::error!(unit, credential, "a unit's credential could not be sent");
        }
    }

    /// The bytes, or in words why there are none.
    async fn find(&self, asked: &Asked, connection: Connection) -> Result<Secret, String> {
        let by = Listener::SystemdCredentials;
        let live = self.reads.live();
        let resources = &live.config.secret_manager.resources;
        let wanted = unit_credentials::resolve(resources, &asked.credential);
        let wanted = wanted.map_err(|refusal| {
            self.reads.tally.unknown_resource();
            refusal.to_string()
        })?;
        let connection = connection.of_unit(&asked.unit);
        let caller = connection.caller(&live, by, None).await;
        let question = Question {
            caller: &caller,
            listener: by,
            resource: Some(wanted.resource),
            ask: wanted.ask,
            key: wanted.key,
            refresh: &Refresh::No,
        };
        let answer = |served: crate::upstream::Held<'_>| {
            let bytes = unit_credentials::bytes(served.entry, &wanted);
            bytes.cloned().map_err(|refusal| (refusal, KEY_NOT_FOUND))
        };
        let read = self.reads.read(&live, question, answer).await;
        read.map_err(|refused: Refused<Refusal>| match refused {
            Refused::Unanswerable(refusal) => refusal.to_string(),
            Refused::Denied(denial) => denial.to_string(),
            Refused::Failed(failure) => failure.to_string(),
            Refused::Unrecorded => "the read cannot be recorded".to_owned(),
        })
    }
}

// Of a megabyte at most, to a manager that reads it at once.
const WRITE_TIME_MAX: Duration = Duration::from_secs(5);
