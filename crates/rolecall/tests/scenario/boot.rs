//! `rolecall instance boot` beside cloud-init itself: what both run of the same user data, what
//! they print and what they write. And what is not run, which is told.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use rustix::process::{Pid, Signal, kill_process};

use crate::clients::{Admin, Output, cloud_init, python, run, script};
use crate::harness::{World, scenario};
use crate::instance::instance;
use crate::role_to_secret::sample_password;
use crate::wait;

/// Launches an instance with these user data.
fn launch(world: &World, admin: &mut Admin, user_data: &[u8]) -> String {
    let file = world.scratch().join("user-data");
    fs::write(&file, user_data).unwrap();
    let run = format!(
        "ec2 run-instances --image-id ami-0a1b2c3d4e5f60001 --instance-type t3.micro \
         --iam-instance-profile Name=ec2-secrets-manager-profile \
         --user-data fileb://{} --query Instances[0].InstanceId --output text",
        file.display()
    );
    admin.run(&run).ok().to_owned()
}

fn boot(world: &World, id: &str) -> Output {
    run(instance(world, "boot").arg(id))
}

fn console(admin: &mut Admin, id: &str) -> String {
    let get = "ec2 get-console-output --query Output --output text --instance-id";
    admin.run(&format!("{get} {id}")).ok().to_owned()
}

/// A scenario with the administrator's client.
fn booted(steps: impl FnOnce(&World, &mut Admin)) {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        steps(world, &mut Admin::new(world));
    });
}

#[test]
fn a_script_is_run_once_and_what_it_prints_stands_on_the_console() {
    booted(|world, admin| {
        let script = b"#!/bin/sh -e\nid -u\necho booted $ROLECALL_INSTANCE >&2\nexit 4\n";
        let id = launch(world, admin, script);
        let output = boot(world, &id);
        let printed = format!("0\nbooted {id}\n");
        let seen = (output.code, output.stdout.as_str());
        assert_eq!(seen, (Some(4), printed.as_str()), "{output:?}");
        assert_eq!(console(admin, &id), printed.trim_end());
        let none = boot(world, world.instance_id());
        assert_eq!(none.code, Some(1));
        none.fails_with(&["has no user data", "hint: "]);
    });
}

/// As older guides hand a role's credentials on: asked for without a token.
#[test]
fn a_script_that_asks_without_a_token_runs_where_that_is_allowed() {
    booted(|world, admin| {
        let script = "#!/bin/sh -e\n\
            at=http://169.254.169.254/latest/meta-data/iam/security-credentials/\n\
            role=$(curl -sf $at)\nheld=$(curl -sf $at$role)\n\
            member() { echo \"$held\" | sed -n \"s/.*\\\"$1\\\" : \\\"\\(.*\\)\\\".*/\\1/p\"; }\n\
            export AWS_ACCESS_KEY_ID=$(member AccessKeyId)\n\
            export AWS_SECRET_ACCESS_KEY=$(member SecretAccessKey)\n\
            export AWS_SESSION_TOKEN=$(member Token) AWS_EC2_METADATA_DISABLED=true\n";
        let aws = crate::clients::aws();
        let whoami = "sts get-caller-identity --region us-east-1 --query Arn --output text";
        let script = format!("{script}{} {whoami}\n", aws.display());
        let id = launch(world, admin, script.as_bytes());
        let modify = format!("ec2 modify-instance-metadata-options --instance-id {id}");
        admin.run(&format!("{modify} --http-tokens required")).ok();
        let refused = boot(world, &id);
        // curl's code for an answer of 400 and above.
        assert_eq!(
            (refused.code, &*refused.stdout),
            (Some(22), ""),
            "{refused:?}"
        );
        admin.run(&format!("{modify} --http-tokens optional")).ok();
        let arn = "arn:aws:sts::123456789012:assumed-role/ec2-secrets-manager-role";
        assert_eq!(boot(world, &id).ok(), format!("{arn}/{id}"));
        assert_eq!(console(admin, &id), format!("{arn}/{id}"));
    });
}

