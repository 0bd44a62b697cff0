//! Trees of files with keys, with traps, and with nothing. The keys are made up and put together
//! here.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use audit::Missing;
use audit::host::{HostFacts, Reach, Source};
use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use super::collect;

const ID: &str = concat!("AKIA", "Y34FZKBOKMUTVV7A");
const SECRET: &str = concat!("q8Zr3Lk0", "VnT5yXwB1mHj", "/7PdEoAc9+sRu2GfKi6N");
const PASSWD: &str = "root:x:0:0::/root:/bin/bash\napp:x:1000:1000::/home/app:/bin/bash\n";

fn pair() -> String {
    format!("export AWS_ACCESS_KEY_ID={ID}\nexport AWS_SECRET_ACCESS_KEY={SECRET}\n")
}

fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn system() -> TempDir {
    let root = TempDir::new().unwrap();
    put(root.path(), "etc/passwd", PASSWD);
    root
}

fn look(root: &TempDir) -> (HostFacts, Vec<Missing>) {
    collect(root.path(), b"key").unwrap()
}

fn paths(facts: &HostFacts) -> Vec<&str> {
    facts.sightings.iter().map(|it| it.path.as_str()).collect()
}

#[test]
fn keys_are_found_in_all_places_of_a_system_and_nowhere_else() {
    let root = system();
    let places = [
        "data/app/settings.ini",
        "etc/default/web",
        "home/app/.bash_history",
        "opt/app/deep/down/config.yml",
        "run/containerd/io.containerd.runtime.v2.task/k8s.io/0123/config.json",
        "tmp/iam.json",
        "usr/local/bin/backup",
        "var/lib/cloud/instance/user-data.txt",
        "var/lib/docker/containers/0123456789ab/config.v2.json",
        "var/www/index.php",
    ];
    let image = "run/containerd/io.containerd.runtime.v2.task/k8s.io/0123/rootfs/etc/keys";
    for path in places
        .iter()
        .chain(&["usr/share/doc/keys.txt", "mnt/backup/old", image])
    {
        put(root.path(), path, pair());
    }
    let (facts, missing) = look(&root);

    let expected: Vec<String> = places.iter().map(|path| format!("/{path}")).collect();
    assert_eq!(paths(&facts), expected);
    assert_eq!(missing, []);
    assert!(!facts.is_running);
    assert_eq!(facts.looked_at.files, 11);
    assert_eq!(
        facts.sightings[1].source,
        Source::ServiceDefaults("web".to_owned())
    );
}

#[test]
fn a_folder_that_is_no_system_is_looked_at_as_a_whole() {
    let root = TempDir::new().unwrap();
    put(root.path(), "usr/share/keys.txt", pair());
    put(root.path(), "many/empty", "");
    let (facts, _) = look(&root);

    assert_eq!(paths(&facts), ["/usr/share/keys.txt"]);
    assert_eq!(facts.looked_at.files, 2);
}

#[test]
fn no_link_leads_out_of_the_root() {
    let outside = TempDir::new().unwrap();
    put(outside.path(), "home/app/keys", pair());
    let root = system();
    let home = root.path().join("home/app");
    std::fs::create_dir_all(home.join(".aws")).unwrap();
    symlink(outside.path(), root.path().join("opt")).unwrap();
    symlink(
        outside.path().join("home/app/keys"),
        home.join(".aws/credentials"),
    )
    .unwrap();
    symlink(
        "../../../../../../../../etc/hostname",
        home.join(".aws/config"),
    )
    .unwrap();
    symlink(outside.path().join("home/app"), home.join("linked")).unwrap();
    let (facts, _) = look(&root);

    assert_eq!(facts.sightings, []);
}

#[test]
fn a_linked_credentials_file_is_read_once_where_it_lies() {
    let root = system();
    put(root.path(), "srv/shared/credentials", pair());
    std::fs::create_dir_all(root.path().join("home/app/.aws")).unwrap();
    symlink(
        "/srv/shared/credentials",
        root.path().join("home/app/.aws/credentials"),
    )
    .unwrap();
    let (facts, missing) = look(&root);

    assert_eq!(paths(&facts), ["/home/app/.aws/credentials"]);
    assert_eq!(missing, []);
}

