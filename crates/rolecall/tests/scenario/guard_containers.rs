//! The guard and containers behind a bridge: who is told apart, and who is refused because nobody
//! can be certain.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::clients::{client, python, run};
use crate::guard::{
    APP, BOTO3, NOBODY, REFUSED, ROLE, TIME_MAX, ZONE, begin, curl, get, guard_itself,
};
use crate::guard_identity::{service, waiting_reads};
use crate::guard_net::{At, Guard, Net, guard_yaml, in_network, with_uid};
use crate::guard_own::{self, OWN, WEB_ROLE, keep_secret};
use crate::harness::{World, rolecall, scenario};
use crate::wait;

#[test]
fn a_container_gets_what_its_rule_says_and_its_neighbour_does_not() {
    scenario(|world| {
        let net = begin(world);
        let bridge = Bridge::new(&net);
        let (web, other) = (bridge.add("web", 2), bridge.add("other", 3));
        world.output_file("audit");
        let audit = world.scratch().parent().unwrap().join("audit");
        let more = format!("audit: {{file: {}}}\nproof-every: 1\n", audit.display());
        let rules = |networks: &str| format!("{}{more}", rules(networks));
        std::fs::write(guard_yaml(world), rules(&path(&web))).unwrap();
        let guard = Guard::spawn(world, "guard", with_capabilities(world, &net, "+sys_admin"));
        for (network, uid, asked, expect) in [
            (&web, APP, ROLE, 200),
            (&web, "1002", ROLE, 403),
            (&web, "0", ROLE, 403),
            (&web, "0", ZONE, 200),
            (&other, APP, ROLE, 403),
            (&other, APP, ZONE, 200),
        ] {
            let address = "http://169.254.169.254";
            assert_eq!(
                read(network, uid, &format!("{address}{asked}")),
                expect,
                "{network} {uid}"
            );
            let address = "http://[fd00:ec2::254]";
            assert_eq!(
                read(network, uid, &format!("{address}{asked}")),
                expect,
                "{network} {uid}"
            );
        }
        assert_eq!(get(&net, APP, None, ROLE).0, 200, "the host's own");
        assert_eq!(get(&net, NOBODY, None, ROLE).0, 403);
        let veth = run(&mut net.inside(At::Container, &at(ROLE)));
        assert!(veth.ok().ends_with("403"), "without a bridge: {veth:?}");
        let veth = run(&mut net.inside(At::Container, &at(ZONE)));
        assert!(veth.ok().ends_with("200"), "without a bridge: {veth:?}");
        sdks_and_tokens(&net, [&web, &other]);
        nobody_comes_by_itself(&net, &web);
        let networks = wait::until("lines of the record", TIME_MAX, || {
            let text = std::fs::read_to_string(&audit).unwrap();
            let lines = text
                .lines()
                .map(|line| serde_json::from_str::<Value>(line).unwrap());
            let networks: Vec<_> = lines
                .map(|line| line["network_namespace"].clone())
                .collect();
            networks.contains(&json!("host")).then_some(networks)
        });
        assert_eq!(networks[0], path(&web));
        who_would_break(&net, world, &path(&web));
        // The rules change while it runs.
        let both = format!("[{}, {}]", path(&web), path(&other));
        std::fs::write(guard_yaml(world), rules(&both)).unwrap();
        guard.signal(Signal::HUP);
        guard.until_said("the rules were read again");
        assert_eq!(read_role(&other, APP), 200);
        // Somebody takes a part of the lockdown away.
        net.sh("nft delete chain inet rolecall_guard arrived").ok();
        guard.until_said("are not those that were loaded");
        wait::until("the lockdown", TIME_MAX, || {
            (read_role(&web, APP) == 200).then_some(())
        });
        assert_eq!(guard.end(Signal::TERM), Some(0));
        assert_eq!(net.table(), None);
    });
}

