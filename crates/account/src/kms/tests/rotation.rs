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
