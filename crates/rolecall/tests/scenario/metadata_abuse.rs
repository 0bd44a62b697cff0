//! The metadata service under clients that mean no good, and under very many instances.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::clients::{Admin, client, python, run, script};
use crate::harness::{World, scenario, scenario_with};
use crate::wire::{Wire, http, raw};

const TTL: &str = "X-aws-ec2-metadata-token-ttl-seconds: 60";

#[test]
fn paths_lead_nowhere_else_and_have_bounds() {
    scenario(|world| {
        let token = token(world);
        for (length, statuses) in [
            (1_000, &[404][..]),
            (4_000, &[400, 404]),
            (65_536, &[400, 414, 431]),
        ] {
            let target = format!("/latest/{}", "a".repeat(length));
            let request = format!("GET {target} HTTP/1.1\r\nHost: h\r\n{token}\r\n\r\n");
            if let Some(answer) = raw(world.imds(), request) {
                assert!(
                    statuses.contains(&answer.status),
                    "{length}: {}",
                    answer.status
                );
            }
        }
        let deep = format!("GET /latest{}", "/..".repeat(2_000));
        assert_eq!(http(world.imds(), &deep, &[&token], b"").status, 400);
        for line in ["GET http://169.254.169.254/latest/", "GET /latest/#x"] {
            let status = http(world.imds(), line, &[&token], b"").status;
            assert!([200, 400, 404].contains(&status), "{line}: {status}");
        }
        is_well(world);
    });
}

#[test]
fn floods_of_headers_are_refused() {
    scenario(|world| {
        let token = token(world);
        let many = format!("{token}\r\n").repeat(100);
        let long = format!("X-aws-ec2-metadata-token: {}\r\n", "A".repeat(60_000));
        for headers in [many, long] {
            let request = format!("GET /latest/ HTTP/1.1\r\nHost: h\r\n{headers}\r\n");
            if let Some(answer) = raw(world.imds(), request) {
                assert!([400, 431].contains(&answer.status), "{}", answer.status);
            }
        }
        is_well(world);
    });
}

#[test]
fn one_answer_a_connection_however_many_requests_come() {
    scenario(|world| {
        let get = format!(
            "GET /latest/ HTTP/1.1\r\nHost: h\r\n{}\r\n\r\n",
            token(world)
        );
        let rest = Wire::connect(world.imds()).send(get.repeat(5)).rest();
        let rest = String::from_utf8_lossy(&rest);
        assert_eq!(rest.matches("HTTP/1.1 ").count(), 1, "{rest}");
        // A body that is a request is a body.
        let put = format!("PUT /latest/api/token HTTP/1.1\r\nHost: h\r\n{TTL}\r\n");
        let smuggled = format!("{put}Content-Length: {}\r\n\r\n{get}", get.len());
        let rest = Wire::connect(world.imds()).send(smuggled).rest();
        let rest = String::from_utf8_lossy(&rest);
        assert_eq!(rest.matches("HTTP/1.1 ").count(), 1, "{rest}");
        // Half of a connection that is closed is answered, or nothing is.
        let rest = Wire::connect(world.imds())
            .send(&get)
            .close_sending()
            .rest();
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 200 "));
        assert_eq!(Wire::connect(world.imds()).close_sending().rest(), b"");
        let half = Wire::connect(world.imds())
            .send("GET /lat")
            .close_sending()
            .rest();
        assert!(half.is_empty() || half.starts_with(b"HTTP/1.1 400 "));
        is_well(world);
    });
}

#[test]
fn a_kept_connection_ends_with_a_token() {
    scenario_with(&["--imds-option", "keep-alive"], |world| {
        let get = format!(
            "GET /latest/ HTTP/1.1\r\nHost: h\r\n{}\r\n\r\n",
            token(world)
        );
        let put = format!("PUT /latest/api/token HTTP/1.1\r\nHost: h\r\n{TTL}\r\n\r\n");
        let all = [get.repeat(3), put, get].concat();
        let rest = Wire::connect(world.imds()).send(all).rest();
        let rest = String::from_utf8_lossy(&rest);
        // Three reads and a token, whose hop limit would bind what came after it.
        assert_eq!(rest.matches("HTTP/1.1 200 ").count(), 4, "{rest}");
    });
}

#[test]
fn tokens_of_elsewhere_open_nothing() {
    scenario(|world| {
        let mut elsewhere = Vec::new();
        scenario(|other| elsewhere.push(token(other)));
        let own = token(world);
        elsewhere.push(own.get(..own.len() - 4).unwrap().to_owned());
        elsewhere.push(format!("{own}A"));
        let mut admin = Admin::new(world);
        let id = world.instance_id();
        for mode in ["required", "optional"] {
            let call = "ec2 modify-instance-metadata-options --instance-id";
            admin.run(&format!("{call} {id} --http-tokens {mode}")).ok();
            for token in &elsewhere {
                let answer = http(world.imds(), "GET /latest/", &[token], b"");
                assert_eq!(answer.status, 401, "{mode}");
            }
            assert_eq!(http(world.imds(), "GET /latest/", &[&own], b"").status, 200);
        }
    });
}

