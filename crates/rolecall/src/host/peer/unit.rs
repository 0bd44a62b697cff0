//! The systemd unit of a control group's path, by the rules that `sd_pid_get_unit` follows.
//!
//! Reads nothing. The unit is the first component after the slices, not the last: below its own
//! group a unit with delegation, such as a user's manager or a container, makes groups of any name.
//!
//! Sources: systemd's documentation "CGROUP_DELEGATION"; systemd.unit(5) for names of units;
//! sd_pid_get_unit(3).

/// The unit in the form of [`agent::caller::Process::unit`].
///
/// - Components that end in `.slice` are passed over; a process in a slice itself has no unit.
/// - systemd puts `_` before a group whose name the kernel would take for a file of its own, such
///   as `_cpu.service`; it is taken off. The `\x2d` of a unit's name is part of the name and stays.
/// - Below `user@UID.service`, the rule is applied once more: `user@1000.service/app.service`.
pub(super) fn of_cgroup(path: &str) -> Option<String> {
    let mut components = path.strip_prefix('/')?.split('/');
    let system = next(&mut components)?;
    let is_manager = system
        .strip_prefix("user@")
        .and_then(|rest| rest.strip_suffix(".service"))
        .is_some_and(|uid| !uid.is_empty() && uid.bytes().all(|byte| byte.is_ascii_digit()));
    let user = is_manager.then(|| next(&mut components)).flatten();
    Some(match user {
        Some(user) => format!("{system}/{user}"),
        None => system.to_owned(),
    })
}

/// The first component that is no slice, where it is a unit.
fn next<'a>(components: &mut impl Iterator<Item = &'a str>) -> Option<&'a str> {
    components
        .map(|name| name.strip_prefix('_').unwrap_or(name))
        .find(|name| !is_slice(name))
        .filter(|name| is_unit(name))
}

fn is_slice(name: &str) -> bool {
    is_unit(name)
        && name
            .rsplit_once('.')
            .is_some_and(|(_, kind)| kind == "slice")
}

/// A plain name or an instance, `name[@instance].type`. A template, `name@.type`, never runs.
fn is_unit(name: &str) -> bool {
    let Some((name, kind)) = name
        .rsplit_once('.')
        .filter(|_| name.len() <= NAME_BYTES_MAX)
    else {
        return false;
    };
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b":-_.\\@".contains(&byte);
    let has_instance = match name.split_once('@') {
        Some((prefix, instance)) => !prefix.is_empty() && !instance.is_empty(),
        None => !name.is_empty(),
    };
    KINDS.contains(&kind) && has_instance && name.bytes().all(known)
}

const NAME_BYTES_MAX: usize = 255;
/// The types of units that systemd makes groups for.
const KINDS: [&str; 6] = ["service", "scope", "slice", "socket", "mount", "swap"];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_unit_comes_after_the_slices() {
        for (path, expect) in [
            ("/system.slice/app.service", Some("app.service")),
            ("/init.scope", Some("init.scope")),
            (
                "/system.slice/system-getty.slice/getty@tty1.service",
                Some("getty@tty1.service"),
            ),
            (
                "/user.slice/user-1000.slice/session-3.scope",
                Some("session-3.scope"),
            ),
            ("/system.slice/mnt-a\\x2db.mount", Some("mnt-a\\x2db.mount")),
            ("/system.slice/_cpu.service", Some("cpu.service")),
            ("/system.slice/__x.service", Some("_x.service")),
            ("/_system.slice/a.service", Some("a.service")),
            ("/system.slice", None),
            ("/", None),
            ("", None),
            ("system.slice/app.service", None),
            ("/docker/0123456789ab", None),
            ("//app.service", None),
            ("/system.slice/app@.service", None),
            ("/system.slice/@a.service", None),
            ("/system.slice/.service", None),
            ("/system.slice/a b.service", None),
            ("/system.slice/app.services", None),
            ("/kubepods.slice/cri-1.scope", Some("cri-1.scope")),
        ] {
            assert_eq!(of_cgroup(path).as_deref(), expect, "{path}");
        }
        let long = format!("/{}.service", "x".repeat(248));
        assert_eq!(of_cgroup(&long), None);
        assert!(of_cgroup(&long.replacen('x', "", 1)).is_some());
    }

    #[test]
    fn what_is_delegated_cannot_pass_for_a_unit_of_the_system() {
        for (path, expect) in [
            ("/system.slice/docker-1.scope/app.service", "docker-1.scope"),
            (
                "/system.slice/docker-1.scope/system.slice/app.service",
                "docker-1.scope",
            ),
            (
                "/user.slice/user-1000.slice/user@1000.service/app.slice/app.service",
                "user@1000.service/app.service",
            ),
            (
                "/user.slice/user-1000.slice/user@1000.service/app.service/b.service",
                "user@1000.service/app.service",
            ),
            (
                "/user.slice/user@1000.service/x/app.service",
                "user@1000.service",
            ),
            (
                "/user.slice/user@1000.service/app.slice",
                "user@1000.service",
            ),
            (
                "/user.slice/user@1000.service/init.scope",
                "user@1000.service/init.scope",
            ),
            (
                "/user.slice/user@joe.service/app.service",
                "user@joe.service",
            ),
            ("/user.slice/session-3.scope/app.service", "session-3.scope"),
        ] {
            assert_eq!(of_cgroup(path).as_deref(), Some(expect), "{path}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(
            path in ".*",
            parts in "(/[a-z_@.]{0,6}(\\.slice|\\.service)?){0,4}",
        ) {
            for path in [path, parts] {
                if let Some(unit) = of_cgroup(&path) {
                    prop_assert!(unit.matches('/').count() <= 1);
                    prop_assert!(!is_slice(&unit));
                }
            }
        }
    }
}
