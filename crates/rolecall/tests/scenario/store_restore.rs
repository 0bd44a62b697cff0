//! Copies, and an account that is lost: what an export holds is one moment of the account, it is
//! restored whole or not at all, and servers go on with an older copy when they are told to.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::etcd::Etcd;
use crate::kept::{CANARY, Kept, WAIT_MAX, created};
use crate::wait::until;

/// Makes secrets one after the other until it is told to stop, and meanwhile does something else.
/// Tells how many were answered before that.
fn under_load<T>(kept: &Kept, act: impl FnOnce(&AtomicUsize) -> T) -> T {
    let (answered, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let client = kept.client();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                let next = created(&format!("s-{}", answered.load(Ordering::SeqCst)), "");
                let answer = client.ask("secretsmanager", "CreateSecret", &next, &[]);
                let (status, body) = runtime.block_on(answer).unwrap();
                assert_eq!(status, 200, "{body}");
                answered.fetch_add(1, Ordering::SeqCst);
            }
        });
        let done = act(&answered);
        is_over.store(true, Ordering::SeqCst);
        done
    })
}

fn at_least(answered: &AtomicUsize, count: usize) -> usize {
    until("writes", WAIT_MAX, || {
        let answered = answered.load(Ordering::SeqCst);
        (answered >= count).then_some(answered)
    })
}

/// What is there is what was written up to one moment, and as much as was answered before.
fn check_prefix(kept: &Kept, answered_before: usize) {
    let mut count = 0;
    while kept.value(&format!("s-{count}")).is_some() {
        count += 1;
    }
    assert!(count >= answered_before, "{count} of {answered_before}");
    for later in 1..50 {
        assert_eq!(kept.value(&format!("s-{}", count + later)), None);
    }
}

#[test]
fn a_copy_that_is_made_under_load_is_one_moment_in_either_engine() {
    let etcd = Etcd::start(1);
    let cluster = format!("--root-key-file root.key --etcd {}", etcd.endpoints()[0]);
    let file = "--root-key-file root.key".to_owned();
    for (flags, place) in [(&file, "file"), (&cluster, "cluster")] {
        let mut kept = Kept::init_with(flags);
        kept.serve("--export-dir exports --export-every 1s", &[]);
        let (before, export) = under_load(&kept, |answered| {
            let before = at_least(answered, 30);
            if place == "cluster" {
                kept.account("backup -o export").ok();
                return (before, kept.path("export"));
            }
            // The server itself makes them.
            let count = || std::fs::read_dir(kept.path("exports")).unwrap().count();
            let begun = count();
            until("two exports", WAIT_MAX, || {
                (count() >= begun + 2).then_some(())
            });
            let exports = std::fs::read_dir(kept.path("exports")).unwrap();
            let whole = exports.map(|it| it.unwrap().path());
            (
                before,
                whole.filter(|it| it.extension().is_some()).max().unwrap(),
            )
        });
        kept.kill();
        let export = export.display();
        for (flags, to) in [
            (file.clone(), "one".to_owned()),
            (
                format!("{cluster} --etcd-prefix /of-{place}"),
                "two".to_owned(),
            ),
        ] {
            kept.change_flags(&flags);
            kept.data = to;
            kept.account(&format!("restore --from {export}")).ok();
            kept.account("doctor").ok();
            kept.serve("", &[]);
            check_prefix(&kept, before);
            assert_eq!(kept.create("after").0, 200);
            kept.kill();
        }
        assert!(!kept.log().contains(CANARY));
    }
}

