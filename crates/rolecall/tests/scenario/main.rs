//! Scenarios: the release binary as a user runs it, against the clients that users have.
//!
//! `cargo xtask test` prepares the clients and runs these; nothing is skipped when one is missing.
//! Every scenario ends with a search for the secrets that it saw (`harness`).

#![cfg(test)]

mod abuse;
mod account_serve;
mod admin_ec2;
mod admin_groups;
mod admin_iam;
mod admin_kms;
mod admin_kms_pairs;
mod admin_organizations;
mod admin_secrets;
mod agent;
mod agent_access;
mod agent_crowds;
mod agent_faults;
mod agent_listeners;
mod agent_management;
mod agent_memory;
mod agent_process;
mod agent_snapshot;
mod agent_sockets;
mod agent_sources;
mod agent_tls;
mod audit;
mod audit_access;
mod audit_corpora;
mod audit_organization;
mod audit_places;
mod boot;
mod canary;
mod clients;
mod cluster;
mod cluster_care;
mod command_line;
#[path = "../crash/client.rs"]
mod crash_client;
mod data_folder;
mod documents;
mod durability;
mod enter;
mod enter_clients;
mod enter_left;
mod enter_policy;
mod enter_signals;
mod etcd;
mod explain;
mod fault;
mod guard;
mod guard_net;
mod guard_outage;
mod guard_own;
mod guard_races;
mod guard_services;
mod guard_watch;
mod harness;
mod host_agent;
mod instance;
mod instance_faults;
mod linear;
mod local_agent;
mod metadata;
mod metadata_abuse;
mod metadata_conformance;
mod metadata_identity;
mod policy_tools;
mod proxy;
mod role_to_secret;
mod root_keys;
mod rotation;
mod rows;
mod sdks;
mod shell;
mod shell_exec;
mod shell_render;
mod signatures;
mod terraform;
mod trail;
mod unit;
mod wait;
mod web_identity;
mod wire;