#[test]
fn five_thousand_silent_connections_keep_nobody_out() {
    scenario(|world| {
        let address = world.imds().strip_prefix("http://").unwrap().to_owned();
        let mut silent = Vec::new();
        let mut slowest = Duration::ZERO;
        for number in 0..SILENT {
            silent.push(TcpStream::connect(&address).unwrap());
            if number % 250 == 0 {
                let start = Instant::now();
                is_well(world);
                slowest = slowest.max(start.elapsed());
            }
        }
        assert!(slowest < Duration::from_secs(2), "{slowest:?}");
        // Nearly all of them were cut to make room.
        for stream in &silent {
            stream.set_nonblocking(true).unwrap();
        }
        let cut = || {
            let ended = silent.iter().filter(|stream| {
                let mut stream: &TcpStream = stream;
                matches!(stream.read(&mut [0]), Ok(0))
            });
            let ended = ended.count();
            (ended >= SILENT - 512).then_some(ended)
        };
        crate::wait::until("room", Duration::from_secs(5), cut);
        // One that is left may still ask.
        let mut last = silent.pop().unwrap();
        last.set_nonblocking(false).unwrap();
        let head = format!(
            "GET /latest/ HTTP/1.1\r\nHost: h\r\n{}\r\n\r\n",
            token(world)
        );
        last.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        last.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    });
}

#[test]
fn hop_limits_bind_tokens_alone_and_ipv6_is_a_switch() {
    scenario(|world| {
        let folder = world.scratch();
        let seen = run(client("unshare", &folder)
            .args(["--user", "--map-root-user", "--net"])
            .arg(python())
            .arg(script("imds_packets.py"))
            .args([env!("CARGO_BIN_EXE_rolecall")])
            .arg(&folder));
        let seen = seen.json();
        assert_eq!(seen["v6 disabled"], 403, "{seen}");
        assert_eq!(seen["v6 disabled again"], 403, "{seen}");
        for address in ["v4", "v6"] {
            let of = |request: &str| seen[format!("{address} {request}")].clone();
            assert_eq!(of("put"), serde_json::json!([200, [3]]), "{seen}");
            assert_eq!(of("get"), serde_json::json!([200, [64]]), "{seen}");
        }
    });
}

#[test]
fn an_instance_costs_its_record_and_no_thread() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let describe = "ec2 describe-subnets --query Subnets[].SubnetId --output json";
        let subnets = admin.run(describe).json();
        let subnets: Vec<&str> = subnets
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|it| it.as_str())
            .collect();
        let status = |name: &str| {
            let path = format!("/proc/{}/status", world.pid());
            let text = std::fs::read_to_string(path).unwrap();
            let value = text
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .unwrap();
            let value = value.split_whitespace().next().unwrap();
            value.parse::<usize>().unwrap()
        };
        let (threads, resident) = (status("Threads:"), status("VmRSS:"));
        for number in 0..LAUNCHES {
            let subnet = subnets.get(number % subnets.len()).unwrap();
            admin
                .run(&format!(
                    "ec2 run-instances --image-id ami-0a1b2c3d4e5f60001 --count {LAUNCH} \
                     --subnet-id {subnet} --iam-instance-profile \
                     Name=ec2-secrets-manager-profile --query ReservationId"
                ))
                .ok();
        }
        let grown = status("VmRSS:").saturating_sub(resident);
        assert!(grown < KIB_OF_ONE_MAX * LAUNCHES * LAUNCH, "{grown} KiB");
        assert!(status("Threads:") <= threads + 1, "{threads} before");
        let count = "ec2 describe-instances --query length(Reservations[].Instances[])";
        assert_eq!(admin.run(count).ok(), (LAUNCHES * LAUNCH + 1).to_string());
        is_well(world);
    });
}

/// After all that, the next client is answered.
fn is_well(world: &World) {
    let answer = http(
        world.imds(),
        "GET /latest/meta-data/instance-id",
        &[&token(world)],
        b"",
    );
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, world.instance_id())
    );
}

/// A token's header.
fn token(world: &World) -> String {
    let answer = http(world.imds(), "PUT /latest/api/token", &[TTL], b"");
    assert_eq!(answer.status, 200);
    format!("X-aws-ec2-metadata-token: {}", answer.body)
}

const SILENT: usize = 5_000;
const LAUNCHES: usize = 20;
const LAUNCH: usize = 500;
// A record in memory, twice: as it is and in the store's cache.
const KIB_OF_ONE_MAX: usize = 12;
