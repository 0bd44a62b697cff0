//! S3 as the AWS CLI, boto3 and curl use it: what is put is there, what is wrong is refused, and
//! after a kill an object is whole or absent.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use std::time::Duration;

use crate::canary::files;
use crate::clients::{Admin, Output, aws, python, run, script};
use crate::harness::{World, rolecall, scenario_with};
use crate::wait::until;

#[test]
fn what_boto3_puts_it_gets() {
    scenario_with(&["--empty"], |world| {
        world.canary("k".repeat(32).as_str());
        let output = run(world.as_admin(python()).arg(script("s3.py")));
        output.ok();
        assert_eq!(object_files(world), 0, "files of objects that are gone");
    });
}

#[test]
fn the_cli_copies_syncs_and_removes() {
    scenario_with(&["--empty"], |world| {
        world.canary("the quick brown fox");
        let folder = world.scratch().join("from");
        std::fs::create_dir_all(folder.join("sub")).unwrap();
        std::fs::write(folder.join("fox.txt"), "the quick brown fox\n").unwrap();
        std::fs::write(folder.join("sub/empty"), "").unwrap();
        let large: Vec<u8> = (0..20_000_000_u32).map(|at| at.to_le_bytes()[1]).collect();
        std::fs::write(folder.join("large"), &large).unwrap();
        let cli = |line: &str| {
            let mut command = world.as_admin(aws());
            command.args(line.split_whitespace());
            run(command.current_dir(world.scratch()))
        };
        cli("s3 mb s3://cli-bucket").ok();
        cli("s3 cp from/fox.txt s3://cli-bucket/docs/ --sse --no-progress").ok();
        let listed = cli("s3 ls s3://cli-bucket/docs/");
        assert!(listed.ok().ends_with("20 fox.txt"), "{listed:?}");
        cli("s3 sync from s3://cli-bucket/sync --no-progress").ok();
        // There is nothing to do a second time.
        assert_eq!(
            cli("s3 sync from s3://cli-bucket/sync --no-progress").ok(),
            ""
        );
        cli("s3 sync s3://cli-bucket/sync to --no-progress").ok();
        assert!(std::fs::read(world.scratch().join("to/large")).unwrap() == large);
        assert_eq!(
            std::fs::read(world.scratch().join("to/sub/empty")).unwrap(),
            b""
        );
        let fox = cli("s3 cp s3://cli-bucket/docs/fox.txt -");
        assert_eq!(fox.ok(), "the quick brown fox");
        cli("s3 mv s3://cli-bucket/docs/fox.txt s3://cli-bucket/moved --no-progress").ok();
        cli("s3 rm s3://cli-bucket/sync/sub --recursive").ok();
        let query = "s3api list-objects-v2 --bucket cli-bucket --query Contents[].Key";
        assert_eq!(
            cli(query).json(),
            serde_json::json!(["moved", "sync/fox.txt", "sync/large"])
        );
        cli("s3 rb s3://cli-bucket").fails_with(&["BucketNotEmpty"]);
        cli("s3 rb s3://cli-bucket --force").ok();
        cli("s3 ls s3://cli-bucket").fails_with(&["NoSuchBucket"]);
        assert_eq!(object_files(world), 0);
    });
}

/// Files of objects, in whatever state.
fn object_files(world: &World) -> usize {
    files(&world.data().join("objects")).len()
}

fn curl(world: &World, arguments: &[&str]) -> Output {
    let mut command = world.anonymous("curl");
    run(command
        .args(["-s", "-o", "-", "-w", "\n%{http_code}"])
        .args(arguments))
}

fn presigned(world: &World, call: &str, more: &str) -> String {
    let script = format!(
        "import boto3; from botocore.config import Config\n\
         s3 = boto3.client('s3', config=Config(signature_version='s3v4',\n\
             s3={{'addressing_style': 'path'}}))\n\
         print(s3.generate_presigned_url('{call}', Params={{{more}}}, ExpiresIn=60))"
    );
    let output = run(world.as_admin(python()).args(["-c", &script]));
    output.ok().to_owned()
}