fn sdks_and_tokens(net: &Net, [web, other]: [&str; 2]) {
    let mut boto3 = client(python(), Path::new("/"));
    boto3.args(["-c", BOTO3]);
    for (network, expect) in [(web, "iam-role"), (other, "none")] {
        let found = run(&mut in_network(network, &with_uid(APP, None, &boto3)));
        assert_eq!(found.ok(), expect, "{network}");
    }
    let ttl = "X-aws-ec2-metadata-token-ttl-seconds: 60";
    let make = curl(
        "http://169.254.169.254/latest/api/token",
        &["-X", "PUT", "-H", ttl],
    );
    let output = run(&mut in_network(web, &with_uid(APP, None, &make)));
    let token = output.ok().strip_suffix("\n200").unwrap().to_owned();
    let shown = format!("X-aws-ec2-metadata-token: {token}");
    let show = curl(&format!("http://169.254.169.254{ZONE}"), &["-H", &shown]);
    let status = |command: &mut Command| run(command).ok().rsplit_once('\n').unwrap().1.to_owned();
    for (network, expect) in [(web, "200"), (other, "401")] {
        let shown = status(&mut in_network(network, &with_uid(APP, None, &show)));
        assert_eq!(shown, expect, "{network}");
    }
    assert_eq!(
        status(&mut net.as_user(APP, None, &show)),
        "401",
        "the host"
    );
}

/// The guard's port for containers is for what was led there.
fn nobody_comes_by_itself(net: &Net, web: &str) {
    for url in [
        "http://10.99.2.1:982/latest/",
        "http://[fd97::1]:982/latest/",
    ] {
        let direct = run(&mut in_network(web, &curl(url, &["-g"])));
        assert_eq!(direct.code, Some(REFUSED), "{url} {direct:?}");
        let direct = run(&mut net.as_user(APP, None, &curl(url, &["-g"])));
        assert_eq!(direct.code, Some(REFUSED), "{url} {direct:?}");
    }
    // Nothing else of the service is forwarded.
    let other_port = curl("http://169.254.169.254:8080/", &[]);
    let output = run(&mut in_network(web, &other_port));
    assert_eq!(output.code, Some(REFUSED), "{output:?}");
}

fn who_would_break(net: &Net, world: &World, network: &str) {
    let mut stats = rolecall(&world.scratch());
    stats.args(["guard", "stats", "--format", "json"]);
    let told = run(&mut net.inside(At::Instance, &stats)).json();
    let found = told["without_token"].as_array().unwrap();
    let of = |uid: u64, network: Value| {
        let is_it = |it: &&Value| it["uid"] == uid && it["network_namespace"] == network;
        assert!(found.iter().any(|it| is_it(&it)), "{network} in {told}");
    };
    of(1_001, network.into());
    of(1_001, Value::Null);
}

