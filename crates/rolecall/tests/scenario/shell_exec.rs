//! `rolecall exec`: who sees which secret, what is left behind, and what happens on change.

use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::canary::files;
use crate::clients::{Admin, run};
use crate::harness::{World, scenario};
use crate::role_to_secret::sample_password;
use crate::shell::{put, tool};
use crate::wait;

#[test]
fn only_the_command_has_the_secrets() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let memory = memory();
        let mut running = Running::start(
            world,
            &memory,
            &[
                "--env",
                "PASSWORD=my-secret:password",
                "--env",
                "WHOLE=my-secret",
                "--file",
                "pw=my-secret:password",
                "--stdin",
                "my-secret:/password",
            ],
            "cat > stdin; cat \"$ROLECALL_FILES/pw\" > file; ls -l \"$ROLECALL_FILES/pw\" > mode;
             printf %s \"$PASSWORD\" > variable",
        );

        let read = |name: &str| std::fs::read_to_string(world.scratch().join(name)).unwrap();
        for name in ["stdin", "file", "variable"] {
            assert_eq!(read(name), password, "{name}");
        }
        assert!(read("mode").starts_with("-r-------- "), "{}", read("mode"));
        let holds = |process: u32, what: &str| {
            let text = std::fs::read(format!("/proc/{process}/{what}")).unwrap();
            assert!(!text.is_empty(), "{what} of {process}");
            String::from_utf8_lossy(&text).contains(&password)
        };
        let (parent, child) = (running.child.id(), running.command());
        assert_ne!(parent, child, "it stays to take the file away");
        for process in [parent, child] {
            assert!(!holds(process, "cmdline"), "in the arguments of {process}");
        }
        assert!(!holds(parent, "environ"));
        assert!(holds(child, "environ"));
        let environment = std::fs::read_to_string(format!("/proc/{child}/environ")).unwrap();
        assert!(
            !environment.contains("TOKEN"),
            "the agent's token is passed on"
        );

        running.go();
        assert_eq!(running.code(), Some(0));
        assert!(
            files(memory.path()).is_empty(),
            "left: {:?}",
            files(memory.path())
        );
    });
}

#[test]
fn nothing_is_left_however_it_ends() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let memory = memory();
        let absolute = memory.path().join("absolute");
        let flag = format!("{}=my-secret:password", absolute.display());
        let flags = ["--file", "pw=my-secret:password", "--file", &flag];
        for (signal, to_command, code) in [
            (Signal::TERM, false, 128 + 15),
            (Signal::INT, false, 128 + 2),
            (Signal::HUP, false, 128 + 1),
            (Signal::KILL, true, 128 + 9),
            (Signal::TERM, true, 128 + 15),
        ] {
            let mut running = Running::start(world, &memory, &flags, "");
            assert_eq!(std::fs::read_to_string(&absolute).unwrap(), password);
            let mode = std::fs::metadata(&absolute).unwrap().permissions().mode();
            assert_eq!(mode & 0o7777, 0o400);
            let process = if to_command {
                running.command()
            } else {
                running.child.id()
            };
            kill(process, signal);
            assert_eq!(running.code(), Some(code), "{signal:?}");
            let left = std::fs::read_dir(memory.path()).unwrap().count();
            assert_eq!(left, 0, "{signal:?} left {:?}", files(memory.path()));
        }
    });
}

#[test]
fn what_a_killed_run_left_is_taken_away_by_the_next() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let memory = memory();
        let mut running = Running::start(world, &memory, &["--file", "pw=my-secret:password"], "");
        kill(running.child.id(), Signal::KILL);
        wait::exit(&mut running.child, TIME_MAX);
        assert!(
            !files(memory.path()).is_empty(),
            "nobody could take it away"
        );
        running.go();

        run(exec(world, &memory).args(["--file", "pw=my-secret", "--", "true"])).ok();

        assert!(files(memory.path()).is_empty());
    });
}