#[test]
fn a_presigned_url_is_good_for_what_it_says() {
    scenario_with(&["--empty"], |world| {
        world.canary("presigned body");
        let mut admin = Admin::new(world);
        admin.run("s3 mb s3://pre").ok();
        let about = "'Bucket': 'pre', 'Key': 'a/b'";
        let put = presigned(world, "put_object", about);
        let file = world.scratch().join("body");
        std::fs::write(&file, "presigned body").unwrap();
        let upload = ["--upload-file", file.to_str().unwrap()];
        let done = curl(world, &[upload[0], upload[1], &put]);
        assert!(done.ok().ends_with("200"), "{done:?}");
        // With `Expect: 100-continue`, too.
        let done = curl(
            world,
            &["-H", "Expect: 100-continue", upload[0], upload[1], &put],
        );
        assert!(done.ok().ends_with("200"), "{done:?}");
        let get = presigned(world, "get_object", about);
        assert_eq!(curl(world, &[&get]).ok(), "presigned body\n200");
        let part = curl(world, &["-H", "Range: bytes=0-2", &get]);
        assert_eq!(part.ok(), "pre\n206");
        for (url, code) in [
            (get.replace("a/b", "a/c"), "SignatureDoesNotMatch"),
            (
                get.replace("Expires=60", "Expires=61"),
                "SignatureDoesNotMatch",
            ),
            (put.clone(), "SignatureDoesNotMatch"),
            (get.replace("X-Amz-Date=20", "X-Amz-Date=19"), "403"),
        ] {
            let refused = curl(world, &[&url]);
            assert!(refused.ok().contains(code), "{code}: {refused:?}");
            assert!(!refused.stdout.contains("presigned body"), "{refused:?}");
        }
        // Version 2, which is how boto3 makes URLs where it is not told otherwise.
        let old = format!(
            "{}/pre/a/b?AWSAccessKeyId=x&Signature=y&Expires=1",
            world.endpoint()
        );
        assert!(curl(world, &[&old]).ok().contains("AWS4-HMAC-SHA256"));
        // Nobody in particular may nothing.
        let plain = format!("{}/pre/a/b", world.endpoint());
        assert!(
            curl(world, &[&plain])
                .ok()
                .contains("<Code>AccessDenied</Code>")
        );
        let (_, number) = world.endpoint().rsplit_once(':').unwrap();
        let host = format!("pre.localhost:{number}");
        let named = format!("{}/a/b", world.endpoint());
        let named = curl(world, &["-H", &format!("Host: {host}"), &named]);
        assert!(
            named.ok().contains("<Code>AccessDenied</Code>"),
            "{named:?}"
        );
    });
}

#[test]
fn a_bucket_is_found_in_the_name_of_the_host() {
    scenario_with(&["--empty"], |world| {
        world.canary("by its host's name");
        let port = world.endpoint().rsplit(':').next().unwrap().to_owned();
        let script = format!(
            "import boto3, socket; from botocore.config import Config\n\
             look_up = socket.getaddrinfo\n\
             socket.getaddrinfo = lambda host, *more, **all: look_up('127.0.0.1', *more, **all)\n\
             s3 = boto3.client('s3', endpoint_url='http://localhost:{port}',\n\
                 config=Config(s3={{'addressing_style': 'virtual'}}))\n\
             s3.create_bucket(Bucket='virtual')\n\
             s3.put_object(Bucket='virtual', Key='k', Body=b\"by its host's name\")\n\
             print(s3.get_object(Bucket='virtual', Key='k')['Body'].read().decode())\n"
        );
        let output = run(world.as_admin(python()).args(["-c", &script]));
        assert_eq!(output.ok(), "by its host's name");
    });
}

