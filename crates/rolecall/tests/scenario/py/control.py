"""Sends what no command sends to the control socket of a running account, and prints the answers.

Arguments: the socket, and a running instance.
"""

import json
import socket
import sys

path, instance = sys.argv[1:]
METADATA = {"request": "serve", "sockets": ["metadata"]}


def connect(entering):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    if entering:
        answer = ask(connection, {"request": "enter", "instance": instance})
        assert answer["answer"] == "entered", answer
    return connection


def ask(connection, request, passed=()):
    line = (json.dumps(request) + "\n").encode()
    socket.send_fds(connection, [line], [one.fileno() for one in passed])
    return json.loads(connection.makefile().readline())


def shows(what, answer):
    assert answer["answer"] == "refused", answer
    print(f"{what}: {answer['message']}")


def ends(what, data):
    connection = connect(False)
    try:
        connection.sendall(data)
        rest = connection.recv(100)
    except (BrokenPipeError, ConnectionResetError):
        rest = b""
    print(f"{what}: {rest or 'the end'}")


datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
idle = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
shows("unentered", ask(connect(False), METADATA))
shows("too few", ask(connect(True), METADATA))
shows("of another kind", ask(connect(True), METADATA, [datagram]))
shows("not listening", ask(connect(True), METADATA, [idle]))
many = connect(True)
listeners = []
for _ in range(16):
    listeners.append(socket.create_server(("127.0.0.1", 0)))
    assert ask(many, METADATA, listeners[-1:])["answer"] == "done"
shows("too many", ask(many, METADATA, listeners[-1:]))
shows("no console", ask(connect(True), {"request": "console"}))
ends("no request", b"GET / HTTP/1.1\r\n\r\n")
ends("endless", b"x" * (5 * 1024 * 1024))
