//! `rolecall render`: the file whole or not at all, only when it changes, and never elsewhere.

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::clients::{Admin, Output, run};
use crate::harness::{World, scenario};
use crate::role_to_secret::sample_password;
use crate::shell::{put, tool};
use crate::wait;

const TEMPLATE: &str = "user = {{ secret('my-secret', 'username') }}
password = {{ secret_json('my-secret').password }}
url = db://app:{{ secret('my-secret:password') | urlencode }}@host
";

#[test]
fn a_file_is_written_whole_and_only_if_it_changes() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let (template, output) = pair(world, TEMPLATE);
        let render = |more: &[&str]| {
            let mut command = tool(world);
            command.arg("render").arg(&template).arg("-o").arg(&output);
            run(command
                .args(["--on-change", "sh -c 'echo told >> told'"])
                .args(more))
        };
        let told = || std::fs::read_to_string(world.scratch().join("told")).unwrap();
        let found = || std::fs::metadata(&output).unwrap();

        assert_eq!(render(&[]).ok(), "");
        let text = std::fs::read_to_string(&output).unwrap();
        let start = format!("user = app\npassword = {password}\nurl = db://app:");
        assert!(
            text.starts_with(&start) && text.ends_with("@host\n"),
            "{text}"
        );
        assert_eq!(found().permissions().mode() & 0o7777, 0o400);
        let first = found().ino();
        render(&[]).ok();
        assert_eq!((found().ino(), told().as_str()), (first, "told\n"));

        // Another mode is no other content.
        render(&["--mode", "0640"]).ok();
        assert_eq!((found().ino(), told().as_str()), (first, "told\n"));
        assert_eq!(found().permissions().mode() & 0o7777, 0o640);
        std::fs::write(&template, "{{ secret('my-secret:username') }}").unwrap();
        render(&[]).ok();
        assert_ne!(found().ino(), first);
        assert_eq!(std::fs::read_to_string(&output).unwrap(), "app");
        assert_eq!(told(), "told\ntold\n");
        let names: Vec<_> = std::fs::read_dir(output.parent().unwrap())
            .unwrap()
            .collect();
        assert_eq!(names.len(), 1, "{names:?}");

        std::fs::write(&template, "{{ secret('my-secret:password') }}").unwrap();
        let failed = render(&["--on-change", "sh -c 'exit 3'"]);
        assert_eq!(failed.code, Some(2), "given twice: {failed:?}");
    });
}

#[test]
fn an_owner_is_given_by_root_and_refused_to_others() {
    scenario(|world| {
        world.canary(&sample_password(world));
        let (template, output) = pair(world, TEMPLATE);
        let me = std::fs::metadata(&template).unwrap();
        let own = format!("{}:{}", me.uid(), me.gid());
        let render = |owner: &str| {
            let mut command = tool(world);
            command.arg("render").arg(&template).arg("-o").arg(&output);
            run(command.args(["--owner", owner]))
        };
        let wrong = render("no-such-user");
        assert_eq!(wrong.code, Some(2), "{wrong:?}");
        assert!(!output.exists());
        render(&own).ok();
        let other = render("65534:65533");
        let found = std::fs::metadata(&output).unwrap();
        if me.uid() == 0 {
            other.ok();
            assert_eq!((found.uid(), found.gid()), (65_534, 65_533));
        } else {
            assert_eq!(other.code, Some(3), "{other:?}");
            assert_eq!(found.uid(), me.uid());
        }
    });
}

