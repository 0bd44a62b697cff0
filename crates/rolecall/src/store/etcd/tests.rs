//! What goes wrong between a server and its cluster: answers that are lost, members that end or
//! stand still, history that is not kept, callers that are not known.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustix::process::{Pid, Signal, kill_process};

use super::*;
use crate::store::engine::News;
use crate::store::engine_tests::process;
use crate::store::engine_tests::{SOON, all, commit, last, put as record};

fn cluster(endpoints: Vec<String>) -> Cluster {
    Cluster {
        endpoints,
        prefix: "/test".to_owned(),
        ..Cluster::default()
    }
}

fn engine(endpoints: Vec<String>) -> Etcd {
    Etcd::new(&cluster(endpoints)).unwrap()
}

/// Passes bytes on, and cuts connections when it is told to.
struct Proxy {
    address: String,
    is_deaf: Arc<AtomicBool>,
    cuts_after: Arc<AtomicUsize>,
}

impl Proxy {
    /// In front of a member.
    fn start(endpoint: &str) -> Self {
        let to = endpoint.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let is_deaf = Arc::new(AtomicBool::new(false));
        let cuts_after = Arc::new(AtomicUsize::new(usize::MAX));
        let (deaf, cuts) = (Arc::clone(&is_deaf), Arc::clone(&cuts_after));
        std::thread::spawn(move || {
            for from in listener.incoming() {
                let (from, to) = (from.unwrap(), TcpStream::connect(&to).unwrap());
                let pairs = [
                    (from.try_clone().unwrap(), to.try_clone().unwrap(), None),
                    (to, from, Some((Arc::clone(&deaf), Arc::clone(&cuts)))),
                ];
                for (from, to, faults) in pairs {
                    std::thread::spawn(move || pass(from, to, faults.as_ref()));
                }
            }
        });
        Self {
            address,
            is_deaf,
            cuts_after,
        }
    }
}

