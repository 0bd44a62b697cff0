//! Rotation: new material when it is due, and the old one for what it encrypted.

use super::*;

fn material(world: &mut World, id: &str) -> String {
    let answer = call(world, "DescribeKey", &of(id)).unwrap();
    let metadata = answer.record("KeyMetadata").unwrap();
    metadata.text("CurrentKeyMaterialId").unwrap().to_owned()
}

fn is_on(world: &mut World, id: &str) -> bool {
    let answer = call(world, "GetKeyRotationStatus", &of(id)).unwrap();
    let on = answer.boolean("KeyRotationEnabled").unwrap();
    assert_eq!(answer.get("NextRotationDate").is_some(), on);
    on
}

#[test]
fn material_that_is_due_is_made_and_the_old_one_still_decrypts() {
    let mut world = World::new();
    let id = key(&mut world);
    let input = of(&id).with("RotationPeriodInDays", 90);
    call(&mut world, "EnableKeyRotation", &input).unwrap();
    let (first, old) = (material(&mut world, &id), encrypted(&mut world, &id, &[]));
    world.now = seconds(90 * DAY - 1);
    encrypted(&mut world, &id, &[]);
    assert_eq!(material(&mut world, &id), first);

    world.now = seconds(90 * DAY);
    let new = encrypted(&mut world, &id, &[]);
    let second = material(&mut world, &id);
    assert_ne!(second, first);
    for (blob, by) in [(&old, &first), (&new, &second)] {
        let answer = call(&mut world, "Decrypt", &decrypting(blob, &[])).unwrap();
        assert_eq!(plain(&answer), b"plain");
        assert_eq!(answer.text("KeyMaterialId"), Some(by.as_str()));
    }
    // One that says it is of the other material, or of one that is not there.
    for version in [1, 3] {
        let mut forged = new.clone();
        forged[20] = version;
        let fault = ("InvalidCiphertextException", 400);
        fails(
            call(&mut world, "Decrypt", &decrypting(&forged, &[])),
            fault,
            "",
        );
    }
    encrypted(&mut world, &id, &[]);
    assert_eq!(material(&mut world, &id), second);
    world.now = seconds(180 * DAY);
    encrypted(&mut world, &id, &[]);
    assert_ne!(material(&mut world, &id), second);
}

#[test]
fn rotation_is_off_unless_it_is_turned_on() {
    let mut world = World::new();
    let id = key(&mut world);
    assert!(!is_on(&mut world, &id));
    let first = material(&mut world, &id);
    call(&mut world, "EnableKeyRotation", &of(&id)).unwrap();
    assert!(is_on(&mut world, &id));
    for days in [89, 2_561] {
        let input = of(&id).with("RotationPeriodInDays", days);
        let answer = call(&mut world, "EnableKeyRotation", &input);
        fails(answer, VALIDATION, "rotationPeriodInDays");
    }
    call(&mut world, "DisableKeyRotation", &of(&id)).unwrap();
    assert!(!is_on(&mut world, &id));
    world.now = seconds(4_000 * DAY);
    encrypted(&mut world, &id, &[]);
    assert_eq!(material(&mut world, &id), first);
}

#[test]
fn a_key_that_is_going_does_not_rotate() {
    let mut world = World::new();
    let id = key(&mut world);
    call(&mut world, "EnableKeyRotation", &of(&id)).unwrap();
    call(&mut world, "ScheduleKeyDeletion", &of(&id)).unwrap();
    assert!(!is_on(&mut world, &id));
    call(&mut world, "CancelKeyDeletion", &of(&id)).unwrap();
    assert!(is_on(&mut world, &id));
}

fn rotations(world: &mut World, input: &Record) -> Vec<Record> {
    let answer = call(world, "ListKeyRotations", input).unwrap();
    answer.records("Rotations").cloned().collect()
}

