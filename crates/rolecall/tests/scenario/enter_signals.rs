//! How a command on an instance ends that nobody types at: in scripts, under `timeout`, in a job
//! that is cancelled, and by Ctrl-C.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::clients::{client, python, run, script};
use crate::enter::enter;
use crate::harness::{World, scenario};
use crate::role_to_secret::sample_password;
use crate::wait;

/// A shell that waits for one process, and another that left its session; and their namespace.
fn waiting(world: &World, flags: &[&str], group: bool) -> (Child, String) {
    let script = "setsid sleep 300 >/dev/null 2>&1 & readlink /proc/self/ns/pid; sleep 300; exit 9";
    let inner = enter(world, flags, &["sh", "-c", script]);
    // Whoever runs the tests under `nohup` ignores SIGHUP, and so would the command.
    let mut command = client("env", &world.scratch());
    command
        .arg("--default-signal")
        .arg(inner.get_program())
        .args(inner.get_args());
    if group {
        command.process_group(0);
    }
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut space = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut space).unwrap();
    (child, space.trim_end().to_owned())
}

/// How many processes are in a namespace; those that have ended are in none.
fn inhabitants(space: &str) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let links = processes.filter_map(|entry| std::fs::read_link(entry.path().join("ns/pid")).ok());
    links.filter(|link| link.to_string_lossy() == space).count()
}

#[test]
fn a_signal_to_the_outside_ends_all_inside() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        for (signal, code) in [
            (Signal::TERM, 143),
            (Signal::HUP, 129),
            (Signal::QUIT, 131),
            (Signal::ALARM, 142),
        ] {
            let (mut child, space) = waiting(world, &[], false);
            assert!(inhabitants(&space) >= 3, "{space}");
            kill_process(Pid::from_child(&child), signal).unwrap();
            assert_eq!(wait::exit(&mut child, TIME_MAX).code(), Some(code));
            assert_eq!(inhabitants(&space), 0, "{signal:?}");
        }
    });
}

#[test]
fn a_signal_to_the_group_ends_all_inside() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
            let (mut child, space) = waiting(world, &["--container"], true);
            kill_process_group(Pid::from_child(&child), signal).unwrap();
            assert_eq!(wait::exit(&mut child, TIME_MAX).code(), Some(code));
            assert_eq!(inhabitants(&space), 0, "{signal:?}");
        }
    });
}

#[test]
fn timeout_ends_a_command_on_an_instance() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        // Told to end, it does as at its time: the command first, then its whole group.
        let (mut child, space) = under(world, "timeout", &["300"]);
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        assert_eq!(wait::exit(&mut child, TIME_MAX).code(), Some(143));
        wait::until("end of the namespace", TIME_MAX, || {
            (inhabitants(&space) == 0).then_some(())
        });
    });
}

/// The same shell as the child of another program.
fn under(world: &World, program: &str, arguments: &[&str]) -> (Child, String) {
    let inner = enter(
        world,
        &[],
        &["sh", "-c", "readlink /proc/self/ns/pid; sleep 300; exit 9"],
    );
    let mut command = client(program, &world.scratch());
    command
        .args(arguments)
        .arg(inner.get_program())
        .args(inner.get_args());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut space = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut space).unwrap();
    (child, space.trim_end().to_owned())
}

#[test]
fn ctrl_c_ends_a_script_and_not_one_that_takes_it() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let typed = |inner: &str| {
            let inner = enter(world, &[], &["sh", "-c", inner]);
            let mut command: Command = client(python(), &world.scratch());
            command.arg(script("terminal.py")).arg("\u{3}");
            command.arg(inner.get_program()).args(inner.get_args());
            run(&mut command)
        };
        assert_eq!(typed("printf 'ready: '; sleep 300; exit 9").code, Some(130));
        let taken = typed(TAKEN);
        assert_eq!(taken.code, Some(5), "{taken:?}");
        assert_eq!(taken.stdout.matches("taken").count(), 1, "{taken:?}");
    });
}

/// It sleeps for moments: a signal between two commands waits for the end of the second.
const TAKEN: &str = "trap 'echo taken; exit 5' INT; printf 'ready: '; \
     while :; do sleep 0.05; done";
const TIME_MAX: Duration = Duration::from_secs(20);
