//! The SDK for JavaScript behind a guard, and rules about control groups and the units in them.

use std::path::{Path, PathBuf};

use rustix::process::Signal;

use crate::clients::{client, node_modules, run, script_of};
use crate::guard::{APP, NOBODY, ROLE, RULES, begin, curl};
use crate::guard_net::{At, Guard, Net};
use crate::harness::scenario;

#[test]
fn the_sdk_for_javascript_gets_what_its_rule_says() {
    scenario(|world| {
        let net = begin(world);
        let rules = format!("{RULES}tokens: required\n");
        let guard = Guard::start(world, &net, "guard", &rules);
        let mut node = client("node", Path::new("/"));
        node.env("NODE_PATH", node_modules("javascript"));
        node.arg(script_of("js", "credentials.cjs"));
        let app = run(&mut net.as_user(APP, None, &node));
        assert!(app.ok().starts_with("ASIA"), "{app:?}");
        let nobody = run(&mut net.as_user(NOBODY, None, &node));
        assert!(nobody.ok().ends_with("Error"), "{nobody:?}");
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

#[test]
fn units_and_control_groups_get_what_their_rule_says() {
    scenario(|world| {
        let net = begin(world);
        let groups = Groups::make(&["web.service", "web.service/worker", "batch", "nosy.service"]);
        let rules = format!(
            "rules:\n  - {{name: web, who: {{unit: web.service}}, allow: everything}}\n  \
             - {{name: batch, who: {{cgroup: /{}/batch}}, allow: everything}}\n",
            groups.name
        );
        let guard = Guard::start(world, &net, "guard", &rules);
        for (group, status) in [
            ("web.service", "200"),
            ("web.service/worker", "200"),
            ("batch", "200"),
            ("nosy.service", "403"),
        ] {
            assert_eq!(read_in(&net, &groups.path.join(group)), status, "{group}");
        }
        assert_eq!(
            read_in(&net, groups.path.parent().unwrap()),
            "403",
            "no unit"
        );
        assert_eq!(guard.end(Signal::TERM), Some(0));
    });
}

/// The status of a read by a user in a control group, which root has put it into.
fn read_in(net: &Net, group: &Path) -> String {
    let read = curl(&format!("http://169.254.169.254{ROLE}"), &[]);
    let mut shell = client("sh", Path::new("/"));
    let script = "echo 0 >$1/cgroup.procs; shift; exec setpriv --reuid 1001 --regid 1001 \
                  --clear-groups \"$@\"";
    shell.args(["-euc", script, "sh"]).arg(group);
    shell.arg(read.get_program()).args(read.get_args());
    let output = run(&mut net.inside(At::Instance, &shell));
    output.ok().rsplit_once('\n').unwrap().1.to_owned()
}

/// Control groups of version 2 below a slice of the test's own, gone with it.
struct Groups {
    name: String,
    path: PathBuf,
    made: Vec<PathBuf>,
}

impl Groups {
    fn make(names: &[&str]) -> Self {
        let mounts = std::fs::read_to_string("/proc/mounts").unwrap();
        let root = mounts.lines().find_map(|line| {
            let mut words = line.split(' ').skip(1);
            let place = words.next()?;
            (words.next()? == "cgroup2").then_some(place)
        });
        let root = root.expect("control groups of version 2 are mounted");
        let name = format!("rcg{}.slice", std::process::id());
        let path = Path::new(root).join(&name);
        let mut groups = Self {
            name,
            made: Vec::new(),
            path,
        };
        let below: Vec<_> = names.iter().map(|name| groups.path.join(name)).collect();
        for path in [groups.path.clone()].into_iter().chain(below) {
            std::fs::create_dir(&path).expect("root may make control groups");
            groups.made.push(path);
        }
        groups
    }
}

impl Drop for Groups {
    fn drop(&mut self) {
        for path in self.made.iter().rev() {
            std::fs::remove_dir(path).ok();
        }
    }
}
