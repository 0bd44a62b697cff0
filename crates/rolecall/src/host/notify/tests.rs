//! A service manager played with real sockets, and processes that are started as it starts them.
//!
//! What the variables mean is tested with them, which sockets will do with those.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A manager's socket, and the address as the variable has it.
fn played(is_abstract: bool) -> (UnixDatagram, Address, tempfile::TempDir) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let folder = tempfile::tempdir().unwrap();
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    let (address, bound) = if is_abstract {
        let name = format!("rolecall-test-notify-{}-{next}", std::process::id()).into_bytes();
        let bound = SocketAddr::from_abstract_name(&name).unwrap();
        (Address::Abstract(name), bound)
    } else {
        let path = folder.path().join("notify");
        let bound = SocketAddr::from_pathname(&path).unwrap();
        (Address::Path(path), bound)
    };
    let socket = UnixDatagram::bind_addr(&bound).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    (socket, address, folder)
}

fn heard(socket: &UnixDatagram) -> String {
    let mut bytes = [0; 4_096];
    let read = socket.recv(&mut bytes).unwrap();
    String::from_utf8(bytes[..read].to_vec()).unwrap()
}

#[test]
fn the_manager_hears_every_word() {
    for is_abstract in [false, true] {
        let (socket, address, _folder) = played(is_abstract);
        let manager = Manager::at(&address).unwrap();

        manager.ready();
        assert_eq!(heard(&socket), "READY=1");
        manager.stopping();
        assert_eq!(heard(&socket), "STOPPING=1");
        manager.alive();
        assert_eq!(heard(&socket), "WATCHDOG=1");
        let before = clock::monotonic_micros();
        manager.reloading();
        let said = heard(&socket);
        let moment = said.strip_prefix("RELOADING=1\nMONOTONIC_USEC=").unwrap();
        let moment: i64 = moment.parse().unwrap();
        assert!(before <= moment && moment <= clock::monotonic_micros());
    }
}

#[test]
fn a_status_is_one_line_of_its_own() {
    let (socket, address, _folder) = played(true);
    let manager = Manager::at(&address).unwrap();

    manager.status("12 secrets are warm");
    assert_eq!(heard(&socket), "STATUS=12 secrets are warm");
    manager.status("a\nMAINPID=1\0");
    assert_eq!(heard(&socket), "STATUS=a MAINPID=1 ");
    manager.status(&"é".repeat(9_000));
    assert_eq!(heard(&socket).chars().count(), "STATUS=".len() + 512);
}

#[test]
fn a_manager_that_starts_anew_is_told_again() {
    let (socket, address, _folder) = played(false);
    let manager = Manager::at(&address).unwrap();
    manager.ready();
    assert_eq!(heard(&socket), "READY=1");
    drop(socket);
    let Address::Path(path) = address else {
        unreachable!("asked for")
    };
    std::fs::remove_file(&path).unwrap();
    // Only logged: it has gone, and the work goes on.
    manager.alive();

    let socket = UnixDatagram::bind(&path).unwrap();
    manager.stopping();
    assert_eq!(heard(&socket), "STOPPING=1");
}

#[test]
fn an_address_that_no_socket_can_have_is_refused() {
    let variables = Variables {
        notify: Some(Address::Path(format!("/{}", "x".repeat(200)).into())),
        watchdog: None,
        socket_names: Vec::new(),
    };
    let failure = Handed::new(&variables, Vec::new()).unwrap_err();
    assert!(
        failure.message.contains("`NOTIFY_SOCKET`"),
        "{}",
        failure.message
    );
    assert!(!failure.hints.is_empty());
}

#[test]
fn a_manager_that_does_not_read_holds_nobody_up_for_long() {
    let (_socket, address, _folder) = played(true);
    let manager = Manager::at(&address).unwrap();
    let (socket, address) = manager.line.as_ref().unwrap();
    assert_eq!(socket.write_timeout().unwrap(), Some(SEND_MAX));
    socket.set_nonblocking(true).unwrap();
    while socket.send_to_addr(b"x", address).is_ok() {}
    socket.set_nonblocking(false).unwrap();
    socket
        .set_write_timeout(Some(Duration::from_millis(1)))
        .unwrap();

    manager.ready();
}

/// Runs a test of this file in a process of its own that was handed what `prepare` says, and gives
/// what it printed.
fn started(test: &str, prepare: &str, arguments: &[&str]) -> String {
    let script = format!(
        "
import os, socket, sys
program, test = sys.argv[1:3]
def hand(number, given):
    kept = os.dup(given.fileno())
    given.close()
    os.dup2(kept, number, inheritable=True)
os.environ.update(ROLECALL_TEST_NOTIFY='1', LISTEN_PID=str(os.getpid()))
{prepare}
os.execv(program, [program, '--exact', test, '--test-threads=1', '--nocapture'])
"
    );
    let child = Command::new("python3")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .arg(format!("host::notify::tests::{test}"))
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    let complained = String::from_utf8_lossy(&child.stderr);
    assert!(
        child.status.success() && said.contains("1 passed"),
        "{said}{complained}"
    );
    said
}

/// [`take`] without the look at threads, as the harness has one of its own.
#[expect(unsafe_code, reason = "the harness runs a test in a thread")]
fn take_started() -> Result<Handed, Failure> {
    // SAFETY: the harness's other thread waits for this one.
    unsafe { take_alone() }
}

fn is_started() -> bool {
    std::env::var_os("ROLECALL_TEST_NOTIFY").is_some()
}

