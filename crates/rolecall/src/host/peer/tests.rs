//! Real sockets and real processes at the other end, of this user and, as root, of others.
//!
//! Knows nothing of the files' forms, whose tests stand with their readers.

mod children;
mod programs;
mod tcp;
mod unix;

use super::*;

#[test]
fn whoever_cannot_be_told_is_told_the_way_out() {
    let peer = "192.0.2.1:5".parse().unwrap();
    for (flaw, expect) in [
        (
            Unidentified::Elsewhere(peer),
            "192.0.2.1:5 is not an address of this host",
        ),
        (
            Unidentified::Closed(peer),
            "connection from 192.0.2.1:5 open",
        ),
        (
            Unidentified::OutsideNamespace(65_534),
            "user 65534 stands for every user",
        ),
        (
            Unidentified::Refused {
                what: "SO_PEERCRED",
                errno: Errno::PERM,
            },
            "(SO_PEERCRED: Operation not permitted",
        ),
        (Unidentified::Unsupported, "this operating system"),
    ] {
        let text = flaw.to_string();
        assert!(text.contains(expect), "{text}");
        assert!(!text.contains('\n') && !text.ends_with('.'), "{text}");
        assert!(!flaw.hint().is_empty());
    }
}
