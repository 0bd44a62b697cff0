//! Peers of Unix sockets: alive, gone, of other users, and those that gave their socket away.
//!
//! Each is asked for in all ways that kernels of different ages allow.

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr as UnixAddr, UnixListener as StdListener};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::net::UnixListener;

use super::super::held::Held;
use super::super::unix::{Found, process, process_found};
use super::super::*;
use super::children::{
    BECOME_OTHER, OTHER_GID, OTHER_GROUPS, OTHER_UID, PRELUDE, Peer, is_root, own_groups, program,
};

/// What kernels offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Since 6.5.
    OfSocket,
    /// Since 5.3.
    OfNumber,
    Oldest,
}

const ALL: [Way; 3] = [Way::OfSocket, Way::OfNumber, Way::Oldest];

/// A listener that every user reaches, and its name.
fn listener() -> (UnixListener, String) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("rolecall-test-{}-{next}", std::process::id());
    let address = UnixAddr::from_abstract_name(&name).unwrap();
    let listener = StdListener::bind_addr(&address).unwrap();
    listener.set_nonblocking(true).unwrap();
    (UnixListener::from_std(listener).unwrap(), name)
}

async fn connected(script: &str) -> (Peer, UnixStream) {
    let (listener, name) = listener();
    let peer = Peer::python(script, &[&name]);
    let (stream, _) = listener.accept().await.unwrap();
    (peer, stream)
}

fn ask(stream: &UnixStream, way: Way) -> Process {
    let socket = stream.as_fd();
    let process = match way {
        Way::OfSocket => process(socket),
        Way::OfNumber => process_found(socket, |pid| Held::of_number(pid).map(Found::ByNumber)),
        Way::Oldest => process_found(socket, |pid| Held::without_pidfd(pid).map(Found::ByNumber)),
    };
    process.unwrap()
}

#[tokio::test]
async fn a_peer_of_this_user_is_known_in_full() {
    let (peer, stream) = connected("peer = unix(sys.argv[1]); wait()").await;

    assert_eq!(of_unix(&stream), Ok(ask(&stream, Way::OfSocket)));
    for way in ALL {
        let process = ask(&stream, way);
        assert_eq!(process.pid, Some(peer.pid()), "{way:?}");
        assert_eq!(process.uid, rustix::process::geteuid().as_raw());
        assert_eq!(process.gid, rustix::process::getegid().as_raw());
        assert_eq!(process.groups, own_groups());
        assert_eq!(process.exe, Some(program(peer.pid())));
        let cgroup = std::fs::read_to_string("/proc/self/cgroup").unwrap();
        assert_eq!(process.cgroup.as_deref(), parse::cgroup(&cgroup));
        assert_eq!(
            process.unit,
            process.cgroup.as_deref().and_then(unit::of_cgroup)
        );
    }
}

#[tokio::test]
async fn a_peer_of_another_user_is_known_with_its_groups() {
    if !is_root() {
        return;
    }
    let script = format!("{BECOME_OTHER}; peer = unix(sys.argv[1]); wait()");
    let (peer, stream) = connected(&script).await;

    for way in ALL {
        let process = ask(&stream, way);
        assert_eq!(
            (process.uid, process.gid),
            (OTHER_UID, OTHER_GID),
            "{way:?}"
        );
        assert_eq!(process.groups, OTHER_GROUPS);
        assert_eq!(process.pid, Some(peer.pid()));
        assert_eq!(process.exe, Some(program(peer.pid())));
    }
}

