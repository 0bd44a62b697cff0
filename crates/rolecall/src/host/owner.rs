//! Who is to own a file, as `USER[:GROUP]` or `:GROUP`, names or numbers.

use rustix::fs::{Gid, Uid};

use super::users;
use crate::failure::Failure;

/// What a file's owner is set to; what is absent stays as it is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) user: Option<Uid>,
    pub(crate) group: Option<Gid>,
}

impl Owner {
    /// Looks the names up, wherever the host keeps them.
    pub(crate) fn find(text: &str) -> Result<Self, Failure> {
        let (user, group) = match text.split_once(':') {
            Some((user, group)) => (user, Some(group)),
            None => (text, None),
        };
        let unknown = |what: &str, name: &str| {
            Failure::wrong(format!("there is no {what} `{name}` on this host"))
                .hint("write `--owner USER`, `--owner USER:GROUP` or `--owner :GROUP`")
        };
        let user = match (user, number(user)) {
            ("", _) if group.is_some() => None,
            (_, Some(number)) => Some(number),
            (name, None) => {
                let found = users::uid(name);
                Some(found.ok_or_else(|| unknown("user", name))?)
            }
        };
        let group = match group.map(|name| (name, number(name))) {
            None => None,
            Some((_, Some(number))) => Some(number),
            Some((name, None)) => {
                let found = users::gid(name);
                Some(found.ok_or_else(|| unknown("group", name))?)
            }
        };
        Ok(Self {
            user: user.map(Uid::from_raw),
            group: group.map(Gid::from_raw),
        })
    }
}

/// All ones stands for no change in the system call, so it is nobody's number.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| *number != u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, user: Option<u32>, group: Option<u32>) {
        let owner = Owner::find(text).unwrap();
        let found = (owner.user.map(Uid::as_raw), owner.group.map(Gid::as_raw));
        assert_eq!(found, (user, group), "{text}");
    }

    #[test]
    fn names_that_are_nobodys_are_refused() {
        for wrong in [
            "",
            ":",
            "no-such-user",
            "root:",
            "root:no-such-group",
            "4294967295",
            "0:-1",
        ] {
            assert!(Owner::find(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_and_numbers_are_known() {
        check("root", Some(0), None);
        check("root:root", Some(0), Some(0));
        check(":root", None, Some(0));
        check("1000:1001", Some(1000), Some(1001));
        check("4294967294", Some(4_294_967_294), None);
    }
}
