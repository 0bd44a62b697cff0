//! The administrator's EC2, through the AWS CLI: launch, metadata options, profiles, termination.

use serde_json::json;

use crate::clients::Admin;
use crate::harness::{World, scenario};

#[test]
fn an_instance_lives_and_ends() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let id = launch(world, &mut admin);
        metadata_options(&mut admin, &id);
        associations(&mut admin, &id);
        termination(&mut admin, &id);
    });
}

#[test]
fn what_cannot_be_launched_is_said() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let mut refused = |flags: &str, parts: &[&str]| {
            admin
                .run(&format!("ec2 run-instances {flags}"))
                .fails_with(parts);
        };
        refused(
            "--image-id ami-0a1b2c3d4e5f69999",
            &["(InvalidAMIID.NotFound)"],
        );
        refused("--image-id image", &["(InvalidAMIID.Malformed)"]);
        let image = format!("--image-id {IMAGE}");
        refused(
            &format!("{image} --iam-instance-profile Name=nobody"),
            &["(InvalidParameterValue)", "nobody"],
        );
        refused(
            &format!("{image} --subnet-id subnet-0123456789abcdef0"),
            &["(InvalidSubnetID.NotFound)"],
        );
        refused(
            &format!("{image} --key-name mine"),
            &["(InvalidKeyPair.NotFound)", "mine"],
        );
        refused(
            &format!("{image} --metadata-options HttpPutResponseHopLimit=65"),
            &["(InvalidParameterValue)"],
        );
        for (call, code) in [
            (
                "describe-instances --instance-ids i-0123456789abcdef0",
                "(InvalidInstanceID.NotFound)",
            ),
            (
                "terminate-instances --instance-ids web",
                "(InvalidInstanceID.Malformed)",
            ),
        ] {
            admin.run(&format!("ec2 {call}")).fails_with(&[code]);
        }
    });
}

#[test]
fn metadata_options_reach_the_metadata_service() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let status = || crate::wire::http(world.imds(), "GET /latest/meta-data/", &[], b"").status;
        assert_eq!(status(), 401);
        let id = world.instance_id();
        let modify = format!("ec2 modify-instance-metadata-options --instance-id {id}");
        admin.run(&format!("{modify} --http-tokens optional")).ok();
        assert_eq!(status(), 200);
        admin
            .run(&format!("{modify} --http-endpoint disabled"))
            .ok();
        assert_eq!(status(), 403);
        admin
            .run(&format!(
                "{modify} --http-endpoint enabled --http-tokens required"
            ))
            .ok();
        assert_eq!(status(), 401);
    });
}

fn launch(world: &World, admin: &mut Admin) -> String {
    let user_data = world.scratch().join("user-data");
    std::fs::write(&user_data, "#!/bin/sh\necho hello\n").unwrap();
    let launched = admin
        .run(&format!(
            "ec2 run-instances --image-id {IMAGE} --instance-type t3.small \
             --iam-instance-profile Name={PROFILE} \
             --metadata-options HttpTokens=required,HttpPutResponseHopLimit=2 \
             --user-data file://{} \
             --tag-specifications ResourceType=instance,Tags=[{{Key=Name,Value=second}}]",
            user_data.display()
        ))
        .json();
    let instance = &launched["Instances"][0];
    let id = instance["InstanceId"].as_str().unwrap().to_owned();
    assert_eq!(instance["MetadataOptions"]["HttpTokens"], "required");
    assert_eq!(instance["MetadataOptions"]["HttpPutResponseHopLimit"], 2);
    assert_eq!(
        instance["Tags"],
        json!([{"Key": "Name", "Value": "second"}])
    );
    let arn = instance["IamInstanceProfile"]["Arn"].as_str().unwrap();
    assert!(
        arn.ends_with(&format!(":instance-profile/{PROFILE}")),
        "{arn}"
    );

    let described = admin
        .run(&format!("ec2 describe-instances --instance-ids {id}"))
        .json();
    let instance = &described["Reservations"][0]["Instances"][0];
    assert_eq!(instance["InstanceType"], "t3.small");
    assert_eq!(instance["State"]["Name"], "running");
    let query = "--query Reservations[].Instances[].InstanceId";
    let named = "ec2 describe-instances --filters Name=tag:Name,Values=sec*";
    assert_eq!(admin.run(&format!("{named} {query}")).json(), json!([id]));
    let all = admin.run(&format!("ec2 describe-instances {query}")).json();
    assert_eq!(all.as_array().unwrap().len(), 2);
    id
}