#[test]
fn what_goes_wrong_leaves_the_file_that_was_there() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let (template, output) = pair(world, "");
        std::fs::write(&output, "as it was").unwrap();
        let check = |text: &str, code: i32, words: &[&str]| {
            std::fs::write(&template, text).unwrap();
            let mut command = tool(world);
            command.arg("render").arg(&template).arg("-o").arg(&output);
            let result: Output = run(command.args(["--on-change", "touch told"]));
            assert_eq!(result.code, Some(code), "{text} {result:?}");
            result.fails_with(words);
            assert!(!result.stderr.contains(&password));
            assert_eq!(std::fs::read_to_string(&output).unwrap(), "as it was");
            assert!(!world.scratch().join("told").exists());
        };
        check(
            "a\n{{ nope }}",
            2,
            &["t.conf:2: an undefined value in `{{ nope }}`"],
        );
        check(
            "\n\n{{ secret_json('my-secret').nope }}",
            2,
            &["t.conf:3: an undefined"],
        );
        check(
            "{{ secret('my-secret', 'pw') }}",
            2,
            &["t.conf:1: ", "2 keys"],
        );
        check("{{ secret('my-secret' }}", 2, &["t.conf:1: syntax error"]);
        check("{{ secret('my-secret:password') + 1 }}", 2, &["t.conf:1: "]);
        check("{{ secret('other') }}", 1, &["(AccessDeniedException)"]);
        check("{% include '/etc/hostname' %}", 2, &["t.conf:1: "]);
        std::fs::write(&template, [0xff, 0xfe]).unwrap();
        let binary = run(tool(world).arg("render").arg(&template));
        assert_eq!(binary.code, Some(2), "{binary:?}");
    });
}

#[test]
fn links_are_not_followed_and_streams_are_streams() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let (template, output) = pair(world, "{{ secret('my-secret:password') }}\n");
        let render = |output: &Path| {
            run(tool(world)
                .arg("render")
                .arg(&template)
                .arg("-o")
                .arg(output))
        };
        let link = output.with_file_name("link");
        symlink(&output, &link).unwrap();
        let refused = render(&link);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        refused.fails_with(&["is a symbolic link"]);
        assert!(!output.exists());

        assert_eq!(render(Path::new("-")).stdout, format!("{password}\n"));
        let mut command = tool(world);
        command
            .args(["render", "-"])
            .stdin(std::fs::File::open(&template).unwrap());
        let read = command.output().unwrap();
        assert_eq!(read.stdout, format!("{password}\n").as_bytes());
        for flags in [
            &["--watch"][..],
            &["--owner", "root"],
            &["--on-change", "true"],
        ] {
            let output = run(tool(world).arg("render").arg(&template).args(flags));
            assert_eq!(output.code, Some(2), "{flags:?} {output:?}");
        }
    });
}

#[test]
fn a_watched_file_follows_its_secrets_and_its_template() {
    scenario(|world| {
        world.canary(&sample_password(world));
        world.canary("the-second-value-of-it");
        let (template, output) = pair(world, "{{ secret('my-secret') }}");
        let talk = world.output_file("render.stderr");
        let mut command: Command = tool(world);
        command.arg("render").arg(&template).arg("-o").arg(&output);
        command.args(["--watch", "--check-every", "1", "--log", "trace"]);
        command.args(["--on-change", "sh -c 'echo told >> told'"]);
        let mut child = command.stderr(talk).stdout(Stdio::null()).spawn().unwrap();
        let holds = |text: &str| {
            wait::until(text, TIME_MAX, || {
                let found = std::fs::read_to_string(&output).unwrap_or_default();
                found.contains(text).then_some(())
            });
        };
        holds("username");
        let mut admin = Admin::new(world);
        put(&mut admin, "the-second-value-of-it");
        run(tool(world).args(["get", "my-secret", "--refresh"])).ok();
        holds("the-second-value-of-it");

        std::fs::write(&template, "template two: {{ secret('my-secret') }}").unwrap();
        kill_process(Pid::from_child(&child), Signal::HUP).unwrap();
        holds("template two: the-second-value-of-it");
        let told = || std::fs::read_to_string(world.scratch().join("told")).unwrap();
        wait::until("command", TIME_MAX, || {
            (told() == "told\ntold\ntold\n").then_some(())
        });
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        assert_eq!(wait::exit(&mut child, TIME_MAX).code(), Some(0));
    });
}

/// A template, and where its file is to stand.
fn pair(world: &World, text: &str) -> (PathBuf, PathBuf) {
    let template = world.scratch().join("t.conf");
    std::fs::write(&template, text).unwrap();
    let folder = world.scratch().join("etc");
    std::fs::create_dir(&folder).unwrap();
    (template, folder.join("app.conf"))
}

const TIME_MAX: Duration = Duration::from_secs(20);
