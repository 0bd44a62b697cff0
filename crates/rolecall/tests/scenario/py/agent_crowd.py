"""A crowd of connections that want nothing: silent ones, slow ones, and floods of headers.

Arguments: how many, then HOST:PORT or the path of a socket for each place. Prints a line when all
have been tried, and keeps what it has until standard input ends.
"""

import resource
import socket
import sys

count, places = int(sys.argv[1]), sys.argv[2:]
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
STARTS = [b"", b"\x51\xde", b"GET /v1/a HTTP/1.1\r\nHost: localhost\r\n", b"\x16\x03\x01"]
kept, refused = [], 0
for number in range(count):
    for place in places:
        try:
            if place.startswith("/"):
                client = socket.socket(socket.AF_UNIX)
                client.connect(place)
            else:
                host, port = place.rsplit(":", 1)
                client = socket.create_connection((host, int(port)), timeout=5)
            client.settimeout(5)
            start = STARTS[number % len(STARTS)]
            if start:
                client.sendall(start)
            kept.append(client)
        except OSError:
            refused += 1
print("refused %d" % refused, flush=True)
sys.stdin.read()