#[test]
fn one_secret_that_is_missing_starts_nothing() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let memory = memory();
        let started = world.scratch().join("started");
        let check = |flags: &[&str], code: i32, words: &[&str]| {
            let mut command = exec(world, &memory);
            command
                .args(["--file", "pw=my-secret:password"])
                .args(flags);
            let output = run(command.arg("--").arg("touch").arg(&started));
            assert_eq!(output.code, Some(code), "{flags:?} {output:?}");
            output.fails_with(words);
            assert!(!started.exists(), "{flags:?} started it");
            let left = std::fs::read_dir(memory.path()).unwrap().count();
            assert_eq!(left, 0, "{flags:?} left {:?}", files(memory.path()));
        };
        check(&["--env", "A=my-secret:nope"], 1, &["there is no `nope`"]);
        check(&["--env", "A=other"], 1, &["(AccessDeniedException)"]);
        check(&["--env", "A=my-secret:"], 2, &["no key"]);
        check(&["--file", "a/b=my-secret"], 2, &["absolute path"]);
        check(
            &["--file", "/nonexistent/x=my-secret"],
            2,
            &["`nonexistent`"],
        );
        check(&["--on-change", "reload"], 2, &["signal:SIGHUP"]);

        let target = world.scratch().join("target");
        std::fs::write(&target, "kept").unwrap();
        let link = memory
            .path()
            .parent()
            .unwrap()
            .join(format!("link-{}", std::process::id()));
        symlink(&target, &link).unwrap();
        check(
            &["--file", &format!("{}=my-secret", link.display())],
            2,
            &["symbolic link"],
        );
        std::fs::remove_file(&link).unwrap();
        check(
            &["--file", &format!("{}=my-secret", target.display())],
            2,
            &["there already"],
        );
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "kept");
        let open = world.scratch().join("open");
        std::fs::create_dir(&open).unwrap();
        std::fs::set_permissions(&open, PermissionsExt::from_mode(0o777)).unwrap();
        let flag = format!("{}=my-secret", open.join("x").display());
        check(&["--file", &flag], 2, &["everybody may write"]);
    });
}

#[test]
fn codes_and_environments_are_the_commands_own() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let memory = memory();
        let ended = |more: &[&str]| {
            let mut command = exec(world, &memory);
            run(command
                .args(["--env", "PASSWORD=my-secret:password"])
                .args(more))
        };
        assert_eq!(ended(&["--", "sh", "-c", "exit 7"]).code, Some(7));
        assert_eq!(
            ended(&["--file", "a=my-secret", "--", "sh", "-c", "exit 7"]).code,
            Some(7)
        );
        let absent = ended(&["--", "/nonexistent/command"]);
        assert_eq!(absent.code, Some(127), "{absent:?}");
        let folder = ended(&["--file", "a=my-secret", "--", "/"]);
        assert_eq!(folder.code, Some(126), "{folder:?}");
        assert_eq!(ended(&[]).code, Some(2));

        // Where nothing is left to do, the command takes the place of this process.
        let mut command = exec(world, &memory);
        command.args([
            "--env",
            "PASSWORD=my-secret:password",
            "--",
            "sh",
            "-c",
            "kill -KILL $$",
        ]);
        assert_eq!(command.status().unwrap().signal(), Some(9));

        let pristine = ended(&["--pristine", "--", "env"]);
        assert_eq!(pristine.ok(), format!("PASSWORD={password}"));
        let usual = ended(&["--", "env"]).ok().to_owned();
        assert!(
            usual.contains("ROLECALL_AGENT=http"),
            "where the agent is may be known"
        );
        assert!(!usual.contains("TOKEN_FILE"));
        assert!(
            ended(&["--pass-agent-token", "--", "env"])
                .ok()
                .contains("TOKEN_FILE")
        );
        let disk = world.scratch().join("on-disk");
        let warned = ended(&[
            "--file",
            &format!("{}=my-secret", disk.display()),
            "--",
            "true",
        ]);
        assert!(warned.stderr.starts_with("warning: "), "{warned:?}");
        assert!(!disk.exists());
    });
}