#[test]
fn what_cloud_init_does_with_user_data_is_done() {
    booted(|world, admin| {
        let made = world.scratch().join("made");
        for user_data in [parts(&made), alone(&made)] {
            let id = launch(world, admin, &user_data);
            let ours = boot(world, &id);
            let ours = (ours.ok().to_owned(), taken(&made));
            let mut theirs = instance(world, "enter");
            theirs.args(["--root", &id, "--"]).arg(python());
            theirs.arg(script("cloud_init_boot.py")).arg(cloud_init());
            let theirs = run(theirs.arg(world.scratch().join("cloud-init").join(&id)));
            let theirs = (theirs.ok().to_owned(), taken(&made));
            assert!(ours.0.lines().count() > 8 && ours.1.len() > 2, "{ours:?}");
            assert_eq!(ours, theirs);
            assert_eq!(console(admin, &id), ours.0);
        }
    });
}

/// What stands in a folder, with its modes; it is gone then.
fn taken(folder: &Path) -> Vec<(PathBuf, u32, String)> {
    let mut found: Vec<_> = crate::canary::files(folder)
        .into_iter()
        .map(|path| {
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            let text = fs::read_to_string(&path).unwrap();
            (path, mode, text)
        })
        .collect();
    found.sort();
    fs::remove_dir_all(folder).unwrap();
    found
}

/// A document and nothing else, packed.
fn alone(made: &Path) -> Vec<u8> {
    let made = made.display();
    let text = format!(
        "#cloud-config\nruncmd:\n - echo \"run $((1 + 1))\"\n - [sh, -c, \"echo 'it''s'\"]\n\
         \x20- [echo, 0755, yes, no, ~, 1.10, 1:30, 0x1f, \"0755\"]\n -\n\
         \x20- |\n   for i in 1 2 3; do\n     echo $i\n   done\n\
         \x20- \"exit_code=0; cat {made}/a/b\"\n\
         bootcmd: [\"echo boot $INSTANCE_ID\", [mkdir, -p, {made}]]\n\
         write_files:\n\
         \x20- {{path: {made}/a/b, content: \"text\\n\", permissions: 0640}}\n\
         \x20- {{path: {made}/a/b, content: bW9yZQo=, encoding: b64, append: true}}\n\
         \x20- {{path: {made}/late, content: late, defer: true, permissions: '0600'}}\n\
         \x20- {{path: {made}/zip, encoding: gz+b64, content: {ZIPPED}, owner: root}}\n"
    );
    gzipped(text.as_bytes())
}

