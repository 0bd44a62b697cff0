//! Peers of TCP connections within the host, over IPv4, IPv6 and both at once.
//!
//! Knows nothing of how a process is looked at; see its neighbours.

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};

use agent::caller::NO_GID;

use super::super::*;
use super::children::{
    BECOME_OTHER, OTHER_GID, OTHER_GROUPS, OTHER_UID, Peer, is_root, own_groups, program,
    sees_all_own,
};

const EVERY_FAMILY: [(&str, &str); 7] = [
    ("127.0.0.1:0", "127.0.0.1"),
    ("127.0.0.2:0", "127.0.0.2"),
    ("[::1]:0", "::1"),
    ("[::]:0", "127.0.0.1"),
    ("[::]:0", "::1"),
    // A socket for IPv6 at the other end, with addresses of IPv4.
    ("127.0.0.1:0", "::ffff:127.0.0.1"),
    ("[::]:0", "::ffff:127.0.0.1"),
];

const CONNECT: &str = "peer = tcp(*sys.argv[1:]); say('connected'); wait()";

/// A peer that has run `script`, the connection, and the addresses to ask by.
fn connected(bind: &str, host: &str, script: &str) -> (Peer, TcpStream, [SocketAddr; 2]) {
    let listener = TcpListener::bind(bind).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let mut peer = Peer::python(script, &[host, &port]);
    assert_eq!(peer.line(), "connected");
    let (stream, from) = listener.accept().unwrap();
    let local = stream.local_addr().unwrap();
    (peer, stream, [local, from])
}

#[test]
fn a_peer_of_this_user_is_known() {
    let certain = sees_all_own();
    for (bind, host) in EVERY_FAMILY {
        let (peer, _stream, [local, from]) = connected(bind, host, CONNECT);

        let process = of_loopback_tcp(local, from).unwrap();
        assert_eq!(
            process.uid,
            rustix::process::geteuid().as_raw(),
            "{bind} {host}"
        );
        assert_eq!(process.pid, certain.then(|| peer.pid()), "{bind} {host}");
        if certain {
            assert_eq!(process.gid, rustix::process::getegid().as_raw());
            assert_eq!(process.groups, own_groups());
            assert_eq!(process.exe, Some(program(peer.pid())));
            assert!(process.cgroup.is_some());
        }
        let user = user_of_loopback_tcp(local, from).unwrap();
        assert_eq!((user.uid, user.gid, user.pid), (process.uid, NO_GID, None));

        let near = super::super::tcp::canonical(local);
        let far = super::super::tcp::canonical(from);
        let asked = diag::find(far, near).unwrap();
        let read = super::super::tcp::in_tables(near, far).unwrap().unwrap();
        assert_eq!((read.uid, read.inode), (asked.uid, asked.inode));
    }
}

#[test]
fn a_peer_of_another_user_is_known_with_its_groups() {
    if !is_root() {
        return;
    }
    let script = format!("{BECOME_OTHER}; {CONNECT}");
    for (bind, host) in EVERY_FAMILY {
        let (peer, _stream, [local, from]) = connected(bind, host, &script);

        let process = of_loopback_tcp(local, from).unwrap();
        assert_eq!(
            (process.uid, process.gid),
            (OTHER_UID, OTHER_GID),
            "{bind} {host}"
        );
        assert_eq!(process.groups, OTHER_GROUPS);
        assert_eq!(process.pid, Some(peer.pid()));
        assert_eq!(process.exe, Some(program(peer.pid())));
        assert!(process.cgroup.is_some());
    }
}

#[test]
fn a_peer_that_has_closed_is_not_taken_for_root() {
    let script = "
peer = tcp(*sys.argv[1:]); peer.sendall(b'x'); say('connected'); wait()
peer.close(); say('closed'); wait()
";
    let script = if is_root() {
        format!("{BECOME_OTHER}\n{script}")
    } else {
        script.to_owned()
    };
    let (mut peer, mut stream, [local, from]) = connected("127.0.0.1:0", "127.0.0.1", &script);
    let before = of_loopback_tcp(local, from).unwrap();
    if is_root() {
        assert_eq!((before.uid, before.pid), (OTHER_UID, Some(peer.pid())));
    }
    peer.step();
    assert_eq!(peer.line(), "closed");

    let near = super::super::tcp::in_tables(local, from);
    assert_eq!(near, Ok(None));
    assert_eq!(
        of_loopback_tcp(local, from),
        Err(Unidentified::Closed(from))
    );
    assert_eq!(
        user_of_loopback_tcp(local, from),
        Err(Unidentified::Closed(from))
    );
    assert_eq!(stream.read(&mut [0; 2]).unwrap(), 1);
}