#[test]
fn a_new_value_restarts_the_command_or_signals_it() {
    scenario(|world| {
        for value in ["value-number-two-of-it", "value-number-three-of-it"] {
            world.canary(value);
        }
        let memory = memory();
        let mut admin = Admin::new(world);
        let flags = [
            "--env",
            "V=my-secret",
            "--file",
            "v=my-secret",
            "--check-every",
            "1",
        ];
        let note = "printf '%s\\n' \"$V\" >> seen; cat \"$ROLECALL_FILES/v\" > now;
                    trap 'cat \"$ROLECALL_FILES/v\" > now' HUP";
        let scratch = world.scratch();
        let now = || std::fs::read_to_string(scratch.join("now")).unwrap();

        let restart = [&flags[..], &["--on-change", "restart"]].concat();
        let mut running = Running::start(world, &memory, &restart, note);
        let first = running.command();
        let starts = || {
            std::fs::read_to_string(scratch.join("seen"))
                .unwrap()
                .lines()
                .count()
        };
        change(world, &mut admin, "value-number-two-of-it");
        wait::until("restart", TIME_MAX, || (starts() == 2).then_some(()));
        wait::until("new process", TIME_MAX, || {
            (running.command() != first).then_some(())
        });
        assert_eq!(now(), "value-number-two-of-it");
        running.go();
        assert_eq!(running.code(), Some(0));
        let seen = std::fs::read_to_string(scratch.join("seen")).unwrap();
        assert_eq!(seen.lines().last(), Some("value-number-two-of-it"));

        let signal = [&flags[..], &["--on-change", "signal:SIGHUP"]].concat();
        let mut running = Running::start(world, &memory, &signal, note);
        let first = running.command();
        change(world, &mut admin, "value-number-three-of-it");
        wait::until("new file", TIME_MAX, || {
            (now() == "value-number-three-of-it").then_some(())
        });
        assert_eq!(running.command(), first);
        kill(running.child.id(), Signal::TERM);
        assert_eq!(running.code(), Some(128 + 15));
        assert!(files(memory.path()).is_empty());
    });
}

#[test]
fn what_is_told_to_end_while_it_restarts_does_not_start_again() {
    scenario(|world| {
        world.canary("value-number-two-of-it");
        let memory = memory();
        let mut admin = Admin::new(world);
        let scratch = world.scratch();
        run(Command::new("mkfifo").arg(scratch.join("gate"))).ok();
        // The first SIGTERM begins a stop that only the second ends.
        let script = "echo started >> starts; cat gate > /dev/null & c=$!
            trap 'trap : TERM; echo > stopping; wait $c; kill $c; exit 5' TERM
            wait $c";
        let mut command = exec(world, &memory);
        command.args([
            "--env",
            "V=my-secret",
            "--check-every",
            "1",
            "--on-change",
            "restart",
        ]);
        let mut child = command.args(["--", "sh", "-c", script]).spawn().unwrap();
        let there = |name: &str| {
            wait::until(name, TIME_MAX, || scratch.join(name).exists().then_some(()));
        };
        there("starts");
        change(world, &mut admin, "value-number-two-of-it");
        there("stopping");
        kill(child.id(), Signal::TERM);

        assert_eq!(wait::exit(&mut child, TIME_MAX).code(), Some(5));
        assert_eq!(
            std::fs::read_to_string(scratch.join("starts")).unwrap(),
            "started\n"
        );
    });
}

#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    scenario(|world| {
        world.canary(&sample_password(world));
        let memory = memory();
        for more in [&[][..], &["--file", "pw=my-secret"]] {
            let mut nohup = with_program(&exec(world, &memory), "nohup");
            nohup.args([env!("CARGO_BIN_EXE_rolecall"), "exec"]);
            nohup.args(["--env", "V=my-secret"]).args(more);
            nohup.args(["--", "sh", "-c", "kill -HUP $$; exit 6"]);
            assert_eq!(run(&mut nohup).code, Some(6), "{more:?}");
        }
    });
}