/// What the server answers to bytes.
fn raw(world: &World, request: &[u8]) -> String {
    let address = world.endpoint().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream.write_all(request).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    let _cut = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn what_is_cut_or_malformed_leaves_nothing() {
    scenario_with(&["--empty"], |world| {
        world.canary("a body that is cut");
        let mut admin = Admin::new(world);
        admin.run("s3 mb s3://bad").ok();
        let put = presigned(world, "put_object", "'Bucket': 'bad', 'Key': 'cut'");
        let (_, path) = put.split_once("//").unwrap().1.split_once('/').unwrap();
        let host = world.endpoint().trim_start_matches("http://").to_owned();
        let head = format!("PUT /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\n");
        let answer = raw(world, format!("{head}a body that is cut").as_bytes());
        assert!(!answer.contains("200 OK"), "{answer}");
        // A document that is none.
        for document in ["", "<", "<a>", STATUS] {
            let mut command = world.as_admin(python());
            let output = run(command
                .arg(script("s3_document.py"))
                .args(["bad", document]));
            assert_ne!(output.code, Some(0), "{document}");
            assert!(
                !output.stderr.contains("500"),
                "{document}: {}",
                output.stderr
            );
        }
        let versioning = admin.run("s3api get-bucket-versioning --bucket bad");
        assert_eq!(versioning.ok(), "");
        admin
            .run("s3api head-object --bucket bad --key cut")
            .fails_with(&["404"]);
        until("no file is left", Duration::from_secs(10), || {
            (object_files(world) == 0).then_some(())
        });
    });
}

#[test]
fn after_a_kill_an_object_is_whole_or_absent() {
    scenario_with(&["--empty"], |world| {
        world.canary("no secret of the server's");
        Admin::new(world).run("s3 mb s3://crash").ok();
        for round in 0..2 {
            put_until_killed(world, round);
            world.start();
            check_all(world);
        }
    });
}

/// Four writers put objects, small ones and such in parts, until the server is killed among them.
fn put_until_killed(world: &mut World, round: usize) {
    let told = world.scratch().join(format!("told.{round}"));
    std::fs::create_dir(&told).unwrap();
    let mut writers: Vec<_> = (0..4)
        .map(|writer: usize| {
            let mut command = world.as_admin(python());
            command
                .env("AWS_MAX_ATTEMPTS", "1")
                .arg(script("s3_writer.py"));
            command.args([format!("{round}-{writer}"), told.display().to_string()]);
            command.stderr(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    until("objects", Duration::from_mins(1), || {
        (std::fs::read_dir(&told).unwrap().count() >= 12).then_some(())
    });
    world.kill();
    for writer in &mut writers {
        writer.wait().unwrap();
    }
}

fn check_all(world: &World) {
    let output = run(world.as_admin(python()).arg(script("s3_reader.py")));
    let sums: BTreeMap<String, String> = serde_json::from_str(output.ok()).unwrap();
    let mut answered = 0;
    for round in std::fs::read_dir(world.scratch()).unwrap() {
        let folder = round.unwrap().path();
        if !folder.to_string_lossy().contains("told.") {
            continue;
        }
        for file in std::fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            answered += check(&sums, &file);
        }
    }
    assert!(answered > 0);
    let expected: usize = sums
        .keys()
        .map(|key| if key.contains("parts") { 2 } else { 1 })
        .sum();
    // Uploads that were under way have files too, and nothing else has.
    let (at_most, found) = (expected + 2 * 4 * 2, object_files(world));
    assert!(
        found >= expected && found <= at_most,
        "{found} files for {expected}"
    );
}

/// What was answered is there, as it was put.
fn check(sums: &BTreeMap<String, String>, told: &Path) -> usize {
    let key = told.file_name().unwrap().to_str().unwrap();
    let sum = std::fs::read_to_string(told).unwrap();
    assert_eq!(sums.get(key), Some(&sum), "{key}");
    1
}

#[test]
fn what_an_export_does_not_hold_is_said() {
    scenario_with(&["--empty"], |world| {
        world.canary("kept with the folder");
        let mut admin = Admin::new(world);
        admin.run("s3 mb s3://kept").ok();
        std::fs::write(world.scratch().join("o"), "kept with the folder").unwrap();
        let file = world.scratch().join("o").display().to_string();
        admin
            .run(&format!("s3 cp {file} s3://kept/o --no-progress"))
            .ok();
        world.stop();
        let (data, scratch) = (world.data(), world.scratch());
        let account = |line: &str| {
            let mut command = rolecall(&scratch);
            run(command.arg("account").args(line.split(' ')))
        };
        let of = format!("--data {}", data.display());
        account(&format!("doctor {of}")).ok();
        let export = scratch.join("out.export").display().to_string();
        let said = account(&format!("backup {of} --output {export}"));
        said.ok();
        assert!(
            said.stderr
                .contains("no bytes of objects: copy the 1 files"),
            "{said:?}"
        );
        let again = scratch.join("again");
        let key = data.join("root.key").display().to_string();
        let into = format!("--data {} --root-key-file {key}", again.display());
        let said = account(&format!("restore --from {export} {into}"));
        said.ok();
        assert!(
            said.stderr.contains("1 files of objects are not there"),
            "{said:?}"
        );
        let lost = account(&format!("doctor {into}"));
        assert_eq!(lost.code, Some(1), "{lost:?}");
        assert!(
            lost.stdout.contains("kept") && lost.stdout.contains("`objects/"),
            "{lost:?}"
        );
        // With the files beside it, all is there; a file that was cut is named.
        let copied = std::process::Command::new("cp")
            .arg("-a")
            .args([data.join("objects"), again.join("objects")])
            .status();
        assert!(copied.unwrap().success());
        account(&format!("doctor {into}")).ok();
        let cut = files(&again.join("objects")).remove(0);
        std::fs::write(&cut, "cut").unwrap();
        assert_eq!(account(&format!("doctor {into}")).code, Some(1));
        world.start();
    });
}

const STATUS: &str = "<VersioningConfiguration><Status>Maybe</Status></VersioningConfiguration>";