#[test]
fn traps_are_passed_and_what_is_not_read_is_told() {
    let root = system();
    let opt = root.path().join("opt");
    std::fs::create_dir_all(&opt).unwrap();
    symlink("loop", opt.join("loop")).unwrap();
    symlink(".", opt.join("self")).unwrap();
    mknodat(CWD, opt.join("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(opt.join("socket")).unwrap();
    let huge = std::fs::File::create(opt.join("huge")).unwrap();
    huge.set_len(10 << 30).unwrap();
    put(
        root.path(),
        "opt/binary",
        (0..=255_u8).cycle().take(100_000).collect::<Vec<_>>(),
    );
    put(root.path(), "opt/keys", pair());
    std::fs::create_dir_all(root.path().join("root/.aws")).unwrap();
    symlink("credentials", root.path().join("root/.aws/credentials")).unwrap();
    let closed = root.path().join("srv/closed");
    std::fs::create_dir_all(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
    let (facts, missing) = look(&root);

    assert_eq!(paths(&facts), ["/opt/keys"]);
    let told: Vec<(&str, &str)> = missing
        .iter()
        .map(|it| (it.what.as_str(), it.why.as_str()))
        .collect();
    let mut expected = vec![
        (
            "/opt/huge",
            "only the first 16 MiB of 10737418240 bytes were read",
        ),
        ("/opt/loop", "links go round in circles"),
        ("/opt/pipe", "a pipe, which is not opened"),
        ("/opt/socket", "a socket, which is not opened"),
        ("/root/.aws/credentials", "links go round in circles"),
    ];
    // To the superuser no folder is closed.
    if !rustix::process::geteuid().is_root() {
        expected.push(("/srv/closed", "permission denied"));
    }
    assert_eq!(told, expected);
    assert_eq!(
        facts.looked_at.missed,
        u64::try_from(missing.len()).unwrap()
    );
    drop(socket);
}

/// A key of its own, whose characters count.
fn numbered(number: usize) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut id = String::from(ID);
    for place in 0..4 {
        let letter = char::from(LETTERS[number >> (5 * place) & 31]);
        id.replace_range(16 + place..17 + place, letter.encode_utf8(&mut [0; 4]));
    }
    id
}

#[test]
fn more_keys_than_are_listed_are_counted_and_those_with_a_secret_come_first() {
    let root = system();
    let files = 6;
    for file in 0..files {
        let ids = (0..2_000).map(|line| numbered(file * 2_000 + line) + "\n");
        put(root.path(), &format!("opt/{file}"), ids.collect::<String>());
    }
    put(root.path(), "opt/last", pair());
    let (facts, missing) = look(&root);

    assert_eq!(facts.sightings.len(), 10_000);
    assert!(facts.sightings.iter().any(|it| it.path == "/opt/last"));
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(missing[0].what, "more keys");
    assert!(
        missing[0].why.starts_with("2001 are not listed"),
        "{missing:?}"
    );
    let (again, _) = look(&root);
    assert_eq!(paths(&again), paths(&facts));
}

#[test]
fn a_small_file_that_opens_to_a_large_text_is_opened_all_the_same() {
    let root = system();
    let mut text = "just words\n".repeat(500_000);
    text += &pair();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, text.as_bytes()).unwrap();
    put(root.path(), "opt/log.gz", packed.finish().unwrap());
    let (facts, missing) = look(&root);

    assert_eq!(missing, []);
    assert_eq!(facts.looked_at.files, 2);
    let lines: Vec<_> = facts.sightings.iter().map(|it| it.key.inner_line).collect();
    assert_eq!(lines, [Some(500_001)]);
}

#[test]
fn more_places_than_are_listed_are_counted() {
    let root = system();
    for number in 0..1_500 {
        let path = root.path().join(format!("opt/{number}"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        mknodat(CWD, path, FileType::Fifo, Mode::RUSR, 0).unwrap();
    }
    let (facts, missing) = look(&root);

    assert_eq!(missing.len(), 1_001);
    assert_eq!(facts.looked_at.missed, 1_501);
    assert!(missing[1_000].why.contains("500"), "{missing:?}");
}

#[test]
fn nothing_is_written_or_touched() {
    let root = system();
    put(root.path(), "opt/app/keys", pair());
    let file = root.path().join("opt/app/keys");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    let times = std::fs::FileTimes::new()
        .set_accessed(long_ago)
        .set_modified(long_ago);
    std::fs::File::options()
        .write(true)
        .open(&file)
        .unwrap()
        .set_times(times)
        .unwrap();
    let (facts, _) = look(&root);

    assert_eq!(facts.sightings.len(), 1);
    let after = std::fs::metadata(&file).unwrap();
    assert_eq!(
        (after.accessed().unwrap(), after.modified().unwrap()),
        (long_ago, long_ago)
    );
}

#[test]
fn names_that_are_no_text_are_no_trouble() {
    let root = system();
    let folder = root
        .path()
        .join("opt")
        .join(std::ffi::OsStr::from_bytes(b"\xff\x1b[2J"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("keys"), pair()).unwrap();
    let (facts, _) = look(&root);

    assert_eq!(paths(&facts), ["/opt/\u{fffd}\u{fffd}[2J/keys"]);
}

#[test]
fn many_folders_need_few_open_files() {
    let root = TempDir::new().unwrap();
    for number in 0..3_000 {
        std::fs::create_dir(root.path().join(format!("{number}"))).unwrap();
    }
    put(root.path(), "1/2/3/4/5/keys", pair());
    let (facts, missing) = look(&root);

    assert_eq!((facts.sightings.len(), missing), (1, Vec::new()));
}

#[test]
fn an_instance_is_known_and_who_reaches_its_metadata() {
    let root = system();
    put(root.path(), "opt/x", "");
    assert_eq!(look(&root).0.reach, None);
    put(
        root.path(),
        "var/lib/cloud/data/instance-id",
        "i-0123456789abcdef0\n",
    );
    let (facts, _) = look(&root);
    assert_eq!(facts.instance_id.as_deref(), Some("i-0123456789abcdef0"));
    assert_eq!(facts.reach, Some(Reach::Everybody));
    let rule = "-A OUTPUT -d 169.254.169.254 -m owner ! --uid-owner app -j DROP\n";
    put(root.path(), "etc/iptables/rules.v4", rule);
    let guarded = look(&root).0.reach;
    assert!(matches!(guarded, Some(Reach::Guarded(guards)) if guards.len() == 1));
}

/// Who uses which key of a system whose unit `web` of user `app` has this file as its environment.
fn used(environment: &str) -> Vec<(String, String)> {
    let root = system();
    let ini = |profile: &str| {
        format!("[{profile}]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n")
    };
    put(root.path(), "home/app/.aws/credentials", ini("keys"));
    put(root.path(), "srv/web/credentials", ini("default"));
    put(
        root.path(),
        "etc/systemd/system/web.service",
        "[Service]\nUser=app\nEnvironmentFile=-/var/lib/web/%p.env\n",
    );
    put(root.path(), "var/lib/web/web.env", environment);
    let (facts, missing) = look(&root);
    assert_eq!(missing, []);
    let facts = audit::Facts {
        host: Some(facts),
        ..audit::Facts::default()
    };
    let found = audit::judge(&facts, jiff::Timestamp::UNIX_EPOCH).findings;
    let found = found.iter().filter(|it| it.rule.code == "RC-HOST-002");
    let told = found.map(|it| {
        let by = it.decided.as_ref().unwrap();
        (it.subject.id.clone(), format!("{} at {}", by.layer, by.by))
    });
    told.collect()
}

#[test]
fn what_a_units_environment_file_asks_for_counts_wherever_it_lies() {
    let web = |by: &str| vec![("service web.service".to_owned(), by.to_owned())];
    assert_eq!(used("LANG=C\n"), []);
    assert_eq!(
        used("AWS_PROFILE=keys\n"),
        web("profile `keys` of the shared files at /home/app/.aws/credentials:2")
    );
    let keys = format!("AWS_ACCESS_KEY_ID={ID}\nAWS_SECRET_ACCESS_KEY={SECRET}\n");
    assert_eq!(
        used(&keys),
        web("the environment at /var/lib/web/web.env:1")
    );
    let moved = "AWS_SHARED_CREDENTIALS_FILE=/srv/web/credentials\n";
    let of_moved = "profile `default` of the shared files at /srv/web/credentials:2";
    assert_eq!(used(moved), web(of_moved));
    // In that file there is no such profile, and the one in the home is not read.
    assert_eq!(used(&format!("{moved}AWS_PROFILE=keys\n")), []);
    assert_eq!(
        used("AWS_SHARED_CREDENTIALS_FILE=/gone\nAWS_PROFILE=keys\n"),
        []
    );
}

#[test]
fn an_environment_file_that_cannot_be_followed_is_told() {
    let root = system();
    let unit = "[Service]\nEnvironmentFile=/srv/env/*.env\nEnvironmentFile=-/srv/gone\n";
    put(root.path(), "etc/systemd/system/web.service", unit);
    put(
        root.path(),
        "etc/systemd/system/web@.service",
        unit.replace("env/*", "%i"),
    );
    let (_, missing) = look(&root);
    let what: Vec<&str> = missing.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(what, ["/srv/env/*.env"]);
}

#[test]
fn a_root_that_is_not_there_is_a_mistake() {
    let failure = collect(Path::new("/no/such/folder"), b"key").unwrap_err();
    assert!(
        failure.message.contains("`/no/such/folder`"),
        "{}",
        failure.message
    );
}
