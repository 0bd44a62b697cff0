//! Bytes and descriptors over a Unix socket.
//!
//! Source: unix(7) of the Linux manual, `SCM_RIGHTS`.

use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

/// Sends all bytes, and the descriptors with the first of them. For sockets that block.
pub(crate) fn send(
    socket: impl AsFd,
    bytes: &[u8],
    descriptors: &[BorrowedFd<'_>],
) -> Result<(), Errno> {
    let mut sent = start(&socket, bytes, descriptors)?;
    while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
        sent += start(&socket, rest, &[])?;
    }
    Ok(())
}

/// Sends as many bytes as there is room for; the descriptors are gone with any.
pub(crate) fn start(
    socket: impl AsFd,
    bytes: &[u8],
    descriptors: &[BorrowedFd<'_>],
) -> Result<usize, Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS_MAX))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if descriptors.len() > DESCRIPTORS_MAX
        || !(descriptors.is_empty() || control.push(SendAncillaryMessage::ScmRights(descriptors)))
    {
        return Err(Errno::TOOBIG);
    }
    sendmsg(
        socket,
        &[IoSlice::new(bytes)],
        &mut control,
        SendFlags::NOSIGNAL,
    )
}

/// Receives some bytes, none at the end, and what descriptors came with them.
pub(crate) fn receive(
    socket: impl AsFd,
    buffer: &mut [u8],
    descriptors: &mut Vec<OwnedFd>,
) -> Result<usize, Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS_MAX))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut buffers = [IoSliceMut::new(buffer)];
    let received = recvmsg(socket, &mut buffers, &mut control, RecvFlags::CMSG_CLOEXEC)?;
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(passed) = message {
            descriptors.extend(passed);
        }
    }
    Ok(received.bytes)
}

/// In one message.
pub(crate) const DESCRIPTORS_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn descriptors_come_with_the_bytes() {
        let (one, other) = UnixStream::pair().unwrap();
        let (mut read, write) = std::io::pipe().unwrap();
        send(&one, b"hello", &[write.as_fd()]).unwrap();
        drop(write);
        let (mut buffer, mut passed) = ([0; 64], Vec::new());
        let bytes = receive(&other, &mut buffer, &mut passed).unwrap();
        assert_eq!((&buffer[..bytes], passed.len()), (&b"hello"[..], 1));

        drop(passed);
        assert_eq!(read.read(&mut buffer).unwrap(), 0, "no end of it is left");
        drop(one);
        assert_eq!(receive(&other, &mut buffer, &mut Vec::new()), Ok(0));
    }

    #[test]
    fn too_many_at_once_are_refused() {
        let (one, _other) = UnixStream::pair().unwrap();
        let many = [one.as_fd(); DESCRIPTORS_MAX + 1];
        assert_eq!(send(&one, b"x", &many), Err(Errno::TOOBIG));
    }
}