#[tokio::test]
async fn many_groups_are_all_known() {
    if !is_root() {
        return;
    }
    let script = "become(54322, 54321, list(range(1000, 3000))); peer = unix(sys.argv[1]); wait()";
    let (_peer, stream) = connected(script).await;

    let process = ask(&stream, Way::OfSocket);
    assert_eq!(process.groups, (1_000..3_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_peer_that_changed_its_user_has_the_one_it_connected_with() {
    if !is_root() {
        return;
    }
    let script = format!("peer = unix(sys.argv[1]); {BECOME_OTHER}; say(''); wait()");
    let (mut peer, stream) = connected(&script).await;
    peer.line();

    for way in ALL {
        let process = ask(&stream, way);
        assert_eq!((process.uid, process.gid), (0, 0), "{way:?}");
        assert_eq!(process.groups, own_groups());
        // By the number alone it cannot be told from another process.
        let certain = way == Way::OfSocket;
        assert_eq!(process.pid, certain.then(|| peer.pid()), "{way:?}");
    }
}

/// Knows the user and groups, and nothing else.
fn check_gone(stream: &UnixStream) {
    for way in ALL {
        let process = ask(stream, way);
        assert_eq!(process.uid, rustix::process::geteuid().as_raw());
        assert_eq!(process.groups, own_groups());
        check_nameless(&process);
    }
}

fn check_nameless(process: &Process) {
    assert_eq!(process.pid, None);
    assert_eq!(process.exe, None);
    assert_eq!(process.unit, None);
    assert_eq!(process.cgroup, None);
}

#[tokio::test]
async fn a_peer_that_has_gone_is_known_by_its_user_alone() {
    let (mut peer, stream) = connected("peer = unix(sys.argv[1]); wait()").await;
    peer.end();

    check_gone(&stream);
}

#[tokio::test]
async fn a_peer_that_was_not_waited_for_yet_has_gone() {
    // Its descriptors are closed only once it ends.
    let (_peer, stream) = connected("peer = unix(sys.argv[1])").await;
    stream.readable().await.unwrap();
    let pid = ask(&stream, Way::OfSocket).pid;
    let stat = || pid.and_then(|pid| std::fs::read_to_string(format!("/proc/{pid}/stat")).ok());
    while stat().is_some_and(|stat| !parse::stat(&stat).unwrap().has_ended()) {
        std::thread::yield_now();
    }

    check_gone(&stream);
}

#[tokio::test]
async fn a_socket_that_was_passed_on_is_its_first_owners() {
    let script = "
peer = unix(sys.argv[1])
ours, theirs = socket.socketpair()
if os.fork() == 0:
    passed = socket.recv_fds(theirs, 1, 1)[1][0]
    peer.close(); say('held'); wait(); os._exit(0)
socket.send_fds(ours, [b'x'], [peer.fileno()])
peer.close()
if len(sys.argv) == 2: os.wait()
";
    let (mut peer, stream) = connected(script).await;
    assert_eq!(peer.line(), "held");
    for way in ALL {
        assert_eq!(ask(&stream, way).pid, Some(peer.pid()), "{way:?}");
    }
}

#[tokio::test]
async fn a_socket_outlives_its_first_owner_without_a_name() {
    let script = "
peer = unix(sys.argv[1])
if os.fork() == 0:
    say('held'); wait(); os._exit(0)
";
    let (mut peer, stream) = connected(script).await;
    assert_eq!(peer.line(), "held");
    peer.step_out();

    check_gone(&stream);
}

/// A process with this number, which another one had before.
fn recycled(pid: u32) -> Peer {
    let other = format!("{PRELUDE}\n{BECOME_OTHER}; say('other'); wait()");
    for _ in 0..1_000 {
        std::fs::write("/proc/sys/kernel/ns_last_pid", (pid - 1).to_string()).unwrap();
        let shell = "echo ready; read x; exec python3 -c \"$1\"";
        let mut peer = Peer::start(Command::new("sh").args(["-c", shell, "sh", &other]));
        assert_eq!(peer.line(), "ready");
        if peer.pid() == pid {
            return peer;
        }
    }
    panic!("the number {pid} did not come round");
}

#[tokio::test]
async fn a_process_that_took_its_number_is_not_taken_for_it() {
    if !is_root() {
        return;
    }
    let (mut peer, stream) = connected("peer = unix(sys.argv[1]); wait()").await;
    let pid = peer.pid();
    peer.end();
    let mut other = recycled(pid);

    // The same user's: only what the socket keeps tells them apart.
    check_nameless(&ask(&stream, Way::OfSocket));
    other.step();
    assert_eq!(other.line(), "other");
    for way in ALL {
        let process = ask(&stream, way);
        check_nameless(&process);
        assert_eq!(process.uid, 0);
    }
}

#[tokio::test]
async fn both_ends_may_be_this_process() {
    let (one, _other) = UnixStream::pair().unwrap();

    let process = of_unix(&one).unwrap();
    assert_eq!(process.pid, Some(std::process::id()));
    assert_eq!(process.exe, Some(program(std::process::id())));
}