fn pass(
    mut from: TcpStream,
    mut to: TcpStream,
    faults: Option<&(Arc<AtomicBool>, Arc<AtomicUsize>)>,
) {
    let mut bytes = [0; 16 * 1_024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if let Some((is_deaf, cuts_after)) = faults {
            if is_deaf.load(Ordering::SeqCst) {
                continue;
            }
            let left = cuts_after.load(Ordering::SeqCst);
            if left != usize::MAX {
                if left < count {
                    cuts_after.store(usize::MAX, Ordering::SeqCst);
                    break;
                }
                cuts_after.store(left - count, Ordering::SeqCst);
            }
        }
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _gone = from.shutdown(Shutdown::Both);
    let _gone = to.shutdown(Shutdown::Both);
}

#[test]
fn a_commit_whose_answer_is_lost_is_there_once() {
    let etcd = process::Etcd::start(1);
    let proxy = Proxy::start(&etcd.endpoints()[0]);
    let near = engine(vec![proxy.address.clone()]);
    let far = engine(etcd.endpoints());
    let mut on = last(&near);
    for round in 0..60_usize {
        // The cut comes before the answer, within it, or after it.
        proxy.cuts_after.store(round * 3, Ordering::SeqCst);
        let summary = format!("summary {round}");
        let made = commit(
            &near,
            on,
            &[record(&format!("{round:03}"), b"1")],
            summary.as_bytes(),
        );
        let made = made.unwrap();
        assert_eq!(last(&far), made, "round {round}");
        assert_eq!(all(&far).len(), round + 1);
        on = made;
    }
}

#[test]
fn a_commit_that_others_followed_before_its_answer_came_is_found() {
    let etcd = process::Etcd::start(1);
    let far = engine(etcd.endpoints());
    let first = commit(&far, last(&far), &[], b"first").unwrap();
    let mine = commit(&far, first, &[record("a", b"1")], b"mine").unwrap();
    let mut on = mine;
    for number in 0..20 {
        on = commit(&far, on, &[], format!("other {number}").as_bytes()).unwrap();
    }
    assert_eq!(far.find(first, b"mine").unwrap(), mine);
    let not_there = far.find(first, b"never");
    assert!(
        matches!(not_there, Err(CommitError::Conflict)),
        "{not_there:?}"
    );
    compact(&far, on);
    let unclear = far.find(first, b"never");
    assert!(
        matches!(unclear, Err(CommitError::Unclear(_))),
        "{unclear:?}"
    );
}

#[test]
fn of_two_writers_each_commit_counts() {
    let etcd = process::Etcd::start(1);
    let count = || {
        let engine = engine(etcd.endpoints());
        for _ in 0..100 {
            loop {
                let view = engine.view().unwrap();
                let (on, mut number) = (view.revision(), 0_u64);
                let mut read = |_: &str, bytes: &[u8]| {
                    number = u64::from_be_bytes(bytes.try_into().unwrap());
                    Ok(())
                };
                view.each(&mut read).unwrap();
                let next = record("n", &(number + 1).to_be_bytes());
                let random = crate::clock::random::<16>().unwrap();
                match commit(&engine, on, &[next], &random) {
                    Ok(_) => break,
                    Err(CommitError::Conflict) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(count);
        }
    });
    let found = all(&engine(etcd.endpoints()));
    assert_eq!(found[0].1, 300_u64.to_be_bytes());
}

#[test]
fn a_member_that_ends_or_stands_still_is_not_waited_for() {
    let mut etcd = process::Etcd::start(3);
    let engine = engine(etcd.endpoints());
    let first = commit(&engine, last(&engine), &[record("a", b"1")], b"1").unwrap();
    let mut watch = engine.watch(first).unwrap();

    // Each of them is the one that is asked now, wherever the turn is.
    let mut on = first;
    for member in 0..3 {
        let process = Pid::from_raw(etcd.pid(member).try_into().unwrap()).unwrap();
        kill_process(process, Signal::STOP).unwrap();
        let key = format!("stopped {member}");
        let made = commit(&engine, on, &[record(&key, b"1")], key.as_bytes());
        kill_process(process, Signal::CONT).unwrap();
        on = made.unwrap();

        etcd.kill(member);
        let key = format!("killed {member}");
        on = commit(&engine, on, &[record(&key, b"1")], key.as_bytes()).unwrap();
        etcd.start_again(member);
        etcd.wait(member);
    }
    let mut told = BTreeMap::new();
    while let Some(News::Committed(committed)) = watch.next(SOON) {
        let is_last = committed.revision == on;
        told.insert(committed.revision, committed.records);
        if is_last {
            break;
        }
    }
    assert_eq!(told.len(), 6, "{told:?}");
}

#[test]
fn a_connection_that_says_nothing_is_given_up() {
    let etcd = process::Etcd::start(1);
    let (deaf, good) = (Proxy::start(&etcd.endpoints()[0]), &etcd.endpoints()[0]);
    deaf.is_deaf.store(true, Ordering::SeqCst);
    let engine = engine(vec![deaf.address.clone(), good.clone()]);
    let made = commit(&engine, Revision::default(), &[record("a", b"1")], b"s").unwrap();
    assert_eq!(last(&engine), made);

    let alone = self::engine(vec![deaf.address]);
    let silent = alone.revision(Duration::from_millis(100));
    assert!(
        matches!(silent, Err(CommitError::Unavailable(_))),
        "{silent:?}"
    );
}

#[test]
fn a_watch_that_was_away_too_long_says_so() {
    let etcd = process::Etcd::start(1);
    let engine = engine(etcd.endpoints());
    let first = commit(&engine, last(&engine), &[], b"1").unwrap();
    let second = commit(&engine, first, &[], b"2").unwrap();
    let third = commit(&engine, second, &[], b"3").unwrap();
    compact(&engine, third);
    assert_eq!(engine.watch(first).unwrap().next(SOON), Some(News::Gap));
    let mut watch = engine.watch(third).unwrap();
    let fourth = commit(&engine, third, &[], b"4").unwrap();
    let Some(News::Committed(told)) = watch.next(SOON) else {
        panic!("nothing is told");
    };
    assert_eq!(told.revision, fourth);
}

#[test]
fn a_watch_goes_on_after_its_connection_broke() {
    let etcd = process::Etcd::start(1);
    let proxy = Proxy::start(&etcd.endpoints()[0]);
    let near = engine(vec![proxy.address.clone()]);
    let far = engine(etcd.endpoints());
    let mut on = commit(&far, last(&far), &[], b"0").unwrap();
    let mut watch = near.watch(on).unwrap();
    for round in 0..20_usize {
        proxy.cuts_after.store(round * 7, Ordering::SeqCst);
        let summary = format!("{round}");
        on = commit(
            &far,
            on,
            &[record("k", summary.as_bytes())],
            summary.as_bytes(),
        )
        .unwrap();
        let Some(News::Committed(told)) = watch.next(SOON) else {
            panic!("round {round}: nothing is told");
        };
        assert_eq!(told.revision, on);
        assert_eq!(told.records, [record("k", summary.as_bytes())]);
    }
}

#[test]
fn one_at_a_time_holds_a_key_until_it_is_silent() {
    let etcd = process::Etcd::start(1);
    let (near, far) = (engine(etcd.endpoints()), engine(etcd.endpoints()));
    let first = commit(&near, last(&near), &[], b"1").unwrap();
    let mut watch = far.watch(first).unwrap();
    let (mut one, mut other) = (near.hold("test").unwrap(), far.hold("test").unwrap());
    for _ in 0..2 {
        assert!(one.hold().unwrap());
        assert!(!other.hold().unwrap());
    }
    assert!(far.hold("another").unwrap().hold().unwrap());
    one.give_up();
    assert!(other.hold().unwrap());
    assert!(!one.hold().unwrap());

    // One that ends without a word has it for as long as it may be silent, and no longer.
    drop(other);
    let begun = Instant::now();
    while !one.hold().unwrap() {
        assert!(begun.elapsed() < 6 * one.silence(), "nobody gets it");
        std::thread::park_timeout(AGAIN_AFTER);
    }
    // None of this is a commit.
    let second = commit(&near, first, &[], b"2").unwrap();
    let Some(News::Committed(told)) = watch.next(SOON) else {
        panic!("nothing is told");
    };
    assert_eq!((told.revision, told.beside.len()), (second, 1));
}

#[test]
fn what_is_more_than_a_transaction_takes_is_refused_whole() {
    let etcd = process::Etcd::start(1);
    let engine = engine(etcd.endpoints());
    let on = last(&engine);
    let many: Vec<_> = (0..128).map(|it| record(&it.to_string(), b"1")).collect();
    let refused = commit(&engine, on, &many, b"s");
    assert!(matches!(refused, Err(CommitError::TooLarge)), "{refused:?}");
    let large = vec![0; 1_500_000];
    let refused = commit(&engine, on, &[record("a", &large)], b"s");
    assert!(matches!(refused, Err(CommitError::TooLarge)), "{refused:?}");
    assert!(engine.is_empty().unwrap());
    commit(&engine, on, &many[..127], b"s").unwrap();
}

#[test]
fn what_comes_before_the_first_commit_can_be_taken_away_until_then() {
    let etcd = process::Etcd::start(1);
    let engine = engine(etcd.endpoints());
    engine
        .put_before_first(&[("a", b"1"), ("b", b"2")])
        .unwrap();
    assert!(!engine.is_empty().unwrap());
    engine.clear_before_first().unwrap();
    assert!(engine.is_empty().unwrap());
    engine.put_before_first(&[("c", b"3")]).unwrap();
    commit(&engine, Revision::default(), &[], b"s").unwrap();
    assert!(matches!(
        engine.clear_before_first(),
        Err(CommitError::Conflict)
    ));
    let refused = engine.put_before_first(&[("d", b"4")]);
    assert!(matches!(refused, Err(CommitError::Conflict)));
    assert_eq!(all(&engine), [("c".to_owned(), b"3".to_vec())]);
}

/// Has etcd forget what was before a revision.
fn compact(engine: &Etcd, at: Revision) {
    #[derive(Clone, PartialEq, prost::Message)]
    struct Compaction {
        #[prost(int64, tag = "1")]
        revision: i64,
    }
    let revision = i64::try_from(at.0).unwrap();
    let done: Result<Nothing, Status> =
        engine
            .client
            .ask("/etcdserverpb.KV/Compact", Compaction { revision }, SOON);
    done.unwrap();
}

#[derive(Clone, PartialEq, prost::Message)]
struct Nothing {}

#[derive(Clone, PartialEq, prost::Message)]
struct Texts {
    #[prost(string, tag = "1")]
    first: String,
    #[prost(string, tag = "2")]
    second: String,
}

#[test]
fn a_cluster_that_knows_its_users_answers_them_alone() {
    let etcd = process::Etcd::start(1);
    let open = engine(etcd.endpoints());
    let tell = |method, first: &str, second: &str| {
        let texts = Texts {
            first: first.to_owned(),
            second: second.to_owned(),
        };
        let told: Result<Nothing, Status> = open.client.ask(method, texts, SOON);
        told.unwrap();
    };
    tell("/etcdserverpb.Auth/UserAdd", "root", "correct horse");
    tell("/etcdserverpb.Auth/RoleAdd", "root", "");
    tell("/etcdserverpb.Auth/UserGrantRole", "root", "root");
    let before = commit(&open, last(&open), &[], b"0").unwrap();
    tell("/etcdserverpb.Auth/AuthEnable", "", "");

    let refused = commit(&open, before, &[], b"1");
    assert!(
        matches!(refused, Err(CommitError::Unavailable(_))),
        "{refused:?}"
    );
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    let known = |text: &str| {
        std::fs::write(&password, text).unwrap();
        Etcd::new(&Cluster {
            user: Some("root".to_owned()),
            password_file: Some(password.clone()),
            ..cluster(etcd.endpoints())
        })
        .unwrap()
    };
    let wrong = known("wrong horse\n").revision(SOON);
    assert!(
        matches!(wrong, Err(CommitError::Unavailable(_))),
        "{wrong:?}"
    );
    let engine = known("correct horse\n");
    let mut watch = engine.watch(before).unwrap();
    let made = commit(&engine, before, &[record("a", b"1")], b"1").unwrap();
    let Some(News::Committed(told)) = watch.next(SOON) else {
        panic!("nothing is told");
    };
    assert_eq!(told.revision, made);

    // Tokens end with the process that gave them out.
    let mut etcd = etcd;
    etcd.kill(0);
    etcd.start_again(0);
    etcd.wait(0);
    let next = commit(&engine, made, &[], b"2").unwrap();
    let Some(News::Committed(told)) = watch.next(SOON) else {
        panic!("nothing is told");
    };
    assert_eq!(told.revision, next);
}

#[test]
fn tls_shows_each_side_to_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let authority = KeyPair::generate().unwrap();
    let mut of_authority = CertificateParams::new(Vec::new()).unwrap();
    of_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = of_authority.self_signed(&authority).unwrap();
    std::fs::write(path("ca"), ca.pem()).unwrap();
    let issuer = Issuer::new(of_authority, authority);
    for name in ["member", "client"] {
        let pair = KeyPair::generate().unwrap();
        let names = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
        let of = CertificateParams::new(names).unwrap();
        let certificate = of.signed_by(&pair, &issuer).unwrap();
        std::fs::write(path(name), certificate.pem()).unwrap();
        std::fs::write(path(&format!("{name}.key")), pair.serialize_pem()).unwrap();
    }
    let arguments = [
        ("cert-file", "member"),
        ("key-file", "member.key"),
        ("trusted-ca-file", "ca"),
    ];
    let mut arguments: Vec<String> = arguments
        .iter()
        .map(|(flag, name)| format!("--{flag}={}", path(name).display()))
        .collect();
    arguments.push("--client-cert-auth".to_owned());
    let etcd = process::Etcd::start_with(1, "https", &arguments);

    let anonymous = Cluster {
        ca: Some(path("ca")),
        ..cluster(etcd.endpoints())
    };
    let refused = Etcd::new(&anonymous).unwrap().revision(SOON);
    assert!(
        matches!(refused, Err(CommitError::Unavailable(_))),
        "{refused:?}"
    );
    let known = Cluster {
        certificate: Some(path("client")),
        key: Some(path("client.key")),
        ..anonymous.clone()
    };
    let engine = Etcd::new(&known).unwrap();
    let made = commit(&engine, Revision::default(), &[record("a", b"1")], b"s").unwrap();
    assert_eq!(last(&engine), made);

    let strange = Cluster {
        ca: Some(path("client")),
        ..known
    };
    let refused = Etcd::new(&strange).unwrap().revision(SOON);
    assert!(
        matches!(refused, Err(CommitError::Unavailable(_))),
        "{refused:?}"
    );
    let nothing_is_trusted = Cluster {
        ca: None,
        ..anonymous
    };
    let failure = Etcd::new(&nothing_is_trusted).unwrap_err();
    assert_eq!(
        failure.message,
        "nothing says which certificates of etcd are good"
    );
}

#[test]
fn what_is_no_endpoint_is_refused() {
    for endpoint in [
        "",
        "localhost:2379",
        "etcd://a:2379",
        "http://",
        "http://a b",
    ] {
        let failure = Etcd::new(&cluster(vec![endpoint.to_owned()])).unwrap_err();
        assert!(
            failure.message.contains("is no endpoint of etcd"),
            "{endpoint}: {failure:?}"
        );
    }
}