/// Many parts, two of them documents, one packed.
fn parts(made: &Path) -> Vec<u8> {
    let made = made.display();
    let packed = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        gzipped(b"#!/bin/sh\necho packed\n"),
    );
    let head = "Content-Type: multipart/mixed; boundary=\"===============42==\"\n\
                MIME-Version: 1.0\nNumber-Attachments: 7\n";
    let part = |headers: &str, content: &str| {
        format!("\n--===============42==\nMIME-Version: 1.0\n{headers}\n\n{content}")
    };
    let text = [
        head.to_owned(),
        part(
            "Content-Type: text/x-shellscript\n\
             Content-Disposition: attachment; filename=\"z last.sh\"",
            "#!/bin/sh\necho last\n",
        ),
        part(
            "Content-Type: text/cloud-config; charset=\"us-ascii\"",
            &format!(
                "#cloud-config\nbootcmd: [echo first boot]\nruncmd: [echo replaced]\n\
                 write_files: [{{path: {made}/file, content: one}}]\n"
            ),
        ),
        part(
            "Content-Type: text/x-shellscript-per-boot; charset=\"utf-8\"",
            "#!/bin/sh\necho per boot\n",
        ),
        part(
            "Content-Type: text/x-shellscript-per-instance",
            "#!/bin/sh\necho per instance\n",
        ),
        part(
            "Content-Type: text/cloud-config",
            "#cloud-config\nruncmd: [echo run]\n",
        ),
        part(
            "Content-Type: text/plain",
            &format!("#cloud-boothook\n#!/bin/sh\nmkdir -p {made}; date +%Y >{made}/hook\n"),
        ),
        part(
            "Content-Type: application/gzip\nContent-Transfer-Encoding: base64",
            &packed,
        ),
        part(
            "Content-Type: text/x-shellscript-per-once",
            "#!/bin/sh\r\necho once\r\nls -d /\r\n",
        ),
        part(
            "Content-Type: text/x-shellscript",
            &format!(
                "#!/usr/bin/env python3\nprint('python', open('{made}/file').read())\n\
                      open('{made}/python', 'w').write('x')\n"
            ),
        ),
        "\n--===============42==--\n".to_owned(),
    ];
    text.concat().into_bytes()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_is_not_run_is_told() {
    booted(|world, admin| {
        let text = b"#cloud-config\npackages: [nginx]\nruncmd: [echo hello]\nhostname: web\n";
        let id = launch(world, admin, text);
        let output = boot(world, &id);
        assert_eq!(output.ok(), "hello");
        let told = "not run: `packages`\nnot run: `hostname`\n";
        assert_eq!(output.stderr, told);
        assert_eq!(console(admin, &id), format!("{told}hello"));

        for (text, expect) in [
            ("#cloud-config\npackages: [nginx]\n", "run here: `packages`"),
            ("#include http://x/\n", "addresses (`#include`)"),
            ("echo hello\n", "no script"),
            (
                "#cloud-config\nruncmd:\n- echo \"a: b\"\n",
                "user data:3:3: a command",
            ),
            ("#cloud-config\nruncmd: [\n", "not YAML"),
        ] {
            let id = launch(world, admin, text.as_bytes());
            let refused = boot(world, &id);
            assert_eq!(refused.code, Some(2), "{refused:?}");
            refused.fails_with(&[expect, "error: "]);
            assert_eq!(console(admin, &id), "");
        }
        let bomb = launch(world, admin, &gzipped(&vec![b'#'; 2 * 1_024 * 1_024]));
        let refused = boot(world, &bomb);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        refused.fails_with(&["larger than 1048576 bytes"]);
    });
}

#[test]
fn a_step_that_fails_does_not_keep_the_next_from_running() {
    booted(|world, admin| {
        let text = b"#cloud-config\nbootcmd: [exit 3]\nruncmd: [echo run, exit 5]\n\
            write_files: [{path: /proc/none/x}, {path: /proc/none/y}]\n";
        let id = launch(world, admin, text);
        let output = boot(world, &id);
        assert_eq!(output.code, Some(3), "{output:?}");
        let lines: Vec<&str> = output.stdout.lines().collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with("error: `/proc/none/x` cannot be written: "));
        assert_eq!(lines[1], "run");

        let none = launch(world, admin, b"#!/no/such/program\n");
        assert_eq!(boot(world, &none).code, Some(127));
        let nameless = launch(world, admin, b"#!\n");
        assert_eq!(boot(world, &nameless).code, Some(126));
    });
}

#[test]
fn a_signal_ends_a_boot() {
    booted(|world, admin| {
        let text = b"#cloud-config\nbootcmd: [echo ready, sleep 300]\nruncmd: [echo no]\n";
        let id = launch(world, admin, text);
        let mut command = instance(world, "boot");
        let mut child = command.arg(&id).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
        let mut lines = String::new();
        std::io::BufRead::read_line(&mut output, &mut lines).unwrap();
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        let ended = wait::exit(&mut child, Duration::from_secs(10));
        std::io::Read::read_to_string(&mut output, &mut lines).unwrap();
        assert_eq!((ended.code(), lines.as_str()), (Some(143), "ready\n"));
        assert_eq!(console(admin, &id), "ready");
    });
}

/// Of `printf hello | gzip -n | base64`.
const ZIPPED: &str = "H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==";
