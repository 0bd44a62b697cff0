//! Users of a host and their homes, as `/etc/passwd` lists them (passwd(5)).

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The login name.
    pub name: String,
    /// Its number.
    pub uid: u32,
    /// With a slash before it and none behind.
    pub home: String,
}

/// The users of a passwd file. Lines that are none are skipped.
pub fn users(text: &str) -> Vec<User> {
    text.lines().take(USERS_MAX).filter_map(user).collect()
}

fn user(line: &str) -> Option<User> {
    let mut fields = line.split(':');
    let name = fields.next().filter(|name| !name.is_empty())?;
    let uid = fields.nth(1)?.parse().ok()?;
    let home = fields.nth(2)?.trim_end_matches('/');
    home.starts_with('/').then(|| User {
        name: name.to_owned(),
        uid,
        home: home.to_owned(),
    })
}

/// The user in whose home a path lies, with the rest of the path: the longest home counts.
pub(super) fn owner<'a>(path: &'a str, users: &'a [User]) -> Option<(&'a User, &'a str)> {
    let homes = users.iter().filter_map(|user| {
        let rest = path.strip_prefix(user.home.as_str())?.strip_prefix('/')?;
        Some((user, rest))
    });
    homes.max_by_key(|(user, _)| user.home.len())
}

const USERS_MAX: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n\
        broken\n\
        odd:x:many:0::/home/odd:/bin/sh\n\
        app:x:1000:1000:,,,:/home/app/:/bin/bash\n";

    #[test]
    fn users_are_read_and_other_lines_skipped() {
        let users = users(PASSWD);
        let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();

        assert_eq!(names, ["root", "nobody", "app"]);
        assert_eq!(users[2].home, "/home/app");
    }

    #[test]
    fn a_path_is_of_the_user_whose_home_it_lies_in() {
        let users = users(PASSWD);
        let of = |path| owner(path, &users).map(|(user, rest)| (user.uid, rest));

        assert_eq!(of("/home/app/.aws/config"), Some((1000, ".aws/config")));
        assert_eq!(of("/home/apparently/x"), None);
        assert_eq!(of("/rooted"), None);
    }
}