fn metadata_options(admin: &mut Admin, id: &str) {
    let modify = format!("ec2 modify-instance-metadata-options --instance-id {id}");
    let options = admin
        .run(&format!(
            "{modify} --http-put-response-hop-limit 1 --http-tokens optional"
        ))
        .json();
    assert_eq!(
        options["InstanceMetadataOptions"]["HttpPutResponseHopLimit"],
        1
    );
    assert_eq!(options["InstanceMetadataOptions"]["HttpTokens"], "optional");
    admin
        .run(&format!("{modify} --http-put-response-hop-limit 65"))
        .fails_with(&["(InvalidParameterValue)"]);
    admin
        .run(&format!("{modify} --http-tokens sometimes"))
        .fails_with(&["sometimes"]);
    let held = admin
        .run(&format!("ec2 describe-instances --instance-ids {id}"))
        .json();
    let options = &held["Reservations"][0]["Instances"][0]["MetadataOptions"];
    assert_eq!(options["HttpTokens"], "optional");
}

fn associations(admin: &mut Admin, id: &str) {
    let describe = format!(
        "ec2 describe-iam-instance-profile-associations --filters Name=instance-id,Values={id}"
    );
    let held = admin.run(&describe).json();
    let first = held["IamInstanceProfileAssociations"][0]["AssociationId"].clone();
    let first = first.as_str().unwrap();
    let associate = format!("ec2 associate-iam-instance-profile --instance-id {id}");
    admin
        .run(&format!(
            "{associate} --iam-instance-profile Name={PROFILE}"
        ))
        .fails_with(&["(IncorrectState)"]);

    admin
        .run("iam create-instance-profile --instance-profile-name second")
        .ok();
    let replace = format!(
        "ec2 replace-iam-instance-profile-association --association-id {first} \
         --iam-instance-profile Name=second"
    );
    admin
        .run(&replace)
        .fails_with(&["(InvalidParameterValue)", "has no associated IAM Roles"]);
    let role = "--instance-profile-name second --role-name ec2-secrets-manager-role";
    admin
        .run(&format!("iam add-role-to-instance-profile {role}"))
        .ok();
    let replaced = admin.run(&replace).json();
    let second = replaced["IamInstanceProfileAssociation"]["AssociationId"].clone();
    let second = second.as_str().unwrap();
    assert_ne!(first, second);
    let gone = format!("ec2 disassociate-iam-instance-profile --association-id {second}");
    admin.run(&gone).ok();
    admin
        .run(&gone)
        .fails_with(&["(InvalidAssociationID.NotFound)"]);
    let held = admin
        .run(&format!("{describe} Name=state,Values=associated"))
        .json();
    assert_eq!(held["IamInstanceProfileAssociations"], json!([]));
    let again = admin
        .run(&format!(
            "{associate} --iam-instance-profile Name={PROFILE}"
        ))
        .json();
    assert_eq!(again["IamInstanceProfileAssociation"]["InstanceId"], id);
}

fn termination(admin: &mut Admin, id: &str) {
    let terminate = format!("ec2 terminate-instances --instance-ids {id}");
    let ended = admin.run(&terminate).json();
    assert_eq!(ended["TerminatingInstances"][0]["InstanceId"], id);
    let held = admin
        .run(&format!("ec2 describe-instances --instance-ids {id}"))
        .json();
    let state = &held["Reservations"][0]["Instances"][0]["State"]["Name"];
    assert_eq!(state, "terminated");
    admin.run(&terminate).ok();
    admin
        .run(&format!(
            "ec2 modify-instance-metadata-options --instance-id {id} --http-tokens required"
        ))
        .fails_with(&["(IncorrectInstanceState)"]);
}

const IMAGE: &str = "ami-0a1b2c3d4e5f60001";
const PROFILE: &str = "ec2-secrets-manager-profile";
