//! The host: what the process asks of the kernel for itself.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Keeps secrets in the process: no core file, no reading by processes of the same user, and a
/// panic that says where but not what.
///
/// Each is best effort: a kernel that refuses one of them still runs the rest.
pub(crate) fn harden() {
    let _refused = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let _refused = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    );
    std::panic::set_hook(Box::new(|panic| {
        // The payload may hold what was being worked on.
        let place = panic
            .location()
            .map_or_else(|| "unknown".to_owned(), ToString::to_string);
        tracing::error!(place, "internal error");
    }));
}