#[test]
fn a_peer_that_has_sent_all_is_still_there() {
    let script = "
peer = tcp(*sys.argv[1:]); peer.shutdown(socket.SHUT_WR); say('connected'); wait()
";
    let (_peer, _stream, [local, from]) = connected("[::1]:0", "::1", script);

    let user = user_of_loopback_tcp(local, from).unwrap();
    assert_eq!(user.uid, rustix::process::geteuid().as_raw());
}

#[test]
fn a_socket_that_two_processes_hold_has_no_process() {
    let script = "
peer = tcp(*sys.argv[1:])
if os.fork() == 0:
    wait(); os._exit(0)
say('connected'); os.wait()
";
    // Another user's, where that can be, so that it is for this reason alone.
    let (script, uid) = if is_root() {
        (format!("{BECOME_OTHER}{script}"), OTHER_UID)
    } else {
        (script.to_owned(), rustix::process::geteuid().as_raw())
    };
    let (_peer, _stream, [local, from]) = connected("127.0.0.1:0", "127.0.0.1", &script);

    let process = of_loopback_tcp(local, from).unwrap();
    assert_eq!(process.uid, uid);
    assert_eq!(
        (process.pid, process.exe, process.cgroup),
        (None, None, None)
    );
    assert_eq!((process.gid, process.groups), (NO_GID, Vec::new()));
}

#[test]
fn a_socket_that_another_user_has_now_has_no_process() {
    if !is_root() {
        return;
    }
    for script in [
        // The maker ends.
        "
peer = tcp(*sys.argv[1:])
if os.fork() == 0:
    become(54322, 54321, []); say('connected'); wait(); os._exit(0)
peer.close(); os.wait()
",
        // The maker becomes the other user.
        "peer = tcp(*sys.argv[1:]); become(54322, 54321, []); say('connected'); wait()",
    ] {
        let (_peer, _stream, [local, from]) = connected("127.0.0.1:0", "127.0.0.1", script);

        let process = of_loopback_tcp(local, from).unwrap();
        assert_eq!((process.uid, process.pid), (0, None));
        assert_eq!((process.gid, process.exe), (NO_GID, None));
    }
}

#[test]
fn a_listener_is_no_peer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let there = listener.local_addr().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let here = other.local_addr().unwrap();

    assert_eq!(
        of_loopback_tcp(here, there),
        Err(Unidentified::Closed(there))
    );
    assert_eq!(super::super::tcp::in_tables(here, there), Ok(None));
}

#[test]
fn addresses_of_others_are_not_looked_up() {
    for (local, peer) in [
        ("127.0.0.1:1", "192.0.2.1:5"),
        ("192.0.2.2:1", "192.0.2.1:5"),
        ("[::1]:1", "[2001:db8::1]:5"),
        ("[::ffff:127.0.0.1]:1", "[::ffff:192.0.2.1]:5"),
        ("127.0.0.1:1", "[::1]:5"),
        ("[::1]:1", "127.0.0.1:5"),
    ] {
        let [local, peer] = [local, peer].map(|text| text.parse().unwrap());
        assert_eq!(
            of_loopback_tcp(local, peer),
            Err(Unidentified::Elsewhere(peer)),
            "{peer}"
        );
    }
}

#[test]
fn both_ends_may_be_this_process() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (_stream, from) = listener.accept().unwrap();
    let local = listener.local_addr().unwrap();
    assert_eq!(from, client.local_addr().unwrap());

    let found = of_loopback_tcp(local, from).unwrap();
    // A child that a neighbouring test is starting may have all descriptors for a moment.
    assert!(found.pid.is_none_or(|pid| pid == std::process::id()));
}

/// A client of another user, where that can be, that runs a script with the connection as `peer`.
fn held(script: &str) -> (Peer, TcpStream, [SocketAddr; 2]) {
    let begin = if is_root() { BECOME_OTHER } else { "pass" };
    let script = format!("{begin}\npeer = tcp(*sys.argv[1:])\n{script}");
    connected("127.0.0.1:0", "127.0.0.1", &script)
}