#[test]
fn a_copy_that_is_cut_short_or_changed_is_refused_and_leaves_nothing() {
    let etcd = Etcd::start(1);
    let cluster = format!("--root-key-file root.key --etcd {}", etcd.endpoints()[0]);
    let mut kept = Kept::init_with("--root-key-file root.key");
    kept.serve("", &[]);
    for number in 0..4 {
        assert_eq!(kept.create(&format!("s-{number}")).0, 200);
    }
    kept.stop();
    kept.account("backup -o export").ok();
    let whole = std::fs::read(kept.path("export")).unwrap();
    let cut = |at: usize| whole[..at].to_vec();
    let changed = |at: usize| {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        changed
    };
    let end = whole.len();
    let mut spoilt = vec![Vec::new(), cut(end - 1), changed(end - 1)];
    for sixth in 1..6 {
        spoilt.extend([cut(end * sixth / 6), changed(end * sixth / 6)]);
    }
    spoilt.push([&whole[..], b"more"].concat());
    let home = kept.data.clone();
    for (number, bytes) in spoilt.iter().enumerate() {
        std::fs::write(kept.path("spoilt"), bytes).unwrap();
        for flags in ["--root-key-file root.key", &cluster] {
            kept.change_flags(flags);
            kept.data = format!("to-{number}");
            let refused = kept.account("restore --from spoilt");
            refused.fails_with(&["error: ", "hint: "]);
            assert!(!kept.path(&kept.data).join("rolecall.redb").exists());
        }
    }
    // Nothing was begun, in the cluster neither: the whole one goes where the others did not.
    kept.account("restore --from export").ok();
    kept.account("doctor").ok();
    kept.change_flags("--root-key-file root.key");
    kept.data = "to-0".to_owned();
    kept.account("restore --from export").ok();

    // A store with an error of the disk in it is found out, and its copy is the way back.
    let database = kept.path("data/rolecall.redb");
    let mut bytes = std::fs::read(&database).unwrap();
    for place in (4_096..bytes.len()).step_by(512) {
        bytes[place] ^= 0x10;
    }
    std::fs::write(&database, bytes).unwrap();
    kept.data = home;
    let refused = kept.account("doctor");
    assert_eq!(refused.code, Some(3), "{refused:?}");
    refused.fails_with(&["is damaged", "rolecall account restore"]);
    kept.data = "to-0".to_owned();
    kept.serve("", &[]);
    assert!(kept.value("s-3").is_some());
    kept.change_flags("");
    kept.finish("root.key");
}

#[test]
fn a_lost_cluster_is_made_anew_from_its_last_copy() {
    let lost = Etcd::start(1);
    let flags = |etcd: &Etcd| format!("--root-key-file root.key --etcd {}", etcd.endpoints()[0]);
    let mut kept = Kept::init_with(&flags(&lost));
    kept.serve("", &[]);
    assert_eq!(kept.create("before").0, 200);
    kept.account("backup -o export").ok();
    assert_eq!(kept.create("after").0, 200);

    // No member comes back. As `docs/cluster.md` says:
    drop(lost);
    kept.kill();
    let again = Etcd::start(1);
    kept.change_flags(&flags(&again));
    let own = std::mem::replace(&mut kept.data, "restoring".to_owned());
    kept.account("restore --from export").ok();
    kept.data = own;
    assert!(kept.try_serve("", &[]), "an older copy is served");
    let log = kept.log();
    assert!(log.contains("is an older copy"), "{log}");
    assert!(log.contains("--accept-rollback"), "{log}");
    kept.serve("--accept-rollback", &[]);
    assert!(kept.value("before").is_some());
    assert_eq!(kept.value("after"), None);
    assert_eq!(kept.create("after").0, 200);
    // Once is enough, and what was written since is there.
    kept.kill();
    kept.serve("", &[]);
    assert!(kept.value("after").is_some());
    kept.stop();
    kept.account("doctor").ok();
    kept.account("trail --verify").ok();
}

#[test]
fn an_older_file_is_served_when_that_is_accepted() {
    let mut kept = Kept::init_with("--root-key-file root.key");
    kept.serve("", &[]);
    assert_eq!(kept.create("before").0, 200);
    kept.stop();
    let database = kept.path("data/rolecall.redb");
    let older = std::fs::read(&database).unwrap();
    kept.serve("", &[]);
    assert_eq!(kept.create("after").0, 200);
    kept.stop();
    std::fs::write(&database, &older).unwrap();
    assert!(kept.try_serve("", &[]), "an older copy is served");
    assert!(kept.log().contains("is an older copy"), "{}", kept.log());
    kept.serve("--accept-rollback", &[]);
    assert!(kept.value("before").is_some());
    assert_eq!(kept.value("after"), None);
    kept.kill();
    kept.serve("", &[]);
    assert!(kept.value("before").is_some());
    kept.change_flags("");
    kept.finish("root.key");
}
