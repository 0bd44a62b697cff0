"""A Secret Agent client over TLS: one read after the other on one connection.

Arguments: HOST:PORT, the authority's file, 1.2 or 1.3, and the client's certificate and key if it
shows one. Prints what it saw as JSON; a line on standard input asks once more.
"""

import json
import socket
import ssl
import struct
import sys

address, authority, version, *shown = sys.argv[1:]
host, port = address.rsplit(":", 1)
context = ssl.create_default_context(cafile=authority)
context.minimum_version = context.maximum_version = {
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}[version]
if shown:
    context.load_cert_chain(*shown)


def exactly(stream, count):
    data = b""
    while len(data) < count:
        part = stream.recv(count - len(data))
        if not part:
            raise EOFError("closed after %d bytes" % len(data))
        data += part
    return data


def ask(stream):
    body = json.dumps({"Resource": "TestingSecret", "SecretKey": "password"}).encode()
    stream.sendall(struct.pack(">II", 0x51DEC1CC, len(body)) + body)
    magic, length = struct.unpack(">II", exactly(stream, 8))
    assert magic == 0x51DEC1CC, hex(magic)
    return json.loads(exactly(stream, length))


try:
    with socket.create_connection((host, int(port)), timeout=12) as bare:
        with context.wrap_socket(bare, server_hostname="localhost") as stream:
            while True:
                certificate = stream.getpeercert()["serialNumber"]
                seen = {"version": stream.version(), "serial": certificate, "reply": ask(stream)}
                print(json.dumps(seen), flush=True)
                if not sys.stdin.readline():
                    break
except (OSError, EOFError) as error:
    print(json.dumps({"refused": str(error)}), flush=True)