#[test]
fn whoever_nobody_can_be_certain_of_is_refused() {
    scenario(|world| {
        let net = begin(world);
        let bridge = Bridge::new(&net);
        let (web, other) = (bridge.add("web", 2), bridge.add("other", 3));
        let guard = Guard::start(world, &net, "guard", &rules(&path(&web)));
        assert_eq!(read_role(&web, APP), 200);
        // Behind the container, with its address.
        let inner = bridge.add_behind(&web);
        assert_eq!(read_role(&inner, APP), 403);
        guard.until_said("no network namespace of a process that is seen here has the connection");
        assert_eq!(
            read(&inner, APP, &format!("http://169.254.169.254{ZONE}")),
            403
        );
        another_with_its_address_and_port(&bridge, &web);
        guard.until_said("2 network namespaces have a connection from 10.99.2.2:40000");
        // A neighbour has the host send to it, and passes all on so that nobody notices.
        let sh = |network: &str, script: &str| {
            let mut shell = client("sh", Path::new("/"));
            run(&mut in_network(network, shell.args(["-euc", script])))
                .ok()
                .to_owned()
        };
        sh(&other, "echo 1 >/proc/sys/net/ipv4/ip_forward");
        sh(
            &other,
            "echo 0 >/proc/sys/net/ipv4/conf/eth0/send_redirects",
        );
        sh(&other, "echo 0 >/proc/sys/net/ipv4/conf/all/send_redirects");
        let hardware = |network: &str| sh(network, "ip -br link show eth0 | awk '{print $3}'");
        let leads_to = |network: &str| {
            let to = hardware(network);
            let replace = format!("ip neigh replace 10.99.2.2 lladdr {to} nud permanent dev rb0");
            net.sh(&replace).ok();
        };
        leads_to(&other);
        // Whether the refusal finds its way back is another matter.
        let url = format!("http://169.254.169.254{ROLE}");
        let asked = curl(&url, &["-m", "1"]);
        let asked = run(&mut in_network(&web, &with_uid(APP, None, &asked)));
        assert!(!asked.stdout.contains("200"), "{asked:?}");
        guard.until_said("its address leads into another network now");
        leads_to(&web);
        assert_eq!(read_role(&web, APP), 200);
        // Its name is gone, so nobody knows whether it is the one that the rule means.
        let unnamed = rules("/run/netns/no-such-network");
        let both = unnamed.replace("rules:", "otherwise: everything\nrules:");
        let taken = both.replace("allow: everything}", "allow: nothing}");
        std::fs::write(guard_yaml(world), taken).unwrap();
        guard.signal(Signal::HUP);
        guard.until_said("the rules were read again");
        assert_eq!(read_role(&web, APP), 403);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

/// The caller's address and port in a network that nothing leads to.
fn another_with_its_address_and_port(bridge: &Bridge<'_>, web: &str) {
    let twin = bridge.add_alone();
    let mut held = client(python(), Path::new("/"));
    held.args(["-c", TWIN]);
    let mut held = in_network(&twin, &held);
    let held = held.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut held = held.spawn().unwrap();
    let mut line = String::new();
    let mut said = BufReader::new(held.stdout.take().unwrap());
    said.read_line(&mut line).unwrap();
    assert_eq!(line, "there\n");
    let url = format!("http://169.254.169.254{ROLE}");
    let same = curl(&url, &["--local-port", "40000"]);
    let output = run(&mut in_network(web, &with_uid(APP, None, &same)));
    held.kill().unwrap();
    held.wait().unwrap();
    assert!(output.ok().ends_with("403"), "{output:?}");
}

#[test]
fn without_the_right_to_look_into_networks_all_of_them_are_refused() {
    scenario(|world| {
        let net = begin(world);
        let bridge = Bridge::new(&net);
        let web = bridge.add("web", 2);
        std::fs::write(guard_yaml(world), rules(&path(&web))).unwrap();
        let guard = Guard::spawn(world, "guard", with_capabilities(world, &net, "-sys_admin"));
        guard.until_said("containers are not told apart, so all are refused");
        guard.until_said("the guard needs `CAP_SYS_ADMIN`");
        assert_eq!(read_role(&web, APP), 403);
        guard.until_said("network namespaces cannot be entered");
        assert_eq!(get(&net, APP, None, ROLE).0, 200, "the host's own");
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn a_network_that_ends_while_it_is_answered_gets_nothing() {
    scenario(|world| {
        let net = begin(world);
        let bridge = Bridge::new(&net);
        let web = bridge.add("web", 2);
        let guard = Guard::start(world, &net, "guard", &rules(&path(&web)));
        service(world, Signal::STOP);
        let mut leaves = client(python(), Path::new("/"));
        leaves.args(["-c", LEAVES, &path(net.instance())]);
        let mut leaves = in_network(&web, &leaves);
        let leaves = leaves.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut leaves = leaves.spawn().unwrap();
        let mut said = BufReader::new(leaves.stdout.take().unwrap()).lines();
        let mut line = || said.next().unwrap().unwrap();
        assert_eq!(line(), "asked");
        wait::until("a read of the service", TIME_MAX, || {
            (waiting_reads(&net) > 0).then_some(())
        });
        leaves.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
        assert_eq!(line(), "left");
        bridge.remove(&web);
        service(world, Signal::CONT);
        assert_eq!(line(), "403");
        leaves.wait().unwrap();
        guard.until_said("the caller changed while it was answered");
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn a_container_has_credentials_of_its_own() {
    scenario(|world| {
        let (net, mut admin) = guard_own::begin(world);
        let account = net.account(world);
        guard_own::roles(&mut admin);
        let bridge = Bridge::new(&net);
        let (web, other) = (bridge.add("web", 2), bridge.add("other", 3));
        let rules = format!(
            "containers: identify\nsts: {{region: us-east-1, endpoint-url: {}}}\nrules:\n  \
             - {{name: web, who: {{uid: {APP}, network-namespace: {}}}, \
             assume-role: {WEB_ROLE}}}\n",
            account.url,
            path(&web)
        );
        let guard = Guard::start(world, &net, "guard", &rules);
        let output = run(&mut in_network(&web, &with_uid(APP, None, &at(OWN))));
        let (body, status) = output.ok().rsplit_once('\n').unwrap();
        assert_eq!(status, "200", "{body}");
        let document: Value = serde_json::from_str(body).unwrap();
        assert_eq!(document["Code"], "Success", "{document}");
        keep_secret(world, &document);
        assert_eq!(
            read(&other, APP, &format!("http://169.254.169.254{OWN}")),
            403
        );
        assert_eq!(get(&net, APP, None, OWN).0, 403);
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn explanations_know_networks() {
    scenario(|world| {
        begin_alone(world);
        std::fs::write(guard_yaml(world), rules("/run/netns/web")).unwrap();
        let explain = |uid: &str, network: &[&str]| {
            let mut command = rolecall(&world.scratch());
            command.args(["guard", "explain", "--path", ROLE, "--uid", uid, "--config"]);
            run(command.arg(guard_yaml(world)).args(network))
        };
        let of = |network| ["--network-namespace", network];
        let web = explain(APP, &of("/run/netns/web"));
        assert!(
            web.ok().starts_with("allowed: rule `web` opens it"),
            "{web:?}"
        );
        let host = explain(APP, &of("host"));
        assert!(
            host.ok().starts_with("allowed: rule `app` opens it"),
            "{host:?}"
        );
        let other = explain(APP, &of("/run/netns/other"));
        assert_eq!(other.code, Some(1));
        assert!(
            other.stdout.contains("`network-namespace` does not fit"),
            "{other:?}"
        );
        let unsaid = explain(APP, &[]);
        assert_eq!(unsaid.code, Some(1));
        assert!(
            unsaid.stdout.contains("`network-namespace` is not known"),
            "{unsaid:?}"
        );
        // Root of a container is led to the guard as others are.
        assert_eq!(explain("0", &of("/run/netns/web")).code, Some(1));
        assert_eq!(explain("0", &of("host")).code, Some(0));
    });
}

fn begin_alone(world: &mut World) {
    let password = crate::role_to_secret::sample_password(world);
    world.canary(&password);
}

/// A bridge of the instance, and networks behind it. Gone when dropped.
struct Bridge<'a> {
    net: &'a Net,
    added: RefCell<Vec<String>>,
}

impl<'a> Bridge<'a> {
    fn new(net: &'a Net) -> Self {
        net.sh(BRIDGE).ok();
        let added = RefCell::default();
        Self { net, added }
    }

    fn make(&self, role: &str, script: &str) -> String {
        let name = format!("{}{role}", self.net.instance());
        let mut shell = client("sh", Path::new("/"));
        let names = format!("A={}; N={name}; ", self.net.instance());
        self.added.borrow_mut().push(name.clone());
        run(shell.args(["-euc", &format!("{names}{script}")])).ok();
        name
    }

    /// A container that has this as the last part of its addresses.
    fn add(&self, role: &str, number: u8) -> String {
        self.make(role, &format!("K={number}; {CONTAINER}"))
    }

    /// One behind another, which changes its address to its own.
    fn add_behind(&self, outer: &str) -> String {
        self.make("inner", &format!("W={outer}; {BEHIND}"))
    }

    /// One that nothing leads to, with the address of the first.
    fn add_alone(&self) -> String {
        self.make("twin", ALONE)
    }

    fn remove(&self, name: &str) {
        let mut delete = Command::new("ip");
        delete.args(["netns", "del", name]).status().unwrap();
        self.added.borrow_mut().retain(|added| added != name);
    }
}

impl Drop for Bridge<'_> {
    fn drop(&mut self) {
        for name in self.added.borrow().iter() {
            Command::new("ip")
                .args(["netns", "del", name])
                .status()
                .ok();
        }
    }
}

fn path(network: &str) -> String {
    format!("/run/netns/{network}")
}

fn rules(networks: &str) -> String {
    format!(
        "containers: identify
rules:
  - {{name: web, who: {{uid: 1001, network-namespace: {networks}}}, allow: everything}}
  - {{name: app, who: {{uid: 1001, network-namespace: host}}, allow: everything}}
"
    )
}

/// A guard with the capabilities of its unit, and this change to them.
fn with_capabilities(world: &World, net: &Net, change: &str) -> Command {
    let guard = guard_itself(world);
    let capabilities = format!(
        "-all,+net_admin,+net_bind_service,+setuid,+setgid,+sys_ptrace,+dac_read_search,{change}"
    );
    let mut held = client("setpriv", Path::new("/"));
    held.arg(format!("--bounding-set={capabilities}"))
        .args(["--no-new-privs"])
        .arg(guard.get_program())
        .args(guard.get_args());
    net.inside(At::Instance, &held)
}

fn at(asked: &str) -> Command {
    curl(&format!("http://169.254.169.254{asked}"), &[])
}

fn read(network: &str, uid: &str, url: &str) -> u16 {
    let output = run(&mut in_network(
        network,
        &with_uid(uid, None, &curl(url, &["-g"])),
    ));
    let (_, status) = output.ok().rsplit_once('\n').unwrap();
    status.parse().unwrap()
}

fn read_role(network: &str, uid: &str) -> u16 {
    read(network, uid, &format!("http://169.254.169.254{ROLE}"))
}

const BRIDGE: &str = "
ip link add rb0 type bridge
ip addr add 10.99.2.1/24 dev rb0
ip addr add fd97::1/64 dev rb0 nodad
ip link set rb0 up
";
const CONTAINER: &str = "
ip netns add $N
ip -n $N link set lo up
ip -n $A link add port$K type veth peer name eth0 netns $N
ip -n $A link set port$K master rb0 up
ip -n $N addr add 10.99.2.$K/24 dev eth0
ip -n $N addr add fd97::$K/64 dev eth0 nodad
ip -n $N link set eth0 up
ip -n $N route add default via 10.99.2.1
ip -n $N -6 route add default via fd97::1
";
const BEHIND: &str = "
ip netns add $N
ip -n $W link add inner0 type veth peer name eth0 netns $N
ip -n $W addr add 10.99.3.1/24 dev inner0
ip -n $W link set inner0 up
ip -n $N addr add 10.99.3.2/24 dev eth0
ip -n $N link set eth0 up
ip -n $N route add default via 10.99.3.1
nsenter --net=/run/netns/$W sh -euc 'echo 1 >/proc/sys/net/ipv4/ip_forward
nft -f -' <<'NFT'
table ip behind {
  chain leaves {
    type nat hook postrouting priority 100; policy accept;
    oifname \"eth0\" masquerade
  }
}
NFT
";
const ALONE: &str = "
ip netns add $N
ip -n $N link set lo up
ip -n $N addr add 10.99.2.2/32 dev lo
ip -n $N addr add 169.254.169.254/32 dev lo
";
const TWIN: &str = "
import socket, sys
there = ('169.254.169.254', 80)
server = socket.create_server(there)
peer = socket.create_connection(there, source_address=('10.99.2.2', 40000))
print('there', flush=True)
sys.stdin.readline()
";
/// Leaves its network when it has asked there.
const LEAVES: &str = "
import ctypes, encodings.idna, os, signal, socket, sys
signal.alarm(20)
elsewhere = os.open(sys.argv[1], os.O_RDONLY)
os.seteuid(1001)
peer = socket.create_connection(('169.254.169.254', 80))
peer.sendall(b'GET /latest/meta-data/local-ipv4 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')
os.seteuid(0)
print('asked', flush=True)
sys.stdin.readline()
print('left' if ctypes.CDLL(None).setns(elsewhere, 0) == 0 else 'stayed', flush=True)
print(peer.recv(4096).split(b' ')[1].decode(), flush=True)
";
