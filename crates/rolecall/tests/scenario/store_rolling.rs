//! Servers of a cluster are exchanged one after the other, as for an upgrade: every call is
//! answered by one of them, and none of what was answered is lost.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use protocol::Record;

use crate::cluster::Cluster;
use crate::crash_client::Client;
use crate::kept::{CANARY, WAIT_MAX, created, secret};
use crate::wait::until;

const SERVERS: usize = 2;

/// Calls as a load balancer passes them on: to the next server where one does not take it.
async fn answered(servers: &[Client], first: usize, name: &str, input: &Record) -> String {
    for turn in 0..SERVERS {
        let server = &servers[(first + turn) % SERVERS];
        if let Some((200, body)) = server.ask("secretsmanager", name, input, &[]).await {
            return body;
        }
    }
    panic!("{name} was answered by none");
}

#[test]
fn servers_are_exchanged_while_every_call_is_answered() {
    let mut cluster = Cluster::start(1, SERVERS);
    let clients = || {
        (0..SERVERS)
            .map(|at| cluster.client(at))
            .collect::<Vec<_>>()
    };
    let (setting_up, writing, reading) = (clients(), clients(), clients());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(answered(&setting_up, 0, "CreateSecret", &created("s", "")));
    let (is_over, calls) = (AtomicBool::new(false), AtomicU64::new(0));
    let put = |number: u64| {
        Record::new()
            .with("SecretId", "s")
            .with("SecretString", secret(format!("{CANARY} {number}")))
            .with("ClientRequestToken", format!("{number:0>32}"))
    };
    std::thread::scope(|scope| {
        let write = scope.spawn(|| {
            let mut number = 0;
            while !is_over.load(Ordering::SeqCst) {
                let first = usize::try_from(number).unwrap() % SERVERS;
                let next = put(number);
                let done = answered(&writing, first, "PutSecretValue", &next);
                runtime.block_on(done);
                calls.fetch_add(1, Ordering::SeqCst);
                number += 1;
            }
            number - 1
        });
        let read = scope.spawn(|| {
            let mut first = 0;
            while !is_over.load(Ordering::SeqCst) {
                let get = Record::new().with("SecretId", "s");
                let done = answered(&reading, first, "GetSecretValue", &get);
                assert!(runtime.block_on(done).contains(CANARY));
                first = (first + 1) % SERVERS;
            }
        });
        for at in (0..SERVERS).chain(0..SERVERS) {
            let before = calls.load(Ordering::SeqCst);
            cluster.stop(at);
            cluster.serve(at);
            until("readiness", WAIT_MAX, || cluster.is_ready(at).then_some(()));
            until("calls in between", WAIT_MAX, || {
                (calls.load(Ordering::SeqCst) > before + 5).then_some(())
            });
        }
        is_over.store(true, Ordering::SeqCst);
        read.join().unwrap();
        let last = write.join().unwrap();
        let get = Record::new().with("SecretId", "s");
        for at in 0..SERVERS {
            let newest = [("x-rolecall-read-newest", "1")];
            let ask = cluster.client(at);
            let answer = ask.ask("secretsmanager", "GetSecretValue", &get, &newest);
            let (_, body) = runtime.block_on(answer).unwrap();
            assert!(body.contains(&format!("{CANARY} {last}\"")), "{at}: {body}");
        }
    });
    cluster.finish(&[CANARY]);
}