fn look([local, from]: [SocketAddr; 2]) -> Holders {
    holders_of_loopback_tcp(local, from, Pace::Patient).unwrap()
}

#[test]
fn all_that_share_a_connection_are_known() {
    let (peer, _stream, ends) = held(
        "
if os.fork() == 0:
    say('connected'); wait(); os._exit(0)
os.wait()
",
    );
    let holders = look(ends);
    let processes = holders.processes().unwrap();
    assert_eq!(processes.len(), 2);
    assert!(processes.iter().any(|it| it.pid == Some(peer.pid())));
    assert!(
        processes
            .iter()
            .all(|it| it.exe == Some(program(peer.pid())))
    );
    assert_eq!(holders.look_again(Pace::Patient), Ok(()));
}

#[test]
fn a_fork_between_two_looks_is_seen() {
    let (mut peer, _stream, ends) = held(
        "
say('connected'); wait()
if os.fork() == 0:
    say('forked'); wait(); os._exit(0)
os.wait()
",
    );
    let holders = look(ends);
    assert_eq!(holders.look_again(Pace::Patient), Ok(()));
    peer.step();
    assert_eq!(peer.line(), "forked");
    assert!(
        matches!(holders.look_again(Pace::Patient), Err(Doubt::Another(pid)) if pid != peer.pid())
    );
}

#[test]
fn another_program_between_two_looks_is_seen() {
    let (mut peer, _stream, ends) = held(
        "
say('connected'); wait(); os.set_inheritable(peer.fileno(), True)
os.execvp('sh', ['sh', '-c', 'echo other; read line'])
",
    );
    let holders = look(ends);
    assert!(holders.processes().is_ok());
    peer.step();
    assert_eq!(peer.line(), "other");
    assert_eq!(
        holders.look_again(Pace::Patient),
        Err(Doubt::Changed(peer.pid()))
    );
    let now = look(ends).processes().unwrap();
    assert_eq!(now[0].exe, Some(program(peer.pid())));
}

#[test]
fn a_process_that_ends_between_two_looks_leaves_nobody() {
    let (mut peer, _stream, ends) = held(
        "
if os.fork() == 0:
    say('connected'); wait(); say('left'); wait(); os._exit(0)
os.wait()
",
    );
    // Both hold it, and one ends: what was seen does not hold any more.
    let holders = look(ends);
    assert_eq!(holders.processes().unwrap().len(), 2);
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(i32::try_from(peer.pid()).unwrap()).unwrap(),
        rustix::process::Signal::KILL,
    )
    .unwrap();
    peer.step_out();
    assert_eq!(
        holders.look_again(Pace::Patient),
        Err(Doubt::Changed(peer.pid()))
    );
    assert_eq!(look(ends).processes().unwrap().len(), 1);
}

#[test]
fn a_connection_that_is_closed_between_two_looks_is_gone() {
    let (mut peer, _stream, ends) =
        held("say('connected'); wait(); peer.close(); say('x'); wait()");
    let holders = look(ends);
    peer.step();
    assert_eq!(peer.line(), "x");
    assert_eq!(holders.look_again(Pace::Patient), Err(Doubt::Gone));
}

#[test]
fn who_passed_its_connection_to_another_user_has_none() {
    if !is_root() {
        return;
    }
    let made = "os.seteuid(54322); peer = tcp(*sys.argv[1:]); os.seteuid(0)";
    let script = format!("{made}; say('connected'); wait()");
    let (_peer, _stream, ends) = connected("127.0.0.1:0", "127.0.0.1", &script);
    assert_eq!(look(ends).processes(), Err(Doubt::Nobody(OTHER_UID)));
    assert_eq!(look(ends).user().uid, OTHER_UID);

    // It seems to be that user, and what it does to files and sockets it does as root.
    let root = "import ctypes; os.setresuid(0, 54322, 0); ctypes.CDLL(None).setfsuid(0)";
    let script = format!("{made}; {root}; say('connected'); wait()");
    let (peer, _stream, ends) = connected("127.0.0.1:0", "127.0.0.1", &script);
    assert_eq!(look(ends).processes(), Err(Doubt::OtherUser(peer.pid())));
}
