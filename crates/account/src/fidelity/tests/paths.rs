//! The paths of the metadata service are there, or not, as the table says.

use protocol::{Record, Secret};

use crate::entity::Entity;
use crate::fidelity::{Fidelity, PATHS};
use crate::metadata;
use crate::testing::{World, texts};

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
    let tag = texts(&[("Key", "team"), ("Value", "red")]);
    let tagged = Record::new()
        .with("Resources", vec![id.as_str()])
        .with("Tags", vec![tag]);
    world.admin("ec2", "CreateTags", &tagged).unwrap();
    let mut instance = world.state.instance(&id).unwrap().instance.clone();
    instance.user_data = Some(Secret::new(b"#!/bin/sh".as_slice()));
    world.put(Entity::Instance(instance));
    let mac = get(&world, "meta-data/mac").unwrap();
    let role = get(&world, "meta-data/iam/security-credentials/").unwrap();
    for (path, fidelity) in PATHS {
        let whole = path.replace("MAC", &mac).replace("ROLE", &role);
        let is_there = get(&world, &whole).is_some();
        assert_eq!(is_there, *fidelity != Fidelity::Absent, "{path}");
    }
}

fn get(world: &World, path: &str) -> Option<String> {
    let uri = format!("/latest/{path}");
    let request = http::Request::get(uri).body(()).unwrap();
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