#[test]
fn all_that_is_handed_over_is_taken() {
    if !is_started() {
        let (socket, address, _folder) = played(true);
        let Address::Abstract(name) = address else {
            unreachable!("asked for")
        };
        let prepare = "
tcp = socket.create_server(('127.0.0.1', 0))
unix = socket.socket(socket.AF_UNIX); unix.bind('\\0' + sys.argv[3] + '-unix'); unix.listen()
hand(3, tcp); hand(4, unix)
os.environ.update(LISTEN_FDS='2', LISTEN_FDNAMES='first:second', WATCHDOG_USEC='3000000',
                  WATCHDOG_PID=str(os.getpid()), NOTIFY_SOCKET='@' + sys.argv[3])
";
        let name = String::from_utf8(name).unwrap();
        started("all_that_is_handed_over_is_taken", prepare, &[&name]);
        assert_eq!(heard(&socket), "READY=1");
        return;
    }
    let handed = take_started().unwrap();

    handed.manager.ready();
    assert_eq!(handed.say_alive_every, Some(Duration::from_millis(1_500)));
    let [first, second] = handed.listeners.as_slice() else {
        panic!("{:?}", handed.listeners);
    };
    assert_eq!(
        (first.name.as_str(), second.name.as_str()),
        ("first", "second")
    );
    let Listener::Tcp(tcp) = &first.listener else {
        panic!("{first:?}");
    };
    assert!(tcp.local_addr().unwrap().ip().is_loopback());
    let Listener::Unix(unix) = &second.listener else {
        panic!("{second:?}");
    };
    assert!(unix.local_addr().unwrap().as_abstract_name().is_some());

    // A child sees neither variables nor sockets.
    let script = "env; ls -l /proc/self/fd";
    let child = Command::new("sh").args(["-c", script]).output().unwrap();
    let said = String::from_utf8(child.stdout).unwrap();
    assert!(said.contains("ROLECALL_TEST_NOTIFY=1"), "{said}");
    for name in variables::NAMES {
        assert!(!said.contains(name), "{said}");
    }
    let inode = std::fs::read_link("/proc/self/fd/3").unwrap();
    assert!(!said.contains(inode.to_str().unwrap()), "{said}");

    let again = take_started().unwrap();
    assert!(again.listeners.is_empty() && again.say_alive_every.is_none());
}

#[test]
fn a_socket_that_is_not_there_is_named() {
    if !is_started() {
        let prepare = "
hand(3, socket.create_server(('127.0.0.1', 0))); os.closerange(4, 64)
os.environ.update(LISTEN_FDS='2', LISTEN_FDNAMES='first:second')
";
        started("a_socket_that_is_not_there_is_named", prepare, &[]);
        return;
    }
    let failure = take_started().unwrap_err();
    let expect = "socket `second` of the service manager (descriptor 4)";
    assert!(failure.message.contains(expect), "{}", failure.message);
}

#[test]
fn what_was_meant_for_another_process_is_left_and_hidden() {
    if !is_started() {
        let prepare = "
os.environ.update(LISTEN_PID='1', LISTEN_FDS='2', WATCHDOG_USEC='1000', WATCHDOG_PID='1')
";
        started(
            "what_was_meant_for_another_process_is_left_and_hidden",
            prepare,
            &[],
        );
        return;
    }
    let handed = take_started().unwrap();

    assert!(handed.listeners.is_empty() && handed.say_alive_every.is_none());
    assert!(handed.manager.line.is_none());
    assert!(
        variables::NAMES
            .iter()
            .all(|name| std::env::var_os(name).is_none())
    );
}

#[test]
fn with_threads_it_is_too_late() {
    if !is_started() {
        started(
            "with_threads_it_is_too_late",
            "os.environ['LISTEN_FDS'] = '0'",
            &[],
        );
        return;
    }
    // The harness has started one.
    assert!(take().unwrap_err().message.contains("other threads"));
    assert!(is_handed());
}

/// The agent says from a timer of its first task that it lives. Timers are the workers' to look at,
/// so where all of them hang, nothing is said and the manager sees it.
#[test]
fn a_runtime_that_hangs_does_not_say_that_it_lives() {
    const WORKERS: usize = 2;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .unwrap();
    let (hangs, hung) = std::sync::mpsc::channel();
    let gate = std::sync::Arc::new(std::sync::RwLock::new(()));
    let closed = gate.write().unwrap();
    for _ in 0..WORKERS {
        let (hangs, gate) = (hangs.clone(), std::sync::Arc::clone(&gate));
        runtime.spawn(async move {
            hangs.send(()).unwrap();
            drop(gate.read().unwrap());
        });
    }
    for _ in 0..WORKERS {
        hung.recv_timeout(Duration::from_secs(30)).unwrap();
    }
    let (socket, address, _folder) = played(true);
    let manager = Manager::at(&address).unwrap();
    let says = std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            manager.alive();
        });
    });
    let mut word = [0; 64];

    let patience = Duration::from_millis(300);
    socket.set_read_timeout(Some(patience)).unwrap();
    assert!(
        socket.recv(&mut word).is_err(),
        "it hangs, and said that it lives"
    );

    drop(closed);
    let patience = Duration::from_secs(30);
    socket.set_read_timeout(Some(patience)).unwrap();
    let length = socket.recv(&mut word).unwrap();
    assert_eq!(word.get(..length), Some(&b"WATCHDOG=1"[..]));
    says.join().unwrap();
}
