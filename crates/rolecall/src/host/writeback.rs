//! What the kernel keeps of a file until it writes it to the disk.
//!
//! Source: sync_file_range(2).
#![expect(unsafe_code, reason = "asks the kernel what rustix has no call for")]

use std::fs::File;
use std::os::fd::AsRawFd as _;

/// Has the kernel begin to write `bytes` from `offset` on to the disk, and does not wait for it.
/// What becomes of it, the file's next sync tells.
pub(crate) fn begin_writeback(file: &File, offset: u64, bytes: u64) {
    let (Ok(offset), Ok(bytes)) = (i64::try_from(offset), i64::try_from(bytes)) else {
        return;
    };
    let flags = libc::SYNC_FILE_RANGE_WRITE;
    // SAFETY: it takes no pointer, and the descriptor is open for as long as `file` is borrowed.
    let _synced_later = unsafe { libc::sync_file_range(file.as_raw_fd(), offset, bytes, flags) };
}
