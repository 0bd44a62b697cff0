//! The paths of the metadata service are there, or not, as the table says.

use jiff::SignedDuration;
use protocol::Secret;

use crate::entity::{Entity, Interruption, InterruptionAction};
use crate::fidelity::{Fidelity, paths};
use crate::metadata::{self, Manner};
use crate::testing::{World, identity_key, texts};

#[test]
fn a_path_is_there_unless_it_is_absent() {
    let mut world = World::new();
    let id = world.instance_id();
    let options = texts(&[
        ("InstanceId", &id),
        ("InstanceMetadataTags", "enabled"),
        ("HttpTokens", "optional"),
    ]);
    world
        .admin("ec2", "ModifyInstanceMetadataOptions", &options)
        .unwrap();
    let tags = [("team", "red"), ("aws:autoscaling:groupName", "group")];
    world.put(Entity::IdentityKey(identity_key()));
    let mut instance = world.state.instance(&id).unwrap().instance.clone();
    instance
        .tags
        .extend(tags.map(|(key, value)| crate::entity::Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        }));
    instance.user_data = Some(Secret::new(b"#!/bin/sh".as_slice()));
    instance.notices.rebalance = Some(world.now);
    instance.notices.interruption = Some(Interruption {
        action: InterruptionAction::Terminate,
        time: world.now + SignedDuration::from_mins(2),
    });
    world.put(Entity::Instance(instance));
    let mac = get(&world, "meta-data/mac").unwrap();
    let role = get(&world, "meta-data/iam/security-credentials/").unwrap();
    for (path, fidelity) in paths() {
        let whole = path
            .replace("MAC", &mac)
            .replace("ROLE", &role)
            .replace("NAME", "root")
            .replace("KEY", "team");
        let is_there = get(&world, &whole).is_some();
        assert_eq!(is_there, fidelity != Fidelity::Absent, "{path}");
    }
}

#[test]
fn the_table_is_sorted_and_names_each_path_once() {
    let all = paths().map(|(path, _)| path.split('/').collect());
    let all: Vec<Vec<&str>> = all.collect();
    assert!(all.is_sorted_by(|one, next| one < next), "{all:?}");
}

fn get(world: &World, path: &str) -> Option<String> {
    let uri = format!("/latest/{path}");
    let manner = Manner {
        extended_credentials: true,
        ..Manner::default()
    };
    let request = http::Request::get(uri).extension(manner).body(()).unwrap();
    let answer = metadata::serve(
        &world.state,
        &world.instance_id(),
        &request,
        world.now,
        [3; 12],
    );
    let body = answer.response.body().to_vec();
    (answer.response.status() == 200).then(|| String::from_utf8(body).unwrap())
}
