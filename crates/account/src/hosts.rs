//! Instances as the world sees them that runs commands in their place: which there are, where they
//! stand, and what was printed on them.
//!
//! Runs nothing. Whoever asks here owns the account's data, so nothing is authorized.

use std::sync::Arc;

use jiff::Timestamp;
use protocol::Secret;

use crate::ec2;
use crate::entity::{Change, Console, Entity, Instance};
use crate::gate::FromVpc;
use crate::home::Home;
use crate::metadata;
use crate::state::{HeldInstance, Partition};

/// An instance, with what stands around it.
#[derive(Debug, Clone)]
pub struct Host {
    /// In which account and region.
    pub home: Home,
    /// Name of the role that its profile has.
    pub role: Option<String>,
    /// `vpc-…`
    pub vpc_id: String,
    /// `ip-172-31-0-5.ec2.internal`
    pub host_name: String,
    held: Arc<HeldInstance>,
}

impl Host {
    /// The instance itself.
    pub fn instance(&self) -> &Instance {
        &self.held.instance
    }

    /// As DescribeInstances names it, between two states.
    pub fn state(&self) -> &'static str {
        let instance = self.instance();
        match (instance.terminated, instance.stopped) {
            (Some(_), _) => "terminated",
            (None, Some(_)) => "stopped",
            (None, None) => "running",
        }
    }

    /// Where calls come from that are made on it.
    pub fn origin(&self) -> FromVpc {
        FromVpc {
            vpc_id: self.vpc_id.clone(),
            private_ip: self.instance().placement.private_ip,
        }
    }
}

/// All instances, those that were launched first at the head, the terminated ones among them.
pub fn all(partition: &Arc<Partition>) -> Vec<Host> {
    let found = partition.instances();
    let mut hosts: Vec<Host> = found
        .filter_map(|(home, held)| of(partition, home, held))
        .collect();
    hosts.sort_by(|one, other| {
        let key = |host: &Host| (host.instance().launched, host.instance().launch_index);
        let ids = || one.instance().id.cmp(&other.instance().id);
        key(one).cmp(&key(other)).then_with(ids)
    });
    hosts
}

/// The instance by its id, in whatever account and region.
pub fn find(partition: &Arc<Partition>, id: &str) -> Option<Host> {
    let mut found = partition.instances();
    let (home, held) = found.find(|(_, held)| held.instance.id == id)?;
    of(partition, home, held)
}

/// The change that puts an output on an instance's console, in place of what stood there; only the
/// last [`CONSOLE_BYTES_MAX`] are kept. `None` where there is no such instance.
pub fn printed(
    partition: &Arc<Partition>,
    id: &str,
    output: &Secret,
    now: Timestamp,
) -> Option<Change> {
    let host = find(partition, id)?;
    let bytes = output.expose();
    let from = bytes.len().saturating_sub(CONSOLE_BYTES_MAX);
    let mut instance = host.instance().clone();
    instance.console = Some(Box::new(Console {
        taken: now,
        output: Secret::new(bytes.get(from..).unwrap_or_default()),
    }));
    Some(Change::put(host.home, Entity::Instance(instance)))
}

fn of(partition: &Arc<Partition>, home: Home, held: &Arc<HeldInstance>) -> Option<Host> {
    let state = partition.state(&home)?;
    let role = metadata::role(&state, &held.instance);
    let role = role.map(|held| held.role.name.clone());
    let vpc_id = state.settings().network.vpc_id.clone();
    let host_name = ec2::private_dns_name(state.settings(), &held.instance);
    Some(Host {
        home,
        role,
        vpc_id,
        host_name,
        held: Arc::clone(held),
    })
}

/// What EC2 keeps of a console. Source: EC2 API Reference, "GetConsoleOutput".
pub const CONSOLE_BYTES_MAX: usize = 64 * 1_024;

#[cfg(test)]
mod tests {
    use protocol::Record;

    use super::*;
    use crate::testing::{World, texts};

    #[test]
    fn an_instance_is_found_with_its_role_and_its_origin() {
        let world = World::new();
        let id = world.instance_id();
        let host = find(&world.partition, &id).unwrap();
        assert_eq!(host.role.as_deref(), Some("ec2-secrets-manager-role"));
        assert_eq!(host.state(), "running");
        assert_eq!(host.origin().vpc_id, host.vpc_id);
        assert!(host.host_name.starts_with("ip-172-31-") && host.host_name.ends_with(".internal"));
        assert_eq!(all(&world.partition).len(), 1);
        assert!(find(&world.partition, "i-0123456789abcdef0").is_none());
    }

    #[test]
    fn what_ended_is_told_with_its_state() {
        let mut world = World::new();
        let id = world.instance_id();
        let ids = Record::new().with("InstanceIds", vec![id.as_str()]);
        for (operation, expect) in [
            ("StopInstances", "stopped"),
            ("StartInstances", "running"),
            ("TerminateInstances", "terminated"),
        ] {
            world.admin("ec2", operation, &ids).unwrap();
            assert_eq!(find(&world.partition, &id).unwrap().state(), expect);
        }
    }

    #[test]
    fn the_console_tells_the_end_of_what_was_printed() {
        let mut world = World::new();
        let id = world.instance_id();
        let ask = texts(&[("InstanceId", &id)]);
        let before = world.admin("ec2", "GetConsoleOutput", &ask).unwrap();
        assert_eq!(before.text("Output").unwrap_or_default(), "");
        let mut long = vec![b'-'; CONSOLE_BYTES_MAX];
        long.extend(b"the end");
        let change = printed(&world.partition, &id, &Secret::new(long), world.now).unwrap();
        world.apply(change);

        let answer = world.admin("ec2", "GetConsoleOutput", &ask).unwrap();
        let output = answer.text("Output").unwrap();
        let output = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, output);
        let output = output.unwrap();
        assert_eq!(output.len(), CONSOLE_BYTES_MAX);
        assert!(output.ends_with(b"-the end"));
        let nobody = printed(&world.partition, "i-0", &Secret::new(*b"x"), world.now);
        assert!(nobody.is_none());
    }
}
