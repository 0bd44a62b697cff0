"""Callers of the metadata service whose processes change while they are answered.

`guard_caller.py WAY PATH UID [GROUP GROUP]`, as root: prints `asked` when the request is sent, reads a
line, goes on, and prints the status of the answer.
"""

import array
import encodings.idna  # before this is a user who may not read it
import os
import signal
import socket
import sys

# However it goes, also as another program.
signal.alarm(20)

WAY, PATH, UID = sys.argv[1], sys.argv[2], int(sys.argv[3])


def say(text):
    print(text, flush=True)


def become():
    os.setgroups([])
    os.setresgid(UID, UID, UID)
    os.setresuid(UID, UID, UID)


def connect():
    return socket.create_connection(("169.254.169.254", 80))


def send(peer):
    peer.sendall(f"GET {PATH} HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n".encode())


def asked():
    say("asked")
    sys.stdin.readline()


def told(peer):
    answer = b""
    while b"\r\n" not in answer and (more := peer.recv(4096)):
        answer += more
    say(answer.split(b" ")[1].decode() if answer else "nothing")


def in_group(path):
    with open(f"{path}/cgroup.procs", "w") as group:
        group.write(str(os.getpid()))


def ends_with_parent():
    """The end of a pipe that is read to its end when this process is gone."""
    read, _write = os.pipe()
    if os.fork() != 0:
        return None
    os.close(_write)
    return read


if WAY == "moved":
    # The socket is made in one group, and its process is in another one when it asks.
    in_group(sys.argv[4])
    os.seteuid(UID)
    peer = connect()
    os.seteuid(0)
    in_group(sys.argv[5])
    become()
    send(peer)
    asked()
    told(peer)
    sys.exit()

become()
peer = connect()
if WAY == "alone":
    send(peer)
    asked()
    told(peer)
elif WAY == "shared":
    if end := ends_with_parent():
        os.read(end, 1)
        os._exit(0)
    send(peer)
    asked()
    told(peer)
elif WAY == "shared with another program":
    ready, say_ready = os.pipe()
    if end := ends_with_parent():
        for descriptor in (peer.fileno(), end, say_ready):
            os.set_inheritable(descriptor, True)
        script = f"echo >&{say_ready}; read -r line <&{end}"
        os.execv("/bin/bash", ["bash", "-c", script])
    os.read(ready, 1)
    send(peer)
    asked()
    told(peer)
elif WAY == "another program":
    send(peer)
    asked()
    os.set_inheritable(peer.fileno(), True)
    script = f"read -r version status rest <&{peer.fileno()}; echo $status"
    os.execv("/bin/bash", ["bash", "-c", script])
elif WAY == "left to a child":
    if end := ends_with_parent():
        os.read(end, 1)
        say("alone")
        told(peer)
        os._exit(0)
    send(peer)
    asked()
    os._exit(0)
elif WAY == "in flight":
    # Nobody has the connection open: it is on its way to its own maker.
    one, two = socket.socketpair()
    rights = array.array("i", [peer.fileno()])
    send(peer)
    one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
    peer.close()
    asked()
    say("waits")
    sys.stdin.readline()
    _, ancillary, _, _ = two.recvmsg(1, socket.CMSG_SPACE(4))
    told(socket.socket(fileno=array.array("i", ancillary[0][2])[0]))
