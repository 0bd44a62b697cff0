//! Calls to the account: how many at once, what is tried again, and what is missing in the end.
//! Knows no operation.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use audit::Missing;
use protocol::sigv4::Credentials;
use protocol::{Fault, Record};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::service;
use crate::failure::Failure;
use crate::term;
use crate::upstream::{ApiClient, ApiError};

/// The way to the account.
#[derive(Debug)]
pub(super) struct Calls {
    first: ApiClient,
    /// The account, where there are several.
    account: OnceLock<String>,
    clients: Mutex<BTreeMap<(&'static str, String), std::sync::Arc<ApiClient>>>,
    places: Semaphore,
    made: AtomicUsize,
    missing: Mutex<Vec<Missing>>,
}

impl Calls {
    pub(super) fn new(first: ApiClient) -> Self {
        Self {
            first,
            account: OnceLock::new(),
            clients: Mutex::default(),
            places: Semaphore::new(CALLS_AT_ONCE_MAX),
            made: AtomicUsize::new(0),
            missing: Mutex::default(),
        }
    }

    /// The SDK's region.
    pub(super) fn region(&self) -> &str {
        self.first.region()
    }

    /// The same endpoints with the credentials of a role in another account.
    pub(super) fn session(&self, credentials: Credentials, account: &str) -> Self {
        let calls = Self::new(self.first.with(credentials));
        calls.tell(account);
        calls
    }

    /// What is missing is told with the account, as there are several.
    pub(super) fn tell(&self, account: &str) {
        self.account.get_or_init(|| account.to_owned());
    }

    /// What is missing by now.
    pub(super) fn so_far(&self) -> Vec<Missing> {
        locked(&self.missing).clone()
    }

    /// What was missing, and how many calls were made.
    pub(super) fn finish(&self) -> (Vec<Missing>, usize) {
        let mut missing = std::mem::take(&mut *locked(&self.missing));
        missing.sort();
        missing.dedup();
        (missing, self.made.load(Ordering::Relaxed))
    }

    /// Calls an operation, again while it is throttled.
    pub(super) async fn ask(
        &self,
        service: &'static str,
        region: &str,
        operation: &'static str,
        input: &Record,
    ) -> Result<Record, ApiError> {
        let client = self.client(service, region).map_err(ApiError::Failure)?;
        let mut pause = PAUSE_FIRST;
        for attempt in 1.. {
            let answer = {
                let _place = self.places.acquire().await;
                let made = 1 + self.made.fetch_add(1, Ordering::Relaxed);
                if made.is_multiple_of(CALLS_A_LINE) && term::is_talk_terminal() {
                    term::talk(&format!("{made} calls made, now {service} in {region}"));
                }
                client.call(operation, input).await
            };
            match answer {
                Err(ApiError::Fault(fault)) if is_passing(&fault) && attempt < ATTEMPTS_MAX => {
                    sleep(pause).await;
                    pause *= 2;
                }
                answer => return answer,
            }
        }
        Err(ApiError::Failure(Failure::unfinished("no attempt")))
    }

    /// The same, where an answer that is not had is missing evidence.
    pub(super) async fn get(
        &self,
        service: &'static str,
        region: &str,
        operation: &'static str,
        input: &Record,
    ) -> Option<Record> {
        match self.ask(service, region, operation, input).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.miss(&format!("{service}:{operation}"), region, &error);
                None
            }
        }
    }

    /// All pages of a list, one after another. `None` if one of them is missing: half a list
    /// passes for a whole one.
    pub(super) async fn pages(
        &self,
        service: &'static str,
        region: &str,
        list: &Paged,
        input: &Record,
    ) -> Option<Vec<Record>> {
        let mut pages = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let input = input.clone().with_some(list.sent, next.take());
            let page = self.get(service, region, list.operation, &input).await?;
            next = page.text(list.told).map(str::to_owned);
            next = next.filter(|it| !it.is_empty());
            pages.push(page);
            if next.is_none() {
                return Some(pages);
            }
        }
        let what = format!("{service}:{}", list.operation);
        self.note(&what, region, format!("more than {PAGES_MAX} pages"));
        None
    }

    pub(super) fn miss(&self, what: &str, place: &str, error: &ApiError) {
        let why = match error {
            ApiError::Fault(fault) => format!("{}: {}", fault.code, fault.message),
            ApiError::Failure(failure) => failure.message.clone(),
        };
        self.note(what, place, why);
    }

    pub(super) fn note(&self, what: &str, place: &str, why: String) {
        let place = match self.account.get() {
            Some(account) if !place.contains(account) => format!("{account} {place}"),
            _ => place.to_owned(),
        };
        locked(&self.missing).push(Missing {
            what: what.to_owned(),
            place,
            why,
        });
    }

    fn client(
        &self,
        name: &'static str,
        region: &str,
    ) -> Result<std::sync::Arc<ApiClient>, Failure> {
        let mut clients = locked(&self.clients);
        let key = (name, region.to_owned());
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        let client = std::sync::Arc::new(self.first.beside(service(name)?, region)?);
        clients.insert(key, client.clone());
        Ok(client)
    }
}

/// A list that comes in pages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paged {
    pub(super) operation: &'static str,
    /// The member that asks for the next page.
    pub(super) sent: &'static str,
    /// The member that names it.
    pub(super) told: &'static str,
}

/// Lists of the services that call it `NextToken` both ways.
pub(super) const fn listed(operation: &'static str) -> Paged {
    Paged {
        operation,
        sent: "NextToken",
        told: "NextToken",
    }
}

/// Whether the same call may be answered a moment later.
fn is_passing(fault: &Fault) -> bool {
    let code = &*fault.code;
    code.contains("Throttl")
        || matches!(
            code,
            "RequestLimitExceeded" | "TooManyRequestsException" | "SlowDown" | "Unavailable"
        )
        || fault.status == 429
        || matches!(fault.status, 500 | 503)
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// On a terminal, so that many instances' user data are not silence.
const CALLS_A_LINE: usize = 100;
// Far below what EC2 and IAM let an account have.
const CALLS_AT_ONCE_MAX: usize = 16;
// 0.1, 0.2, 0.4 and 0.8 seconds between them.
const ATTEMPTS_MAX: usize = 5;
const PAUSE_FIRST: Duration = Duration::from_millis(100);
// 1,000 a page: ten million instances.
const PAGES_MAX: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttling_passes_and_a_denial_does_not() {
        for code in ["Throttling", "ThrottlingException", "RequestLimitExceeded"] {
            assert!(is_passing(&Fault::new(code, "")), "{code}");
        }
        assert!(is_passing(&Fault::new("InternalError", "").status(500)));
        for code in ["AccessDenied", "UnauthorizedOperation", "ValidationError"] {
            assert!(!is_passing(&Fault::new(code, "")), "{code}");
        }
    }
}
