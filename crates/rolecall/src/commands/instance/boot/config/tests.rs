//! What documents come to. That cloud-init comes to the same is for the scenarios.

use super::*;

fn read_one(text: &str) -> Result<Config, Failure> {
    read(&[("user data".to_owned(), &Secret::from_text(text.to_owned()))])
}

fn script_of(text: &str) -> String {
    let config = read_one(text).unwrap();
    config.runcmd.unwrap().expose_text().unwrap().to_owned()
}

#[test]
fn commands_are_lines_of_one_script() {
    let text = "#cloud-config\nruncmd:\n- echo \"it's\" | cat\n- [sh, -c, \"echo 'a b'\"]\n-\n\
                - [chmod, 0755, yes, 1.10, ~, \"0755\"]\n- |\n  two\n  lines\n";
    let expect = "#!/bin/sh\necho \"it's\" | cat\n'sh' '-c' 'echo '\\''a b'\\'''\n\
                  'chmod' '493' 'True' '1.1' 'None' '0755'\ntwo\nlines\n\n";
    assert_eq!(script_of(text), expect);
}

#[test]
fn what_is_no_command_is_refused_where_it_stands() {
    for (text, place, message) in [
        ("runcmd: ls\n", "1:9", "a list of commands"),
        ("runcmd:\n- echo \"a:b\"\n- ls: x\n", "3:3", "is a map"),
        ("runcmd:\n- 5\n", "2:3", "`5` is no command"),
        ("bootcmd:\n- [[a]]\n", "2:4", "a word of a command"),
        ("write_files: x\n", "1:14", "a list of files"),
        ("- a\n", "1:1", "a map of keys"),
        ("a: &x b\n", "1:4", "anchors are not read"),
        ("a: [\n", "", "not YAML"),
    ] {
        let failure = read_one(text).unwrap_err();
        let start = format!("user data:{place}");
        assert!(failure.message.starts_with(&start), "{}", failure.message);
        assert!(failure.message.contains(message), "{}", failure.message);
    }
}

#[test]
fn every_other_key_is_named() {
    let config = read_one("#cloud-config\npackages: [nginx]\nusers: [x]\nbootcmd: [ls]\n").unwrap();
    assert_eq!(config.not_run, ["`packages`", "`users`"]);
    assert!(config.bootcmd.is_some());
    let empty = read_one("#cloud-config\n").unwrap();
    assert!(empty.not_run.is_empty() && empty.runcmd.is_none());
}

#[test]
fn a_later_document_replaces_keys_of_an_earlier_one() {
    let texts = [
        "runcmd: [a]\npackages: []\n",
        "runcmd: [b]\nmerge_how: list(append)\n",
    ];
    let texts = texts.map(|text| Secret::from_text(text.to_owned()));
    let both = [("1".to_owned(), &texts[0]), ("2".to_owned(), &texts[1])];
    let config = read(&both).unwrap();
    assert_eq!(config.runcmd.unwrap().expose(), b"#!/bin/sh\nb\n");
    assert_eq!(config.not_run.len(), 2, "{:?}", config.not_run);
    assert!(config.not_run[0].starts_with("`merge_how`: "));
    // With nothing to merge with, how it is done says nothing.
    assert!(read(&both[1..]).unwrap().not_run.is_empty());
}
