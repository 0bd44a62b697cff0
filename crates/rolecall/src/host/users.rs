//! Users and groups by name, as the host's name service knows them.

use nix::unistd::{Group, User};

/// The number of a user.
pub(crate) fn uid(name: &str) -> Option<u32> {
    let found = User::from_name(name).ok().flatten();
    found.map(|user| user.uid.as_raw())
}

/// The number of a group.
pub(crate) fn gid(name: &str) -> Option<u32> {
    let found = Group::from_name(name).ok().flatten();
    found.map(|group| group.gid.as_raw())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_looked_up_and_unknown_ones_are_nobody() {
        assert_eq!((uid("root"), gid("root")), (Some(0), Some(0)));
        assert_eq!((uid("no such user"), gid("no such group")), (None, None));
    }
}
