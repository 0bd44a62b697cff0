//! What calls were verified with of late: signing keys that were derived, and sessions that were
//! opened, so that the next call of the same caller need not do it again.
//!
//! This decides nothing. An entry is found only by all that it was made of, so a call comes to the
//! same with it and without; what may change (a key and its state, a role, the time) is looked up
//! at each call. A key that is nobody's is treated like any other, so that the time taken does not
//! tell which access keys exist. Nothing waits here: a place that is in use counts as empty.

use std::sync::Mutex;

use aws_lc_rs::constant_time;
use protocol::Secret;
use protocol::sigv4::{self, Scope, SigningKey};

use super::authenticate::Opened;

/// Places for what was derived, each of which the next one takes over. By access key id, so that
/// one caller has one place of each kind.
pub(crate) struct Derived {
    keys: Box<[Mutex<Option<Signing>>]>,
    sessions: Box<[Mutex<Option<Session>>]>,
}

struct Signing {
    access_key_id: String,
    secret: Secret,
    scope: Scope,
    key: SigningKey,
}

struct Session {
    access_key_id: String,
    token: Secret,
    opened: Opened,
}

impl Default for Derived {
    fn default() -> Self {
        Self::of(KEYS_MAX, SESSIONS_MAX)
    }
}

impl std::fmt::Debug for Derived {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Derived")
    }
}

impl Derived {
    fn of(keys: usize, sessions: usize) -> Self {
        Self {
            keys: (0..keys).map(|_| Mutex::default()).collect(),
            sessions: (0..sessions).map(|_| Mutex::default()).collect(),
        }
    }

    /// One that remembers nothing.
    #[cfg(test)]
    pub(crate) fn nothing() -> Self {
        Self::of(0, 0)
    }

    /// What signs the requests of a scope.
    pub(super) fn signing_key(
        &self,
        access_key_id: &str,
        secret: &Secret,
        scope: &Scope,
    ) -> SigningKey {
        let derive = || sigv4::signing_key(secret, scope);
        let place = place(&self.keys, access_key_id);
        let Some(mut place) = place.and_then(|place| place.try_lock().ok()) else {
            return derive();
        };
        let known = place.as_ref().filter(|known| {
            let is_of = known.access_key_id == access_key_id && known.scope == *scope;
            is_of && known.secret == *secret
        });
        if let Some(known) = known {
            return known.key.clone();
        }
        let key = derive();
        *place = Some(Signing {
            access_key_id: access_key_id.to_owned(),
            secret: secret.clone(),
            scope: scope.clone(),
            key: key.clone(),
        });
        key
    }

    /// What is in a session token. It may have ended since.
    pub(super) fn session<E>(
        &self,
        access_key_id: &str,
        token: &Secret,
        open: impl FnOnce() -> Result<Opened, E>,
    ) -> Result<Opened, E> {
        let place = place(&self.sessions, access_key_id);
        let Some(mut place) = place.and_then(|place| place.try_lock().ok()) else {
            return open();
        };
        let known = place.as_ref().filter(|known| {
            let (one, other) = (known.token.expose(), token.expose());
            let is_same = constant_time::verify_slices_are_equal(one, other).is_ok();
            is_same && known.access_key_id == access_key_id
        });
        if let Some(known) = known {
            return Ok(known.opened.clone());
        }
        let opened = open()?;
        *place = Some(Session {
            access_key_id: access_key_id.to_owned(),
            token: token.clone(),
            opened: opened.clone(),
        });
        Ok(opened)
    }
}

/// Where what belongs to an access key is kept, if anything is. The ids end in random letters.
fn place<'a, T>(places: &'a [T], access_key_id: &str) -> Option<&'a T> {
    let mix = |sum: usize, byte: u8| sum.wrapping_mul(31).wrapping_add(usize::from(byte));
    let sum = access_key_id.bytes().fold(0, mix);
    places.get(sum.checked_rem(places.len())?)
}