#[test]
fn material_is_made_on_demand_and_the_schedule_stays() {
    let mut world = World::new();
    let id = key(&mut world);
    let input = of(&id).with("RotationPeriodInDays", 90);
    call(&mut world, "EnableKeyRotation", &input).unwrap();
    let (first, old) = (material(&mut world, &id), encrypted(&mut world, &id, &[]));
    let status = call(&mut world, "GetKeyRotationStatus", &of(&id)).unwrap();
    world.now = seconds(DAY);
    let answer = call(&mut world, "RotateKeyOnDemand", &of(&id)).unwrap();
    assert_eq!(answer.text("KeyId"), Some(&*arn(&id)));
    let second = material(&mut world, &id);
    assert_ne!(first, second);
    let after = call(&mut world, "GetKeyRotationStatus", &of(&id)).unwrap();
    assert_eq!(
        after.get("NextRotationDate"),
        status.get("NextRotationDate")
    );
    let opened = call(&mut world, "Decrypt", &decrypting(&old, &[])).unwrap();
    assert_eq!(opened.text("KeyMaterialId"), Some(&*first));

    world.now = seconds(90 * DAY);
    encrypted(&mut world, &id, &[]);
    let third = material(&mut world, &id);
    let listed = rotations(&mut world, &of(&id));
    let expect = [
        (&second, "ON_DEMAND", "NON_CURRENT", DAY),
        (&third, "AUTOMATIC", "CURRENT", 90 * DAY),
    ];
    assert_eq!(listed.len(), expect.len());
    for (entry, (material, kind, state, after)) in listed.iter().zip(expect) {
        assert_eq!(entry.text("KeyMaterialId"), Some(&**material));
        assert_eq!(entry.text("RotationType"), Some(kind));
        assert_eq!(entry.text("KeyMaterialState"), Some(state));
        let date = Value::Timestamp(seconds(after));
        assert_eq!(entry.get("RotationDate"), Some(&date));
    }
    let all = of(&id).with("IncludeKeyMaterial", "ALL_KEY_MATERIAL");
    let listed = rotations(&mut world, &all);
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[0].text("KeyMaterialId"), Some(&*first));
    assert!(listed[0].get("RotationDate").is_none());
    let page = all.clone().with("Limit", 2);
    let answer = call(&mut world, "ListKeyRotations", &page).unwrap();
    let rest = all.with("Marker", answer.text("NextMarker").unwrap());
    assert_eq!(rotations(&mut world, &rest), listed[2..]);
}

#[test]
fn a_key_is_rotated_on_demand_so_often_and_no_more() {
    let mut world = World::new();
    let id = key(&mut world);
    for _ in 0..25 {
        call(&mut world, "RotateKeyOnDemand", &of(&id)).unwrap();
    }
    let more = call(&mut world, "RotateKeyOnDemand", &of(&id));
    fails(more, LIMIT, "25");
    assert_eq!(rotations(&mut world, &of(&id)).len(), 25);
}

#[test]
fn what_does_not_rotate_is_refused() {
    let mut world = World::new();
    let hmac = [("KeySpec", "HMAC_256"), ("KeyUsage", "GENERATE_VERIFY_MAC")];
    let curve = [("KeySpec", "ECC_NIST_P256"), ("KeyUsage", "SIGN_VERIFY")];
    for (spec, name) in [(hmac, "HMAC_256"), (curve, "ECC_NIST_P256")] {
        let id = made(&mut world, &texts(&spec));
        for operation in ["RotateKeyOnDemand", "ListKeyRotations"] {
            fails(call(&mut world, operation, &of(&id)), UNSUPPORTED, name);
        }
        assert!(!is_on(&mut world, &id));
    }
    let id = key(&mut world);
    call(&mut world, "DisableKey", &of(&id)).unwrap();
    let refused = call(&mut world, "RotateKeyOnDemand", &of(&id));
    fails(refused, DISABLED, "is disabled");
    assert!(rotations(&mut world, &of(&id)).is_empty());
    call(&mut world, "ScheduleKeyDeletion", &of(&id)).unwrap();
    let refused = call(&mut world, "RotateKeyOnDemand", &of(&id));
    fails(refused, STATE, "pending deletion");
    let alias = call(&mut world, "RotateKeyOnDemand", &of("alias/none"));
    fails(alias, MISSING, "alias/none");
}
