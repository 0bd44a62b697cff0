//! Calls and answers on the wire, for every protocol, driven by the shape tables.
