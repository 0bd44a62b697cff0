//! The order of steps, and what runs a script.

use super::*;

fn part(kind: Kind, name: &str, content: &str) -> Part {
    Part {
        kind,
        name: name.to_owned(),
        content: Secret::from_text(content.to_owned()),
        ignored: Vec::new(),
    }
}

fn names(boot: &Boot) -> Vec<&str> {
    let steps = boot.steps.iter();
    steps
        .map(|step| match step {
            Step::Script(script) => script.name.as_str(),
            Step::Files(_) => "files",
        })
        .collect()
}

#[test]
fn steps_are_in_the_order_of_cloud_init() {
    let config = "write_files:\n- {path: /late, defer: true}\n- {path: /early}\n\
                  runcmd: [ls]\nbootcmd: [ls]\nhostname: x\n";
    let script = "#!/bin/sh\n";
    let boot = Boot::of(vec![
        part(Kind::Script(When::User), "z.sh", script),
        part(Kind::Script(When::Instance), "each", script),
        part(Kind::CloudConfig, "part-003", config),
        part(Kind::Script(When::User), "part-004", script),
        part(Kind::Boothook, "hook", "#cloud-boothook\n#!/bin/sh\n"),
        part(Kind::Other("image/png".to_owned()), "picture", ""),
        part(Kind::Script(When::Once), "once", script),
    ])
    .unwrap();
    let expect = [
        "hook", "bootcmd", "files", "files", "once", "each", "part-004", "runcmd", "z.sh",
    ];
    assert_eq!(names(&boot), expect);
    assert_eq!(
        boot.not_run,
        ["`picture`, a part of type `image/png`", "`hostname`"]
    );
}

#[test]
fn a_script_of_the_same_name_takes_the_place_of_the_one_before() {
    let boot = Boot::of(vec![
        part(Kind::Script(When::User), "a", "#!/bin/sh\necho 1\n"),
        part(Kind::Script(When::User), "a", "#!/bin/sh\necho 2\n"),
    ])
    .unwrap();
    let [Step::Script(script)] = &boot.steps[..] else {
        panic!("{boot:?}");
    };
    assert!(script.content.expose().ends_with(b"echo 2\n"));
}

#[test]
fn the_first_line_names_what_runs_a_script() {
    for (head, expect) in [
        (&b"#!/bin/sh\necho"[..], Some(vec!["/bin/sh"])),
        (b"#! /bin/bash -xe \n", Some(vec!["/bin/bash", "-xe"])),
        (
            b"#!/usr/bin/env python3 -u\n",
            Some(vec!["/usr/bin/env", "python3 -u"]),
        ),
        (b"#!/bin/sh", Some(vec!["/bin/sh"])),
        (b"#!\n/bin/sh", None),
        (b"#cloud-config\n", None),
        (b"", None),
    ] {
        let expect = expect.map(|words| words.into_iter().map(OsString::from).collect());
        assert_eq!(words(head), expect, "{head:?}");
    }
}

#[test]
fn line_ends_of_other_systems_are_made_plain() {
    for (text, expect) in [
        ("#!/bin/sh\r\necho\r\n", "#!/bin/sh\necho\n"),
        ("#!/bin/sh\nprintf '\r\n'\n", "#!/bin/sh\nprintf '\r\n'\n"),
        ("#!/bin/sh\r\na\rb\r\n", "#!/bin/sh\na\rb\n"),
        ("no line", "no line"),
    ] {
        let plain = with_plain_lines(&Secret::from_text(text.to_owned()));
        assert_eq!(plain.expose(), expect.as_bytes());
    }
    let hook = Secret::from_text("#cloud-boothook\r\n#!/bin/sh\r\n".to_owned());
    assert_eq!(after_first_word(&hook).expose(), b"#!/bin/sh\n");
}
