//! HTTP as no client speaks it: every bound of the listeners, felt from outside.

use std::time::{Duration, Instant};

use crate::harness::{World, scenario};
use crate::wire::{Answer, Wire, raw};

#[test]
fn heads_have_bounds() {
    scenario(|world| {
        for listener in listeners(world) {
            let refused = |bytes: Vec<u8>, what: &str| {
                let answer = raw(&listener, bytes);
                is_refused(answer.as_ref(), &[400, 414, 431], what);
            };
            // 17 KiB are more than a head has, and less than is read of a body at once.
            for length in [17 * 1024, 1024 * 1024] {
                let long = "a".repeat(length);
                refused(
                    format!("GET /{long} HTTP/1.1\r\nHost: h\r\n\r\n").into(),
                    "a long target",
                );
                refused(
                    format!("GET / HTTP/1.1\r\nHost: h\r\nA: {long}\r\n\r\n").into(),
                    "a long header",
                );
            }
            let many = "A: b\r\n".repeat(500);
            refused(
                format!("GET / HTTP/1.1\r\nHost: h\r\n{many}\r\n").into(),
                "many headers",
            );
            refused(b"\0\x01\x02\x03\r\n\r\n".to_vec(), "no HTTP");
            refused(
                b"GET / HTTP/1.1\r\nA b: c\r\n\r\n".to_vec(),
                "a blank in a name",
            );
            refused(
                b"GET / HTTP/9.9\r\nHost: h\r\n\r\n".to_vec(),
                "another version",
            );
            refused(
                b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
                    .to_vec(),
                "two lengths",
            );
            refused(
                b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n".to_vec(),
                "a length",
            );
        }
        is_well(world);
    });
}

#[test]
fn bodies_have_bounds() {
    scenario(|world| {
        let to = world.endpoint();
        let head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-amz-json-1.1\r\n";
        // A stranger's is not read: the answer is that no key is known.
        let announced = raw(to, format!("{head}Content-Length: 1073741824\r\n\r\n"));
        is_refused(announced.as_ref(), &[400, 403], "a stranger's long body");
        // With a key that there is, it is refused before it is sent.
        let signed = format!(
            "{head}X-Amz-Date: 20260101T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 \
             Credential={}/20260101/us-east-1/sts/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature={}\r\n",
            world.ready_text("/admin/access_key_id"),
            "0".repeat(64)
        );
        let announced = raw(to, format!("{signed}Content-Length: 1073741824\r\n\r\n"));
        is_refused(announced.as_ref(), &[413], "a long body announced");
        // Sent without an announcement.
        let mut wire = Wire::connect(to);
        wire.send(format!("{signed}Transfer-Encoding: chunked\r\n\r\n"));
        let chunk = [b"10000\r\n".as_slice(), &vec![b'a'; 0x10000], b"\r\n"].concat();
        for _ in 0..256 {
            wire.send(&chunk);
        }
        let rest = wire.rest();
        let rest = String::from_utf8_lossy(&rest);
        assert!(
            rest.is_empty() || rest.starts_with("HTTP/1.1 413 "),
            "{rest}"
        );
        is_well(world);
    });
}

#[test]
fn slow_senders_are_cut() {
    scenario(|world| {
        let start = Instant::now();
        let mut wires: Vec<Wire> = listeners(world)
            .iter()
            .map(|listener| {
                let mut wire = Wire::connect(listener);
                wire.send("GET / HTTP/1.1\r\nHost: h\r\n");
                wire
            })
            .collect();
        let mut frame = Wire::connect(world.agent("tcp"));
        frame.send(&crate::wire::frame("{}")[..9]);
        for wire in &mut wires {
            let rest = wire.rest();
            let rest = String::from_utf8_lossy(&rest);
            assert!(
                rest.is_empty() || rest.starts_with("HTTP/1.1 408 "),
                "{rest}"
            );
        }
        assert_eq!(frame.rest(), b"");
        assert!(
            start.elapsed() < Duration::from_secs(11),
            "{:?}",
            start.elapsed()
        );
        is_well(world);
    });
}

#[test]
fn a_stop_waits_for_nobody() {
    scenario(|world| {
        let mut wire = Wire::connect(world.endpoint());
        wire.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n");
        let idle = Wire::connect(world.agent("tcp"));
        let start = Instant::now();
        world.stop();
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "{:?}",
            start.elapsed()
        );
        drop(idle);
        world.start();
    });
}

#[test]
fn a_stop_may_come_as_soon_as_it_is_ready() {
    scenario(|world| {
        for _ in 0..STARTS {
            world.stop();
            world.start();
        }
    });
}

fn listeners(world: &World) -> [String; 3] {
    [world.endpoint(), world.imds(), world.agent("http")].map(str::to_owned)
}

/// Refused with one of the statuses, or cut off: a peer that is still sending may see no more.
fn is_refused(answer: Option<&Answer>, statuses: &[u16], what: &str) {
    if let Some(answer) = answer {
        assert!(statuses.contains(&answer.status), "{what}: {answer:?}");
    }
}

/// After all that, the next client is answered.
fn is_well(world: &World) {
    crate::role_to_secret::sample_password(world);
}

// The moment between the ready file and the end of the start is short; one start may miss it.
const STARTS: usize = 20;