#[test]
fn a_signal_ends_the_wait_for_an_agent_that_hangs() {
    scenario(|world| {
        world.canary(&sample_password(world));
        let memory = memory();
        let hangs = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut command = exec(world, &memory);
        command.env(
            "ROLECALL_AGENT",
            format!("http://{}", hangs.local_addr().unwrap()),
        );
        command.args(["--file", "a=my-secret", "--", "touch", "started"]);
        let mut child = command.spawn().unwrap();
        let _connected = hangs.accept().unwrap();
        kill(child.id(), Signal::TERM);

        assert_eq!(wait::exit(&mut child, TIME_MAX).code(), Some(128 + 15));
        assert!(!world.scratch().join("started").exists());
        assert!(files(memory.path()).is_empty());
    });
}

/// A new value of the sample secret, which the agent has.
fn change(world: &World, admin: &mut Admin, value: &str) {
    put(admin, value);
    run(tool(world).args(["get", "my-secret", "--refresh"])).ok();
}

/// A run whose command waits until it is told to go on.
struct Running {
    child: Child,
    folder: PathBuf,
}

impl Running {
    /// Starts a command that does what `script` says, notes its process and waits.
    fn start(world: &mut World, memory: &TempDir, flags: &[&str], script: &str) -> Self {
        let folder = world.scratch();
        for left in ["process", "gate"] {
            std::fs::remove_file(folder.join(left)).ok();
        }
        run(Command::new("mkfifo").arg(folder.join("gate"))).ok();
        let talk = world.output_file("exec.stderr");
        // A shell that waits for a child of its own hears its signals.
        let script = format!(
            "{script}\necho $$ > process.new; mv process.new process\n\
             cat gate > /dev/null & waits=$!\n\
             trap 'kill $waits; trap - TERM; kill $$' TERM\n\
             wait $waits; while kill -0 $waits 2> /dev/null; do wait $waits; done"
        );
        // Whoever runs the tests under `nohup` ignores SIGHUP, and so would the command.
        let mut command = with_program(&exec(world, memory), "env");
        let child = command
            .arg("--default-signal=HUP,INT,TERM")
            .args([env!("CARGO_BIN_EXE_rolecall"), "exec", "--log", "trace"])
            .args(flags)
            .args(["--", "sh", "-c", &script])
            .stderr(talk)
            .spawn()
            .unwrap();
        let running = Self { child, folder };
        wait::until("command", TIME_MAX, || {
            running.folder.join("process").exists().then_some(())
        });
        running
    }

    /// The command's process.
    fn command(&self) -> u32 {
        let text = std::fs::read_to_string(self.folder.join("process")).unwrap();
        text.trim().parse().unwrap()
    }

    /// Lets the command end.
    fn go(&self) {
        std::fs::write(self.folder.join("gate"), "").unwrap();
    }

    fn code(&mut self) -> Option<i32> {
        wait::exit(&mut self.child, TIME_MAX).code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn exec(world: &World, memory: &TempDir) -> Command {
    let mut command = tool(world);
    command.env("XDG_RUNTIME_DIR", memory.path()).arg("exec");
    command
}

/// The same environment for another program, without arguments.
fn with_program(command: &Command, program: &str) -> Command {
    let mut other = Command::new(program);
    other.env_clear();
    other.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    other.current_dir(command.get_current_dir().unwrap());
    other
}

/// A folder in memory.
fn memory() -> TempDir {
    tempfile::tempdir_in(Path::new("/dev/shm")).unwrap()
}

fn kill(process: u32, signal: Signal) {
    let process = i32::try_from(process).ok().and_then(Pid::from_raw).unwrap();
    kill_process(process, signal).unwrap();
}

const TIME_MAX: Duration = Duration::from_secs(20);
