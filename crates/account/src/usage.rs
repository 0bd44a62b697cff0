//! When access keys and roles were last used.
//!
//! A call that only reads writes nothing, so a use is kept as a change of its own, which the world
//! commits when it can, and no more often than once in [`STEP_SECONDS`] for a key or a role. What
//! is told of a last use is therefore at most that old, and the store has one record for each.

use jiff::Timestamp;
use protocol::sigv4::Scope;

use crate::entity::LastUse;
use crate::gate::{Caller, Identity};
use crate::state::Account;

/// The use that a call makes of its key or its role, if it is one to keep.
pub(crate) fn of_call(
    account: &Account,
    caller: &Caller,
    access_key_id: &str,
    scope: &Scope,
    now: Timestamp,
) -> Option<LastUse> {
    let of = match &caller.identity {
        Identity::User { .. } => access_key_id,
        Identity::Session { session, .. } => &session.role_id,
    };
    is_late(account, of, now).then(|| LastUse {
        of: of.to_owned(),
        at: now,
        region: scope.region.clone(),
        service: scope.service.clone(),
    })
}

/// Whether a use is worth a record: of something that is there, and of which no use of late is
/// known.
pub(crate) fn is_news(account: &Account, last: &LastUse) -> bool {
    let is_role = || account.roles().values().any(|held| held.role.id == last.of);
    is_late(account, &last.of, last.at) && (account.access_key(&last.of).is_some() || is_role())
}

fn is_late(account: &Account, of: &str, at: Timestamp) -> bool {
    let known = account.last_use(of);
    known.is_none_or(|known| at.as_second() - known.at.as_second() >= STEP_SECONDS)
}

/// How exactly a last use is known.
const STEP_SECONDS: i64 = 15 * 60;

#[cfg(test)]
mod tests {
    use crate::entity::Key;
    use crate::testing::{World, seconds, texts};

    #[test]
    fn a_use_is_kept_once_in_a_quarter_of_an_hour() {
        let mut world = World::new();
        let id = world.admin.access_key_id.clone();
        let ask = |world: &mut World| {
            let input = protocol::Record::new();
            world.admin("sts", "GetCallerIdentity", &input).unwrap();
            world.state.last_use(&id).unwrap().clone()
        };
        assert_eq!(world.state.last_use(&id), None);
        let first = ask(&mut world);
        assert_eq!((first.at, &*first.service), (seconds(0), "sts"));
        assert_eq!(first.region, "us-east-1");
        world.now = seconds(15 * 60 - 1);
        assert_eq!(ask(&mut world), first);
        world.now = seconds(15 * 60);
        assert_eq!(ask(&mut world).at, seconds(15 * 60));
        // A clock that was set back takes nothing away.
        world.now = seconds(0);
        assert_eq!(ask(&mut world).at, seconds(15 * 60));
    }

    #[test]
    fn a_call_that_is_refused_is_a_use_and_one_that_is_not_signed_is_none() {
        let mut world = World::new();
        let nobody = world.user_without_policies("u");
        let input = protocol::Record::new();
        world.call(&nobody, "iam", "ListRoles", &input).unwrap_err();
        assert!(world.state.last_use(&nobody.access_key_id).is_some());

        let mut foreign = world.admin.clone();
        foreign.secret_access_key = nobody.secret_access_key.clone();
        world
            .call(&foreign, "iam", "ListRoles", &input)
            .unwrap_err();
        // The administrator made the user's policies: look at the moment instead.
        world.now = seconds(3_600);
        world
            .call(&foreign, "iam", "ListRoles", &input)
            .unwrap_err();
        assert!(world.state.last_use(&foreign.access_key_id).is_none());
    }

    #[test]
    fn a_use_of_what_is_gone_is_no_news() {
        let mut world = World::new();
        let user = world.user_without_policies("u");
        let id = &user.access_key_id;
        let input = protocol::Record::new();
        world
            .call(&user, "sts", "GetCallerIdentity", &input)
            .unwrap();
        let last = world.state.last_use(id).unwrap().clone();
        let delete = texts(&[("UserName", "u"), ("AccessKeyId", id)]);
        world.admin("iam", "DeleteAccessKey", &delete).unwrap();
        assert_eq!(world.state.last_use(id), None);
        assert!(!super::is_news(
            world.partition.account("123456789012").unwrap(),
            &last
        ));
        assert_eq!(
            Key::parse(&format!("iam/last-use/{id}")),
            Ok(Key::LastUse(id.clone()))
        );
    }
}
