//! Paths of Unix sockets, which the kernel takes up to 107 bytes of.

use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;

use rustix::fs::{Mode, OFlags, open};

/// Does something with a path that is short enough, and leads to the same place.
pub(crate) fn short<T>(path: &Path, f: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return f(path);
    };
    if path.as_os_str().len() <= PATH_BYTES_MAX {
        return f(path);
    }
    let folder = open(
        folder,
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )?;
    let by_number = format!("/proc/self/fd/{}", folder.as_raw_fd());
    f(&Path::new(&by_number).join(name))
}

/// Of `sun_path`, with a zero behind it.
const PATH_BYTES_MAX: usize = 107;

#[cfg(test)]
mod tests {
    use std::os::unix::net::{UnixListener, UnixStream};

    use super::*;

    #[test]
    fn a_socket_can_be_as_deep_as_a_file() {
        let base = tempfile::tempdir().unwrap();
        for depth in [1, 100, 200] {
            let folder = base.path().join("x".repeat(depth));
            std::fs::create_dir(&folder).unwrap();
            let path = folder.join("control.sock");
            let _listener = short(&path, |path| UnixListener::bind(path)).unwrap();
            assert!(path.exists());
            short(&path, |path| UnixStream::connect(path)).unwrap();
        }
        let nowhere = base.path().join("y".repeat(200)).join("control.sock");
        assert!(short(&nowhere, |path| UnixStream::connect(path)).is_err());
    }
}