// Callers whose keys are at hand; each takes some 300 bytes.
const KEYS_MAX: usize = 512;
// Sessions that are at hand; each takes about twice its token.
const SESSIONS_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::SignedDuration;
    use protocol::sigv4::Credentials;
    use protocol::{Record, Secret};

    use super::*;
    use crate::state::Partition;
    use crate::testing::{World, policy, seconds, texts, trust};

    /// Whether nothing that is remembered makes a difference to what a caller is told.
    #[track_caller]
    fn told(world: &mut World, caller: &Credentials) -> Result<String, String> {
        let service = protocol::shape::Service::find("sts").unwrap();
        let operation = service.operation("GetCallerIdentity").unwrap();
        let request = world.signed(caller, service, operation, &Record::new());
        let forgetful = Arc::new(Partition::clone(&world.partition).forgetting());
        let mut answers = Vec::new();
        // The first call of the three is the first that the world sees of its kind.
        for partition in [&world.partition, &forgetful, &world.partition] {
            let outcome = crate::handle(partition, &request, None, world.now, [7; 32]);
            let body = String::from_utf8_lossy(outcome.response.body()).into_owned();
            answers.push((outcome.response.status().is_success(), body));
        }
        let (is_answered, body) = answers.pop().unwrap();
        for other in answers {
            assert_eq!(other, (is_answered, body.clone()));
        }
        if is_answered { Ok(body) } else { Err(body) }
    }

    fn with_secret(of: &Credentials, secret: &str) -> Credentials {
        Credentials {
            secret_access_key: Secret::from_text(secret.to_owned()),
            ..of.clone()
        }
    }

    #[test]
    fn a_key_is_verified_alike_at_the_first_and_at_each_later_call() {
        let mut world = World::new();
        let user = world.user_without_policies("u");
        told(&mut world, &user).unwrap();
        told(&mut world, &with_secret(&user, "another")).unwrap_err();
        told(&mut world, &user).unwrap();
        // Another day is another key.
        world.now = seconds(0) + SignedDuration::from_hours(24);
        told(&mut world, &user).unwrap();
        told(&mut world, &with_secret(&user, "another")).unwrap_err();
        let nobody = Credentials {
            access_key_id: "AKIAAAAAAAAAAAAAAAAA".to_owned(),
            ..user.clone()
        };
        told(&mut world, &nobody).unwrap_err();
        told(&mut world, &with_secret(&nobody, "nobody")).unwrap_err();
    }

    #[test]
    fn a_key_that_is_inactive_or_gone_is_refused_however_often_it_was_used() {
        let mut world = World::new();
        let user = world.user_without_policies("u");
        told(&mut world, &user).unwrap();
        let key = [("UserName", "u"), ("AccessKeyId", &user.access_key_id)];
        let inactive = texts(&[key[0], key[1], ("Status", "Inactive")]);
        world.admin("iam", "UpdateAccessKey", &inactive).unwrap();
        told(&mut world, &user).unwrap_err();
        let active = texts(&[key[0], key[1], ("Status", "Active")]);
        world.admin("iam", "UpdateAccessKey", &active).unwrap();
        told(&mut world, &user).unwrap();
        world.admin("iam", "DeleteAccessKey", &texts(&key)).unwrap();
        told(&mut world, &user).unwrap_err();
    }

    #[test]
    fn a_session_is_refused_once_it_ended_or_its_role_is_gone() {
        let mut world = World::new();
        let allow = policy("Allow", "sts:GetCallerIdentity", "*");
        let arn = world.role("r", &trust(&world.admin_arn()), &allow);
        let input = texts(&[("RoleArn", &arn), ("RoleSessionName", "session")]);
        let admin = world.admin.clone();
        let session = world.assume(&admin, &input);
        let other = world.assume(&admin, &input);
        told(&mut world, &session).unwrap();

        let foreign = Credentials {
            session_token: other.session_token.clone(),
            ..session.clone()
        };
        told(&mut world, &foreign).unwrap_err();
        told(&mut world, &session).unwrap();
        let mut altered = session.clone();
        let token = session.session_token.as_ref().unwrap();
        let mut bytes = token.expose().to_vec();
        bytes[20] ^= 1;
        altered.session_token = Some(Secret::new(bytes));
        told(&mut world, &altered).unwrap_err();

        world.now = seconds(3_599);
        told(&mut world, &session).unwrap();
        world.now = seconds(3_600);
        told(&mut world, &session).unwrap_err();

        world.now = seconds(0);
        told(&mut world, &session).unwrap();
        let policy = texts(&[("RoleName", "r"), ("PolicyName", "inline")]);
        world.admin("iam", "DeleteRolePolicy", &policy).unwrap();
        let role = texts(&[("RoleName", "r")]);
        world.admin("iam", "DeleteRole", &role).unwrap();
        told(&mut world, &session).unwrap_err();
        // A role of the same name is another.
        world.role("r", &trust(&world.admin_arn()), &allow);
        told(&mut world, &session).unwrap_err();
    }

    #[test]
    fn what_is_remembered_is_bounded_and_found_again() {
        let derived = Derived::of(2, 2);
        let scope = Scope::at(seconds(0), "us-east-1", "sts");
        let secret = Secret::new(*b"secret");
        for number in 0..100 {
            derived.signing_key(&number.to_string(), &secret, &scope);
        }
        let held = derived.keys.iter();
        assert_eq!(held.filter(|it| it.lock().unwrap().is_some()).count(), 2);
        let nothing = Derived::nothing();
        nothing.signing_key("1", &secret, &scope);
        assert!(nothing.keys.is_empty());
    }

    #[test]
    fn a_token_is_opened_once_and_what_does_not_open_each_time() {
        let derived = Derived::of(1, 1);
        let opened = std::cell::Cell::new(0);
        let token = Secret::new(*b"token");
        let open = || {
            opened.set(opened.get() + 1);
            Err::<Opened, ()>(())
        };
        for _ in 0..3 {
            assert!(derived.session("ASIA1", &token, open).is_err());
        }
        assert_eq!(opened.get(), 3);
    }
}
