//! Instance profiles.

use super::*;

fn with_profile() -> World {
    let mut world = World::new();
    call(&mut world, "CreateRole", &role("r")).unwrap();
    let made = [("InstanceProfileName", "p"), ("Path", "/team/")];
    named(&mut world, "CreateInstanceProfile", &made).unwrap();
    world
}

const ADD: [(&str, &str); 2] = [("InstanceProfileName", "p"), ("RoleName", "r")];

#[test]
fn a_profile_shows_its_role() {
    let mut world = with_profile();
    let got = named(&mut world, "GetInstanceProfile", &ADD[..1]).unwrap();
    let profile = got.record("InstanceProfile").unwrap();
    assert_eq!(
        profile.text("Arn"),
        Some("arn:aws:iam::123456789012:instance-profile/team/p")
    );
    assert!(
        profile
            .text("InstanceProfileId")
            .unwrap()
            .starts_with("AIPA")
    );
    assert_eq!(profile.records("Roles").count(), 0);

    named(&mut world, "AddRoleToInstanceProfile", &ADD).unwrap();
    let got = named(&mut world, "GetInstanceProfile", &ADD[..1]).unwrap();
    let profile = got.record("InstanceProfile").unwrap();
    let role = profile.records("Roles").next().unwrap();
    assert_eq!(role.text("Arn"), Some("arn:aws:iam::123456789012:role/r"));
    let of = texts(&[("RoleName", "r")]);
    assert_eq!(
        names(&mut world, "ListInstanceProfilesForRole", &of, 1),
        ["p"]
    );
}

#[test]
fn a_profile_has_one_role() {
    let mut world = with_profile();
    call(&mut world, "CreateRole", &role("other")).unwrap();
    named(&mut world, "AddRoleToInstanceProfile", &ADD).unwrap();
    let words = "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1";
    for name in ["r", "other"] {
        let members = [ADD[0], ("RoleName", name)];
        fails(
            named(&mut world, "AddRoleToInstanceProfile", &members),
            LIMIT,
            words,
        );
    }
    let other = [ADD[0], ("RoleName", "other")];
    let answer = named(&mut world, "RemoveRoleFromInstanceProfile", &other);
    fails(answer, MISSING, "The role with name other cannot be found.");
    let none = [ADD[0], ("RoleName", "none")];
    let answer = named(&mut world, "AddRoleToInstanceProfile", &none);
    fails(answer, MISSING, "The role with name none cannot be found.");
}

#[test]
fn a_profile_with_a_role_cannot_be_deleted() {
    let mut world = with_profile();
    named(&mut world, "AddRoleToInstanceProfile", &ADD).unwrap();
    let words = "Cannot delete entity, must remove roles from instance profile first.";
    fails(
        named(&mut world, "DeleteInstanceProfile", &ADD[..1]),
        CONFLICT,
        words,
    );
    named(&mut world, "RemoveRoleFromInstanceProfile", &ADD).unwrap();
    named(&mut world, "DeleteInstanceProfile", &ADD[..1]).unwrap();
    fails(
        named(&mut world, "GetInstanceProfile", &ADD[..1]),
        MISSING,
        "p",
    );
}

#[test]
fn profiles_are_listed_by_path_in_pages() {
    let mut world = with_profile();
    let input = texts(&[("PathPrefix", "/team/")]);
    assert_eq!(names(&mut world, "ListInstanceProfiles", &input, 1), ["p"]);
    let all = names(&mut world, "ListInstanceProfiles", &Record::new(), 1);
    assert_eq!(all, ["ec2-secrets-manager-profile", "p"]);
}
