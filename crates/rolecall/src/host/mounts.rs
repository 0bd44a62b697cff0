//! What files look like inside a mount namespace of this process's own.
//!
//! Everything that is put there is in memory and goes with the namespace. Knows no file by name.
//!
//! Source: mount(2), mount_namespaces(7) and proc(5) of the Linux manual.

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::mount::{
    MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_bind, mount_change, unmount,
};

/// A file as it is to look inside.
#[derive(Debug)]
pub(crate) struct Shown {
    /// Of the file that it is in place of; it follows links.
    pub(crate) path: PathBuf,
    pub(crate) content: Vec<u8>,
}

/// Keeps what is mounted from here on to this namespace.
pub(crate) fn part() -> Result<(), Errno> {
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    match mount_change("/", private) {
        // The root of a chroot is no mount; the namespace was made with its mounts parted already.
        Err(Errno::INVAL) => Ok(()),
        parted => parted,
    }
}

/// Has /proc show the processes of this namespace. Where a part of it is hidden, as containers have
/// it, the kernel refuses and the old one stays.
pub(crate) fn show_processes() {
    let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    let _as_it_was = mount("proc", "/proc", "proc", flags, None);
}

/// Has a folder be empty, for its owner alone. What is written to it is gone with the namespace.
pub(crate) fn hide(folder: &Path) -> Result<(), Errno> {
    memory(folder, c"mode=0700")
}

/// Puts files in the place of others, for reading.
pub(crate) fn show(files: &[Shown]) -> Result<(), Errno> {
    // Opened first: one of them may be below the folder that is covered for a moment.
    let targets: Result<Vec<File>, Errno> = files.iter().map(|file| located(&file.path)).collect();
    let holder = holder()?;
    memory(holder, c"mode=0755")?;
    let shown = targets.and_then(|targets| {
        for (number, (file, target)) in files.iter().zip(&targets).enumerate() {
            let made = holder.join(number.to_string());
            let errno = |error: std::io::Error| Errno::from_io_error(&error).unwrap_or(Errno::IO);
            fs::write(&made, &file.content).map_err(errno)?;
            fs::set_permissions(&made, fs::Permissions::from_mode(0o444)).map_err(errno)?;
            mount_bind(&made, format!("/proc/self/fd/{}", target.as_raw_fd()))?;
        }
        Ok(())
    });
    // What is bound elsewhere stays.
    unmount(holder, UnmountFlags::DETACH)?;
    shown
}

/// Leaves a file in a folder of its own, where no file can be put in its place; the folder is
/// covered as long as the namespace lives.
pub(crate) fn leave(name: &str, content: &[u8]) -> Result<PathBuf, Errno> {
    let folder = FOLDERS
        .map(Path::new)
        .into_iter()
        .find(|folder| is_empty(folder));
    let folder = folder.ok_or(Errno::NOENT)?;
    memory(folder, c"mode=0755")?;
    let path = folder.join(name);
    fs::write(&path, content).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))?;
    Ok(path)
}

fn memory(folder: &Path, options: &std::ffi::CStr) -> Result<(), Errno> {
    let flags = MountFlags::NOSUID | MountFlags::NODEV;
    mount("tmpfs", folder, "tmpfs", flags, options)
}

fn located(path: &Path) -> Result<File, Errno> {
    let flags = i32::try_from(rustix::fs::OFlags::PATH.bits()).unwrap_or_default();
    let file = fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path);
    file.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
}

/// A folder that is covered while files are made.
fn holder() -> Result<&'static Path, Errno> {
    let mut folders = FOLDERS
        .map(Path::new)
        .into_iter()
        .chain([Path::new("/tmp")]);
    folders.find(|folder| folder.is_dir()).ok_or(Errno::NOENT)
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// Of the Filesystem Hierarchy Standard, and mostly empty.
const FOLDERS: [&str; 4] = ["/mnt", "/srv", "/media", "/opt"];
