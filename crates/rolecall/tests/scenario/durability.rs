//! What was answered is kept, whenever the server is killed.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use crate::clients::{Admin, python};
use crate::harness::{World, scenario};
use crate::wait::until;

#[test]
fn what_was_answered_survives_a_kill() {
    scenario(|world| {
        world.canary(VALUE);
        for round in 0..2 {
            let answered = write_until_killed(world, round);
            world.start();
            let mut admin = Admin::new(world);
            let names = admin
                .run("secretsmanager list-secrets --query SecretList[].Name")
                .json();
            let held: BTreeSet<&str> = names
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|name| name.as_str())
                .collect();
            for name in &answered {
                assert!(
                    held.contains(name.as_str()),
                    "`{name}` was answered, and is gone"
                );
            }
            let last = answered.last().unwrap();
            let get = format!("secretsmanager get-secret-value --secret-id {last}");
            assert_eq!(admin.run(&get).json()["SecretString"], VALUE);
        }
    });
}

/// Two writers create secrets until the server is killed among them; tells which were answered.
fn write_until_killed(world: &mut World, round: usize) -> Vec<String> {
    let answered = Mutex::new(Vec::new());
    let writers = [0, 1].map(|writer| {
        let mut command = world.as_admin(python());
        command.env("AWS_MAX_ATTEMPTS", "1");
        (writer, Admin::with(command))
    });
    std::thread::scope(|scope| {
        for (writer, mut admin) in writers {
            let answered = &answered;
            scope.spawn(move || {
                for number in 0.. {
                    let name = format!("s-{round}-{writer}-{number}");
                    let create = format!("secretsmanager create-secret --name {name}");
                    let output = admin.run_with(&create, &["--secret-string", VALUE]);
                    if output.code != Some(0) {
                        return;
                    }
                    answered.lock().unwrap().push(name);
                }
            });
        }
        until("answers", Duration::from_secs(30), || {
            (answered.lock().unwrap().len() >= ANSWERS_MIN).then_some(())
        });
        world.kill();
    });
    answered.into_inner().unwrap()
}

const VALUE: &str = "a-value-that-was-answered";
// Enough that the kill falls among writes, not before them.
const ANSWERS_MIN: usize = 8;
