//! What AWS announces to an instance, as its operator has it announced here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an instance was told of its future.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notices {
    /// Scheduled maintenance, ended or not, the oldest first.
    pub maintenance: Vec<Maintenance>,
    /// Since when there is a rebalance recommendation.
    pub rebalance: Option<Timestamp>,
    /// The interruption of a spot instance.
    pub interruption: Option<Interruption>,
}

/// One scheduled event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// `instance-event-…`
    pub id: String,
    /// What will be done.
    pub code: MaintenanceCode,
    /// It begins then or later.
    pub not_before: Timestamp,
    /// It has ended by then.
    pub not_after: Option<Timestamp>,
    /// How far it is.
    pub state: MaintenanceState,
}

/// What will be done to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MaintenanceCode {
    /// The instance is rebooted.
    InstanceReboot,
    /// Its host is rebooted.
    SystemReboot,
    /// Its network or power is worked on.
    SystemMaintenance,
    /// It is stopped or terminated, because its host fails.
    InstanceRetirement,
    /// It is stopped.
    InstanceStop,
}

/// How far an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MaintenanceState {
    /// Still to come, or under way.
    Active,
    /// It has been.
    Completed,
    /// It will not be.
    Canceled,
}

/// The end of a spot instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interruption {
    /// What is done to it.
    pub action: InterruptionAction,
    /// When.
    pub time: Timestamp,
}

/// What is done to a spot instance that is interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InterruptionAction {
    /// It is hibernated.
    Hibernate,
    /// It is stopped.
    Stop,
    /// It is terminated.
    Terminate,
}

impl Notices {
    /// Events that are not over.
    pub fn scheduled(&self) -> impl Iterator<Item = &Maintenance> {
        let active = |event: &&Maintenance| event.state == MaintenanceState::Active;
        self.maintenance.iter().filter(active)
    }

    /// Events that are over.
    pub fn history(&self) -> impl Iterator<Item = &Maintenance> {
        let over = |event: &&Maintenance| event.state != MaintenanceState::Active;
        self.maintenance.iter().filter(over)
    }

    /// Nothing is announced any more; events that were not over have ended so.
    pub fn settle(&mut self, state: MaintenanceState) {
        let active = self.maintenance.iter_mut();
        let active = active.filter(|event| event.state == MaintenanceState::Active);
        active.for_each(|event| event.state = state);
        self.rebalance = None;
        self.interruption = None;
    }
}

impl MaintenanceCode {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::InstanceReboot,
        Self::SystemReboot,
        Self::SystemMaintenance,
        Self::InstanceRetirement,
        Self::InstanceStop,
    ];

    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InstanceReboot => "instance-reboot",
            Self::SystemReboot => "system-reboot",
            Self::SystemMaintenance => "system-maintenance",
            Self::InstanceRetirement => "instance-retirement",
            Self::InstanceStop => "instance-stop",
        }
    }

    /// For people.
    pub fn description(self) -> &'static str {
        match self {
            Self::InstanceReboot | Self::SystemReboot => "scheduled reboot",
            Self::SystemMaintenance => "scheduled maintenance",
            Self::InstanceRetirement => "The instance is running on degraded hardware",
            Self::InstanceStop => "scheduled stop",
        }
    }
}

impl MaintenanceState {
    /// As the metadata service spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Completed => "completed",
            Self::Canceled => "canceled",
        }
    }
}

impl InterruptionAction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Hibernate, Self::Stop, Self::Terminate];

    /// As the metadata service spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hibernate => "hibernate",
            Self::Stop => "stop",
            Self::Terminate => "terminate",
        }
    }
}
