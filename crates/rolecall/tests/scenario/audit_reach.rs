//! `rolecall audit --host` on an instance whose packet filter has real rules in force, put there by
//! `nft`, in namespaces that end with the command: who reaches the metadata service by them.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::clients::{client, run};

/// A small root with an instance's id and a file of rules, in namespaces of its own.
const ROOT: &str = "
mkdir -p proc usr/lib usr/lib64 etc/iptables var/lib/cloud/data
echo 'root:x:0:0::/root:/bin/sh' > etc/passwd
echo i-0123456789abcdef0 > var/lib/cloud/data/instance-id
ln -s usr/lib lib; ln -s usr/lib64 lib64; touch rolecall
mount --bind /usr/lib usr/lib; mount --bind /usr/lib64 usr/lib64
mount --bind \"$ROLECALL\" rolecall; mount -t proc proc proc
printf %s \"$FILE\" > etc/iptables/rules.v4
nft -f - < rules
";

/// What the audit says of it: exit code and report.
fn audited(rules: &str, file: &str, privileges: &str) -> (Option<i32>, Value) {
    let root = TempDir::new().unwrap();
    std::fs::write(root.path().join("rules"), rules).unwrap();
    let script = format!(
        "{ROOT} exec setpriv {privileges} chroot . /rolecall audit --host / \
                          --format json --record /facts"
    );
    let mut command = client("unshare", Path::new("/"));
    command
        .args(["--mount", "--net", "--pid", "--fork", "sh", "-euc", &script])
        .env("ROLECALL", env!("CARGO_BIN_EXE_rolecall"))
        .env("FILE", file)
        .current_dir(root.path());
    let output = run(&mut command);
    assert!(!output.stdout.is_empty(), "{output:?}");
    let mut report: Value = serde_json::from_str(&output.stdout).unwrap();
    let facts = std::fs::read(root.path().join("facts")).unwrap();
    report["facts"] = serde_json::from_slice(&facts).unwrap();
    (output.code, report)
}

/// The rules that are told, and what is missing.
fn told(report: &Value) -> (Vec<&str>, Vec<String>) {
    let codes = report["findings"].as_array().unwrap().iter();
    let missing = report["missing"].as_array().unwrap().iter();
    (
        codes.map(|it| it["rule"].as_str().unwrap()).collect(),
        missing
            .map(|it| format!("{} {}", it["what"], it["why"]))
            .collect(),
    )
}

/// Who reaches either address, and whether containers do.
fn reach(report: &Value) -> String {
    let of = |address: &Value| {
        let users = |list: &Value| {
            let all = list.as_array().unwrap().iter();
            let all = all.map(|it| format!("{}-{}", it["from"], it["to"]));
            all.collect::<Vec<_>>().join(" ")
        };
        format!("{} ({})", users(&address["reach"]), address["sent_on"])
    };
    let [addresses, _files] = &report["facts"]["host"]["reach"]["in-force"]
        .as_array()
        .unwrap_or_else(|| panic!("{report:#}"))[..]
    else {
        panic!("{report:#}")
    };
    let all: Vec<String> = addresses.as_array().unwrap().iter().map(of).collect();
    all.join(", ")
}

const ALL: &str = "0-4294967294";
const FILE: &str = "-A OUTPUT -d 169.254.169.254/32 -m owner ! --uid-owner 0 -j DROP\n";

#[test]
fn rules_in_force_say_who_reaches_the_metadata_service() {
    let (code, open) = audited("", "", "");
    assert_eq!(reach(&open), format!("{ALL} (true), {ALL} (true)"));
    assert_eq!(told(&open), (vec!["RC-HOST-005"], Vec::new()));
    assert_eq!(code, Some(1));
    // A file of rules that nobody loaded keeps nobody away.
    let (_, unloaded) = audited("", FILE, "");
    assert_eq!(told(&unloaded).0, ["RC-HOST-005"], "{unloaded:#}");
    assert!(
        unloaded["findings"][0]
            .to_string()
            .contains("/etc/iptables/rules.v4:1")
    );

    let one = "table inet imds { chain out { type filter hook output priority 0; \
               ip daddr 169.254.169.254 meta skuid != 1000 reject; }; }";
    let (_, half) = audited(one, "", "");
    assert_eq!(reach(&half), format!("1000-1000 (true), {ALL} (true)"));
    assert_eq!(told(&half), (vec!["RC-HOST-006"], Vec::new()));
    let evidence = half["findings"][0]["evidence"].to_string();
    assert!(
        evidence.contains("table inet imds, chain out, rule"),
        "{evidence}"
    );

    let both = "table inet imds {\n set ok { type uid; elements = { 0, 1000 }; }\n\
                chain refuse { tcp dport 80 counter reject with tcp reset; drop; }\n\
                chain out { type filter hook output priority 0;\n\
                oifname \"lo\" accept\n ct state established,related accept\n\
                ip daddr 169.254.0.0/16 meta skuid != { 0, 1000, 2000-2005 } goto refuse\n\
                ip6 daddr fd00:ec2::254 meta skuid != @ok drop\n}\n\
                chain on { type filter hook forward priority 0;\n\
                ip daddr 169.254.169.254 drop\n ip6 daddr fd00:ec2::254 drop\n}\n}";
    let (code, both) = audited(both, "", "");
    assert_eq!(
        reach(&both),
        "0-0 1000-1000 2000-2005 (false), 0-0 1000-1000 (false)"
    );
    assert_eq!((code, told(&both)), (Some(0), (Vec::new(), Vec::new())));

    let closed = "table inet f { chain out { type filter hook output priority 0; policy drop;\n\
                  meta skuid < 900 accept\n tcp dport { 80, 443 } meta skuid 900-910 accept\n}\n}";
    let (_, closed) = audited(closed, "", "");
    assert_eq!(reach(&closed), "0-910 (true), 0-910 (true)");
}

#[test]
fn what_is_not_understood_of_rules_in_force_is_missing_and_no_pass() {
    let lacks = |rules: &str, privileges: &str, why: &str| {
        let (code, report) = audited(rules, "", privileges);
        let (codes, missing) = told(&report);
        assert_eq!((code, codes), (Some(3), Vec::new()), "{report:#}");
        assert!(
            missing.len() == 1 && missing[0].contains(why),
            "{missing:?}"
        );
        assert!(
            missing[0].contains("rules about the metadata service"),
            "{missing:?}"
        );
        assert_eq!(report["facts"]["host"]["reach"], "not-known");
    };
    let rule = |rule: &str| {
        format!("table inet f {{ chain out {{ type filter hook output priority 0; {rule}; }}; }}")
    };
    lacks(
        &rule("ip daddr 169.254.169.254 meta skgid != 7 drop"),
        "",
        "table inet f, chain out, rule 2 depends on more than the user",
    );
    lacks(
        &rule("meta skuid vmap { 0 : accept, 1 : drop }"),
        "",
        "has `lookup`, which is not understood",
    );
    lacks(
        "table ip n { chain out { type nat hook output priority -100; \
         ip daddr 169.254.169.254 tcp dport 80 redirect to :8080; }; }",
        "",
        "leads it elsewhere",
    );
    lacks("", "--bounding-set -net_admin", "CAP_NET_ADMIN");
    // What cannot be about it changes nothing.
    let (code, other) = audited(&rule("tcp dport 22 meta skuid vmap { 1 : drop }"), "", "");
    assert_eq!(
        (code, told(&other).0),
        (Some(1), vec!["RC-HOST-005"]),
        "{other:#}"
    );
}
