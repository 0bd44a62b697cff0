//! Announcing to an instance what AWS would: maintenance, a rebalance, the end of a spot instance.
//!
//! On AWS nobody asks for these; here the operator does, to see what programs on the instance make
//! of them. Nothing is done to the instance when the time comes.
//!
//! Source: EC2 User Guide, "Scheduled events for your instances", "EC2 instance rebalance
//! recommendations", "Spot Instance interruption notices".

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::entity::{
    Change, Entity, Interruption, InterruptionAction, Maintenance, MaintenanceCode,
    MaintenanceState,
};
use crate::entropy::{Entropy, SEED_BYTES};
use crate::home::Home;
use crate::ids;
use crate::state::Partition;

/// What is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Announcement {
    /// An event, in `events/maintenance/scheduled`.
    Maintenance {
        /// What will be done.
        code: MaintenanceCode,
        /// It begins then or later.
        not_before: Timestamp,
        /// It has ended by then.
        not_after: Option<Timestamp>,
    },
    /// `events/recommendations/rebalance`, as of now.
    Rebalance,
    /// `spot/instance-action`, and `spot/termination-time` where it is terminated.
    Interruption {
        /// What is done.
        action: InterruptionAction,
        /// When.
        time: Timestamp,
    },
    /// Events that are scheduled are completed, and nothing else is announced.
    Completed,
    /// Events that are scheduled are canceled, and nothing else is announced.
    Cleared,
}

/// Why nothing is announced.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnnounceError {
    /// The instance is not there, or terminated.
    #[error("there is no instance `{0}`")]
    NoInstance(String),
    /// The event ends before it begins.
    #[error("the event ends at `{1}`, before it begins at `{0}`")]
    Backwards(Timestamp, Timestamp),
    /// The instance was told a lot already.
    #[error("the instance was announced {EVENTS_MAX} events already, which is the bound")]
    TooMany,
}

/// The changes by which an instance is told.
///
/// # Errors
///
/// See [`AnnounceError`].
pub fn announce(
    partition: &Arc<Partition>,
    home: &Home,
    instance_id: &str,
    what: Announcement,
    now: Timestamp,
    seed: [u8; SEED_BYTES],
) -> Result<Vec<Change>, AnnounceError> {
    let state = partition.state(home);
    let held = state
        .as_ref()
        .and_then(|state| state.instance(instance_id))
        .filter(|held| held.instance.terminated.is_none())
        .ok_or_else(|| AnnounceError::NoInstance(instance_id.to_owned()))?;
    let mut instance = held.instance.clone();
    let notices = &mut instance.notices;
    match what {
        Announcement::Maintenance {
            code,
            not_before,
            not_after,
        } => {
            if let Some(end) = not_after.filter(|end| *end < not_before) {
                return Err(AnnounceError::Backwards(not_before, end));
            }
            if notices.maintenance.len() >= EVENTS_MAX {
                return Err(AnnounceError::TooMany);
            }
            notices.maintenance.push(Maintenance {
                id: ids::resource_id("instance-event-", &mut Entropy::new(seed)),
                code,
                not_before,
                not_after,
                state: MaintenanceState::Active,
            });
        }
        Announcement::Rebalance => notices.rebalance = Some(now),
        Announcement::Interruption { action, time } => {
            notices.interruption = Some(Interruption { action, time });
        }
        Announcement::Completed => notices.settle(MaintenanceState::Completed),
        Announcement::Cleared => notices.settle(MaintenanceState::Canceled),
    }
    Ok(vec![Change::put(home.clone(), Entity::Instance(instance))])
}

// Of one instance, ended ones included: they are kept with it.
const EVENTS_MAX: usize = 100;
