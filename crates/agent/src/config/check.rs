//! The second stage: the tree's keys and values as a [`Config`], or every problem it has.
//!
//! Knows the sections of the file; what stands in each is in the files below. Looks at nothing
//! outside the file.

mod access;
mod aws;
mod limits;
mod service;

use std::net::SocketAddr;

use super::{Access, CacheLimits, Config, LogLevel, Service};
use crate::yaml::{Checker, Node, Section};
pub(crate) use aws::{CHAINED_SECONDS, EXTERNAL_ID_CHARS};

/// The whole file.
pub(super) fn config(checker: &mut Checker<'_>, tree: Node) -> Option<Config> {
    let known = [
        "service",
        "secret-manager",
        "cache",
        "access",
        "audit",
        "log",
    ];
    let mut file = checker.section(tree, "", &known, &[])?;
    let service = checker
        .needed(&mut file, "service")
        .and_then(|node| checker.service(node));
    // What could not be read may have been such a listener.
    let by_resource = !checker.is_clean() || service.as_ref().is_none_or(Service::serves_resources);
    let secret_manager = checker
        .needed(&mut file, "secret-manager")
        .and_then(|node| checker.secret_manager(node, by_resource));
    let cache = match file.values.remove("cache") {
        Some(node) => checker.cache(node),
        None => Some(CacheLimits::default()),
    };
    let access = match file.values.remove("access") {
        Some(node) => checker.access(node),
        None => Some(Access::default()),
    };
    let audit = file
        .values
        .remove("audit")
        .and_then(|node| checker.audit(node));
    let log_level = match file.values.remove("log") {
        Some(node) => checker.log_level(node),
        None => Some(LogLevel::default()),
    };
    let config = Config {
        service: service?,
        secret_manager: secret_manager?,
        cache: cache?,
        access: access?,
        audit,
        log_level: log_level?,
    };
    checker.references(&config, file.place);
    Some(config)
}

/// What the sections below share.
impl Checker<'_> {
    /// An absolute path that must be there.
    fn needed_path(&mut self, section: &mut Section, key: &str) -> Option<String> {
        let text = self.needed_text(section, key)?;
        self.path(&text)
    }

    /// An address that must be there.
    fn needed_endpoint(&mut self, section: &mut Section, key: &str) -> Option<SocketAddr> {
        let text = self.needed_text(section, key)?;
        self.endpoint(&text)
    }

    /// `true` or `false`, with what it is by default.
    pub(crate) fn flag_or(
        &mut self,
        section: &mut Section,
        key: &str,
        default: bool,
    ) -> Option<bool> {
        match section.values.remove(key) {
            Some(node) => self.flag(&node, &section.path_of(key)),
            None => Some(default),
        }
    }
}
