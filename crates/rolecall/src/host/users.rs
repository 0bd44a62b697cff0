//! Users and groups by name, as the host's name service knows them.

/// The number of a user.
pub(crate) fn uid(name: &str) -> Option<u32> {
    uzers::get_user_by_name(name).map(|user| user.uid())
}

/// The number of a group.
pub(crate) fn gid(name: &str) -> Option<u32> {
    uzers::get_group_by_name(name).map(|group| group.gid())
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
