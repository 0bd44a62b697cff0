//! Which program runs: also one that was deleted, replaced, or mounted over.
//!
//! Looks at processes by number; sockets play no part.

use std::path::Path;
use std::process::Command;

use super::super::held::{Held, Pace};
use super::children::{Peer, is_root};

fn shell(folder: &Path) -> String {
    let path = folder.join("program");
    std::fs::copy("/bin/sh", &path).unwrap();
    path.to_str().unwrap().to_owned()
}

fn waits(command: &mut Command) -> Peer {
    let mut peer = Peer::start(command);
    assert_eq!(peer.line(), "ready");
    peer
}

fn exe(peer: &Peer) -> Option<String> {
    Held::of_number(peer.pid())
        .unwrap()
        .facts(Pace::Patient)
        .unwrap()
        .exe
}

#[test]
fn a_program_that_was_deleted_or_replaced_has_no_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = shell(folder.path());
    let peer = waits(Command::new(&path).args(["-c", "echo ready; read x"]));
    assert_eq!(exe(&peer), Some(path.clone()));

    std::fs::remove_file(&path).unwrap();
    assert_eq!(exe(&peer), None);
    shell(folder.path());
    assert_eq!(exe(&peer), None);
    // As the kernel names the old one.
    std::fs::copy("/bin/sh", format!("{path} (deleted)")).unwrap();
    assert_eq!(exe(&peer), None);
}

#[test]
fn a_program_that_another_took_the_place_of_has_the_new_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = shell(folder.path());
    let script = format!("echo ready; read x; exec {path} -c 'echo again; read x'");
    let mut peer = waits(Command::new("sh").args(["-c", &script]));
    assert_ne!(exe(&peer), Some(path.clone()));

    peer.step();
    assert_eq!(peer.line(), "again");
    assert_eq!(exe(&peer), Some(path));
}

#[test]
fn a_program_mounted_over_a_trusted_one_is_not_it() {
    if !is_root() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = shell(folder.path());
    let trusted = folder.path().join("trusted");
    std::fs::copy("/bin/sh", &trusted).unwrap();
    let trusted = trusted.to_str().unwrap().to_owned();
    let script = format!(
        "mount --bind {path} {trusted} && exec {trusted} -c 'echo ready; readlink /proc/$$/exe; \
         read x'"
    );
    let mut peer = waits(Command::new("unshare").args(["-m", "sh", "-c", &script]));

    assert_eq!(peer.line(), trusted);
    assert_eq!(exe(&peer), None);
}

#[test]
fn a_process_that_ended_is_not_there() {
    let mut peer = waits(Command::new("sh").args(["-c", "echo ready; read x"]));
    let held = [
        Held::of_number(peer.pid()).unwrap(),
        Held::without_pidfd(peer.pid()).unwrap(),
    ];
    assert!(
        held.iter()
            .all(|held| held.lives() && held.facts(Pace::Patient).is_ok())
    );

    peer.end();
    assert!(
        held.iter()
            .all(|held| !held.lives() && held.facts(Pace::Patient).is_err())
    );
    assert!(Held::of_number(peer.pid()).is_none());
    assert!(Held::without_pidfd(peer.pid()).is_none());
    assert!(Held::of_number(0).is_none() && Held::of_number(u32::MAX).is_none());
}
