//! What calls want made that the account cannot make itself: RSA keys, for which the crypto library
//! draws its own random numbers.
//!
//! It takes from tens of milliseconds to seconds of a whole core, so few are made at once and few
//! may wait.

use account::{RsaBits, Supplied, Wanted};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use protocol::{Fault, Secret};
use tokio::sync::Semaphore;

/// Makes what calls want.
#[derive(Debug)]
pub(super) struct Supplies {
    /// Places for calls that have one made or wait for it.
    places: Semaphore,
    makers: Semaphore,
}

/// Why nothing was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotMade {
    /// Too many wait.
    Busy,
    /// The library refused.
    Failed,
}

impl Supplies {
    pub(super) fn new() -> Self {
        Self {
            places: Semaphore::new(CALLS_MAX),
            makers: Semaphore::new(MAKERS_MAX),
        }
    }

    /// Makes what is wanted.
    pub(super) async fn make(&self, wanted: Wanted) -> Result<Supplied, NotMade> {
        let _place = self.places.try_acquire().map_err(|_| NotMade::Busy)?;
        let _maker = self.makers.acquire().await.map_err(|_| NotMade::Failed)?;
        let made = tokio::task::spawn_blocking(move || match wanted {
            Wanted::RsaKey(bits) => new_rsa_key(bits).map(|key| Supplied::rsa_key(bits, key)),
        });
        made.await.ok().flatten().ok_or(NotMade::Failed)
    }
}

impl NotMade {
    /// What the caller is told, where it may be told more than that it failed.
    pub(super) fn fault(self) -> Option<Fault> {
        (self == Self::Busy).then(|| Fault::new("ThrottlingException", "Rate exceeded"))
    }
}

/// A new RSA key in PKCS #8, which keeps a core busy for a while.
pub(crate) fn new_rsa_key(bits: RsaBits) -> Option<Secret> {
    let size = match bits {
        RsaBits::Rsa2048 => KeySize::Rsa2048,
        RsaBits::Rsa3072 => KeySize::Rsa3072,
        RsaBits::Rsa4096 => KeySize::Rsa4096,
    };
    let pair = KeyPair::generate(size).ok()?;
    let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
    Some(Secret::new(der.as_ref()))
}

// Each keeps a core busy.
const MAKERS_MAX: usize = 2;
// Those made and those waiting together.
const CALLS_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(work)
    }

    #[test]
    fn whoever_finds_no_place_is_told_to_come_back() {
        let supplies = Supplies::new();
        let _all = supplies.places.try_acquire_many(16).unwrap();
        let made = run(supplies.make(Wanted::RsaKey(RsaBits::Rsa2048)));
        let refused = made.err().unwrap();
        assert_eq!(refused, NotMade::Busy);
        assert_eq!(&*refused.fault().unwrap().code, "ThrottlingException");
    }

    #[test]
    fn a_place_is_free_again_when_the_key_is_made() {
        let supplies = Supplies::new();
        assert!(run(supplies.make(Wanted::RsaKey(RsaBits::Rsa2048))).is_ok());
        assert_eq!(supplies.places.available_permits(), CALLS_MAX);
        assert_eq!(supplies.makers.available_permits(), MAKERS_MAX);
    }
}
