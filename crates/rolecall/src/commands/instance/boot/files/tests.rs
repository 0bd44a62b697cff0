//! How files of a document are read and written.

use super::*;
use crate::commands::instance::boot::config::{self, Config};

fn read_files(items: &str) -> Result<Config, Failure> {
    let text = Secret::from_text(format!("write_files:\n{items}"));
    config::read(&[("user data".to_owned(), &text)])
}

#[test]
fn content_is_decoded_as_it_says() {
    // Of `printf hello | gzip -n | base64`.
    let packed = "H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==";
    for (item, expect) in [
        ("{path: /x, content: hello}", "hello"),
        ("{path: /x, content: aGVsbG8=, encoding: b64}", "hello"),
        (
            &format!("{{path: /x, content: {packed}, encoding: gz+b64}}"),
            "hello",
        ),
        ("{path: /x}", ""),
    ] {
        let config = read_files(&format!("- {item}\n")).unwrap();
        assert_eq!(
            config.files[0].content.expose(),
            expect.as_bytes(),
            "{item}"
        );
    }
    for (item, expect) in [
        ("{path: /x, content: '*', encoding: b64}", "is not base64"),
        (
            "{path: /x, content: aGVsbG8=, encoding: gz+b64}",
            "is not gzipped",
        ),
        (
            "{path: /x, content: a, encoding: rot13}",
            "an unknown encoding, `rot13`",
        ),
    ] {
        let failure = read_files(&format!("- {item}\n")).unwrap_err();
        assert!(failure.message.contains(expect), "{}", failure.message);
    }
}

#[test]
fn modes_are_as_cloud_init_takes_them() {
    for (text, plain, expect) in [
        ("0600", true, Some(0o600)),
        ("0600", false, Some(0o600)),
        ("0o600", true, Some(0o600)),
        ("384", true, Some(0o600)),
        ("600", false, Some(0o600)),
        ("u=rw", true, None),
        ("-1", true, None),
    ] {
        assert_eq!(mode(text, plain), expect, "{text} {plain}");
    }
}

#[test]
fn what_is_not_done_of_a_file_is_named() {
    let items = "- {content: x}\n- {path: /a, source: {uri: 'http://x'}}\n\
                 - {path: /b, permissions: rw}\n- {path: /c, defer: yes, append: 'on'}\n";
    let config = read_files(items).unwrap();
    let named = [
        "it has no path",
        "`source` of `/a`",
        "`permissions` of `/b`",
    ];
    assert_eq!(config.not_run.len(), named.len(), "{:?}", config.not_run);
    for (line, expect) in config.not_run.iter().zip(named) {
        assert!(line.contains(expect), "{line}");
    }
    assert_eq!((config.files.len(), config.deferred.len()), (2, 1));
    assert!(config.deferred[0].appends);
}

#[test]
fn a_file_is_written_with_its_folders_and_its_mode() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/file");
    let me = rustix::process::getuid().as_raw();
    let given = |content: &str, appends| Given {
        path: path.clone(),
        content: Secret::from_text(content.to_owned()),
        mode: 0o640,
        owner: me.to_string(),
        appends,
        is_deferred: false,
    };
    given("one\n", false).write().unwrap();
    given("two\n", true).write().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
        0o640
    );
    given("new\n", false).write().unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new\n");

    let stranger = Given {
        owner: "no such user".to_owned(),
        ..given("", false)
    };
    let failure = stranger.write().unwrap_err();
    assert!(
        failure.message.contains("there is no user"),
        "{}",
        failure.message
    );
    let nowhere = Given {
        path: folder.path().to_owned(),
        ..given("", false)
    };
    let failure = nowhere.write().unwrap_err();
    assert!(
        failure.message.contains("cannot be written"),
        "{}",
        failure.message
    );
}
