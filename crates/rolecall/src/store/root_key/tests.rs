//! Each kind of root key opens what it made, and no other does.

use super::*;
use std::os::unix::fs::PermissionsExt;

fn folder(at: &Path, source: KeySource) -> Folder {
    Folder::prepare(Some(at.to_owned()), Some(source)).unwrap()
}

fn script(at: &Path, text: &str) -> KeySource {
    let path = at.join("kms");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).unwrap();
    KeySource::Command(path.display().to_string())
}

/// Wraps by turning letters around: no cipher, but an inverse of itself.
const TURN: &str = r#"case "$1" in wrap|unwrap) tr '\000-\377' '\200-\377\000-\177';; esac"#;

fn reopens(at: &Path, source: &KeySource) -> (RootKey, RootKey, Made) {
    let (made, kind) = RootKey::make(source).unwrap();
    let read = Made::parse(&kind.text()).unwrap();
    assert_eq!(read, kind);
    let opened = RootKey::open(&folder(at, source.clone()), &read).unwrap();
    (made, opened, kind)
}

#[test]
fn a_key_is_the_same_when_it_is_opened_again() {
    let at = tempfile::tempdir().unwrap();
    let passphrase = at.path().join("passphrase");
    std::fs::write(&passphrase, "correct horse battery\n").unwrap();
    for source in [
        KeySource::File(at.path().join("key")),
        KeySource::PassphraseFile(passphrase),
        script(at.path(), TURN),
    ] {
        let (made, opened, _) = reopens(at.path(), &source);
        assert_eq!(made.expose(), opened.expose(), "{source:?}");
    }
}

#[test]
fn another_passphrase_is_another_key_and_so_is_another_salt() {
    let at = tempfile::tempdir().unwrap();
    let (one, other) = (at.path().join("one"), at.path().join("other"));
    std::fs::write(&one, "correct horse battery").unwrap();
    std::fs::write(&other, "correct horse buttery").unwrap();
    let (key, kind) = RootKey::make(&KeySource::PassphraseFile(one.clone())).unwrap();
    let (salted, _) = RootKey::make(&KeySource::PassphraseFile(one)).unwrap();
    assert_ne!(key.expose(), salted.expose());
    let folder = folder(at.path(), KeySource::PassphraseFile(other));
    assert_ne!(
        key.expose(),
        RootKey::open(&folder, &kind).unwrap().expose()
    );
}

#[test]
fn a_key_of_another_kind_is_refused_with_the_flag_that_is_needed() {
    let at = tempfile::tempdir().unwrap();
    let passphrase = at.path().join("passphrase");
    std::fs::write(&passphrase, "correct horse battery").unwrap();
    let (_, kind) = RootKey::make(&KeySource::PassphraseFile(passphrase)).unwrap();
    let by_file = folder(at.path(), KeySource::File(at.path().join("key")));
    let failure = RootKey::open(&by_file, &kind).unwrap_err();
    assert!(failure.message.ends_with("is sealed with a passphrase"));
    assert!(failure.hints[0].contains("--root-key-passphrase-file"));
    let by_program = folder(at.path(), script(at.path(), TURN));
    let failure = RootKey::open(&by_program, &Made::File).unwrap_err();
    assert!(failure.hints[0].contains("--root-key-file"));
}

#[test]
fn what_is_no_passphrase_is_refused() {
    let at = tempfile::tempdir().unwrap();
    let path = at.path().join("passphrase");
    for (text, words) in [
        ("", "it is empty"),
        ("\n", "it is empty"),
        ("elevenchars", "too short"),
        (&"x".repeat(1_025), "it is too long"),
    ] {
        std::fs::write(&path, text).unwrap();
        let failure = RootKey::make(&KeySource::PassphraseFile(path.clone())).unwrap_err();
        assert!(failure.message.contains(words), "{}", failure.message);
    }
}

#[test]
fn a_program_that_does_not_do_it_is_refused() {
    let at = tempfile::tempdir().unwrap();
    for (text, words) in [
        ("exit 3", "exit status: 3"),
        ("head -c 32 /dev/urandom", "does not unwrap"),
        ("cat > /dev/null", "does not unwrap"),
        ("head -c 20000 /dev/zero", "too long"),
    ] {
        let failure = RootKey::make(&script(at.path(), text)).unwrap_err();
        assert!(
            failure.message.contains(words),
            "{text}: {}",
            failure.message
        );
    }
    let none = KeySource::Command("/nonexistent/kms --fast".to_owned());
    let failure = RootKey::make(&none).unwrap_err();
    assert!(failure.message.contains("/nonexistent/kms --fast wrap"));
    assert!(RootKey::make(&KeySource::Command(" ".to_owned())).is_err());
}

#[test]
fn parameters_that_take_too_much_are_not_read() {
    let good = "passphrase argon2id v=19 m=65536 t=3 p=4 salt=AAAAAAAAAAAAAAAAAAAAAA==";
    assert_eq!(Made::parse(good).unwrap().text(), good);
    for (from, to) in [
        ("m=65536", "m=1048577"),
        ("t=3", "t=17"),
        ("p=4", "p=17"),
        ("v=19", "v=16"),
        ("argon2id", "argon2i"),
        ("salt=AA", "salt=A"),
        ("==", "== more"),
    ] {
        assert_eq!(Made::parse(&good.replace(from, to)), None, "{to}");
    }
    assert_eq!(Made::parse(""), None);
    assert_eq!(Made::parse("file more"), None);
}

#[test]
fn names_that_are_no_credentials_are_refused() {
    for name in ["", "../root.key", ".hidden", "a/b"] {
        let failure = RootKey::make(&KeySource::Credential(name.to_owned())).unwrap_err();
        assert!(
            failure.message.contains("no name of a credential"),
            "{name}"
        );
    }
}
