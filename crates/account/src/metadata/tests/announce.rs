//! What is announced to an instance, as programs on it read it.

use super::*;
use crate::entity::{InterruptionAction, MaintenanceCode};
use crate::metadata::{AnnounceError, Announcement, announce};

const EVENTS: &str = "/latest/meta-data/events/";

fn say(world: &mut World, what: Announcement) -> Result<(), AnnounceError> {
    let (home, id) = (world.partition.home(), world.instance_id());
    let changes = announce(&world.partition, &home, &id, what, world.now, [5; 32])?;
    for change in changes {
        world.apply(change);
    }
    Ok(())
}

fn reboot(begin: i64, end: Option<i64>) -> Announcement {
    Announcement::Maintenance {
        code: MaintenanceCode::SystemReboot,
        not_before: seconds(begin),
        not_after: end.map(seconds),
    }
}

fn events(world: &World, which: &str) -> serde_json::Value {
    let (status, text) = get(world, &format!("{EVENTS}maintenance/{which}"));
    assert_eq!(status, 200);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn maintenance_is_scheduled_and_becomes_history() {
    let mut world = World::new();
    assert_eq!(get(&world, EVENTS).1, "maintenance/");
    say(&mut world, reboot(60, Some(120))).unwrap();

    let (_, text) = get(&world, &format!("{EVENTS}maintenance/scheduled"));
    let form = "[\n  {\n    \"NotBefore\" : \"1 Jan 2026 00:01:00 GMT\",\n    \"Code\" : \
                \"system-reboot\",\n    \"Description\" : \"scheduled reboot\",\n    \"EventId\" : \
                \"instance-event-";
    assert!(text.starts_with(form), "{text}");
    assert!(text.ends_with("\"State\" : \"active\"\n  }\n]"), "{text}");
    assert_eq!(events(&world, "history"), serde_json::json!([]));
    let ids = Record::new().with("InstanceIds", vec![&*world.instance_id()]);
    let status = world.admin("ec2", "DescribeInstanceStatus", &ids).unwrap();
    assert!(
        format!("{status:?}").contains("system-reboot"),
        "{status:?}"
    );

    say(&mut world, reboot(200, None)).unwrap();
    assert_eq!(events(&world, "scheduled").as_array().unwrap().len(), 2);
    say(&mut world, Announcement::Completed).unwrap();
    assert_eq!(events(&world, "scheduled"), serde_json::json!([]));
    let history = events(&world, "history");
    assert_eq!(history[0]["State"], "completed");
    assert_eq!(history[0]["Description"], "[Completed] scheduled reboot");
    assert_eq!(history[1].get("NotAfter"), None);

    say(&mut world, reboot(300, None)).unwrap();
    say(&mut world, Announcement::Cleared).unwrap();
    assert_eq!(events(&world, "history")[2]["State"], "canceled");
}

#[test]
fn a_rebalance_and_an_interruption_are_there_until_they_are_cleared() {
    let mut world = World::new();
    let paths = [
        "events/recommendations/rebalance",
        "spot/instance-action",
        "spot/termination-time",
    ];
    let found = |world: &World| paths.map(|path| get(world, &format!("/latest/meta-data/{path}")));
    assert!(found(&world).iter().all(|(status, _)| *status == 404));
    let end = Announcement::Interruption {
        action: InterruptionAction::Terminate,
        time: seconds(120),
    };
    say(&mut world, Announcement::Rebalance).unwrap();
    say(&mut world, end).unwrap();
    let told = found(&world).map(|(status, text)| (status == 200).then_some(text).unwrap());
    let (notice, action) = (
        "{\"noticeTime\": \"2026-01-01T00:00:00Z\"}",
        "{\"action\": \"terminate\", \"time\": \"2026-01-01T00:02:00Z\"}",
    );
    assert_eq!(told, [notice, action, "2026-01-01T00:02:00Z"]);
    assert_eq!(get(&world, EVENTS).1, "maintenance/\nrecommendations/");
    // Brought by later versions than these.
    assert_eq!(
        get(&world, "/2020-08-24/meta-data/events").1,
        "maintenance/"
    );
    assert_eq!(
        get(&world, "/2014-11-05/meta-data/spot").1,
        "termination-time"
    );

    let stop = Announcement::Interruption {
        action: InterruptionAction::Stop,
        time: seconds(120),
    };
    say(&mut world, stop).unwrap();
    assert_eq!(get(&world, "/latest/meta-data/spot/").1, "instance-action");
    say(&mut world, Announcement::Cleared).unwrap();
    assert!(found(&world).iter().all(|(status, _)| *status == 404));
}

#[test]
fn an_instance_that_starts_again_is_on_another_host() {
    let mut world = World::new();
    say(&mut world, reboot(60, None)).unwrap();
    let ids = Record::new().with("InstanceIds", vec![&*world.instance_id()]);
    world.admin("ec2", "StopInstances", &ids).unwrap();
    world.admin("ec2", "StartInstances", &ids).unwrap();
    assert_eq!(events(&world, "scheduled"), serde_json::json!([]));
    assert_eq!(events(&world, "history")[0]["State"], "completed");
}

#[test]
fn announcements_that_are_refused() {
    let mut world = World::new();
    let backwards = AnnounceError::Backwards(seconds(60), seconds(59));
    assert_eq!(say(&mut world, reboot(60, Some(59))), Err(backwards));
    for _ in 0..100 {
        say(&mut world, reboot(60, None)).unwrap();
    }
    assert_eq!(
        say(&mut world, reboot(60, None)),
        Err(AnnounceError::TooMany)
    );
    let id = world.instance_id();
    let ids = Record::new().with("InstanceIds", vec![&*id]);
    world.admin("ec2", "TerminateInstances", &ids).unwrap();
    let gone = AnnounceError::NoInstance(id);
    assert_eq!(say(&mut world, Announcement::Rebalance), Err(gone));
}
