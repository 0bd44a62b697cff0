//! Processes that are not what they seem to be never get what another program may have.
//!
//! What a user's own processes can do for each other (hand a connection over, trace) is not here:
//! docs/guard.md names it under "Limits".

use std::path::Path;

use serde_json::Value;

use crate::clients::{client, run, script};
use crate::guard::begin;
use crate::guard_net::{At, Net, guard_yaml};
use crate::harness::{World, rolecall, scenario};

#[test]
fn a_program_that_becomes_another_gains_nothing() {
    scenario(|world| {
        let net = begin(world);
        let python = format!(
            "/usr/bin/python3 -I -S {}",
            script("guard_races.py").display()
        );
        let seen = in_namespace(world, &net, &format!("{python} exec {EXECS}"));
        assert_eq!(seen["403"], EXECS, "{seen}");
    });
}

#[test]
fn a_number_that_was_another_process_gains_nothing() {
    scenario(|world| {
        let net = begin(world);
        let python = format!(
            "/usr/bin/python3 -I -S {}",
            script("guard_races.py").display()
        );
        let seen = in_namespace(world, &net, &format!("{python} reuse {REUSES}"));
        assert_eq!(seen["403"], REUSES, "{seen}");
        let reused = seen["reused"].as_u64().unwrap();
        assert!(
            reused > REUSES / 2,
            "numbers were hardly given out again: {seen}"
        );
    });
}

/// `bash` may, and connects; `dash`, which it becomes, asks.
#[test]
fn a_program_that_was_another_gains_nothing() {
    scenario(|world| {
        let net = begin(world);
        let as_user = "setpriv --reuid 1003 --regid 1003 --clear-groups /usr/bin/bash";
        let seen = in_namespace(world, &net, &format!("{as_user} -c '{BECOME}' x {EXECS}"));
        // The first one is `bash` itself.
        assert_eq!(
            (&seen["200"], &seen["403"]),
            (&1.into(), &EXECS.into()),
            "{seen}"
        );
    });
}

/// A guard and what is tried in front of it, in a PID namespace of their own.
fn in_namespace(world: &World, net: &Net, tried: &str) -> Value {
    std::fs::write(guard_yaml(world), RULES).unwrap();
    let script = format!(
        "\"$@\" 2>\"$SAID\" & guard=$!
         timeout 20 sh -c 'until grep -q proven \"$SAID\"; do sleep 0.05; done'
         {tried}
         kill $guard; wait $guard"
    );
    let guard = rolecall(&world.scratch());
    let mut command = client("unshare", Path::new("/"));
    command.env("SAID", world.scratch().join("said"));
    command.args(["--pid", "--fork", "--kill-child", "--mount-proc"]);
    command
        .args(["sh", "-euc", &script, "sh"])
        .arg(guard.get_program());
    command
        .args(["guard", "run", "--config"])
        .arg(guard_yaml(world));
    let mut inside = net.inside(At::Instance, &command);
    run(&mut inside).json()
}

// In either direction; 10,000 turns with those below.
const EXECS: u64 = 2_500;
const REUSES: u64 = 5_000;
const RULES: &str = "rules:
  - {name: sleep, who: {uid: 1003, exe: [/usr/bin/sleep, /usr/bin/bash]}, allow: everything}
";
const BECOME: &str = r#"
path=/latest/meta-data/iam/security-credentials/ec2-secrets-manager-role
get="GET $path HTTP/1.1\r\nHost: x\r\n\r\n"
export get
exec 3<>/dev/tcp/169.254.169.254/80; printf "$get" >&3; read -r _ status _ <&3; exec 3>&-
declare -A seen=([403]=0); seen[$status]=1
for ((turn = 0; turn < $1; turn++)); do
  status=$(exec 3<>/dev/tcp/169.254.169.254/80
    exec /usr/bin/dash -c "printf \"\$get\" >&3; read -r _ status _ <&3; echo \$status")
  seen[$status]=$((${seen[$status]:-0} + 1))
done
printf "{\"200\": %d, \"403\": %d}\n" ${seen[200]} ${seen[403]}
"#;
