"""In a network namespace of its own: the metadata service at its own addresses, packet by packet.

Takes the rolecall binary and a folder. Prints, as JSON, the hop limits of packets that carry answers,
and the statuses over IPv6 before and after it is enabled.
"""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

import boto3

V4, V6 = "169.254.169.254", "fd00:ec2::254"
TTL = b"X-aws-ec2-metadata-token-ttl-seconds: 60\r\n"
READY_TIME_MAX = 20


def main():
    program, folder = sys.argv[1:]
    for words in ("link set lo up", f"addr add {V4}/32 dev lo", f"addr add {V6}/128 dev lo nodad"):
        subprocess.run(["ip", *words.split()], check=True)
    ready_file = os.path.join(folder, "ready.json")
    ports = ["--listen", "127.0.0.1:0", "--agent-tcp", "127.0.0.1:0", "--agent-http", "127.0.0.1:0"]
    server = subprocess.Popen(
        [program, "up", "--data", f"{folder}/data", "--imds", "[::]:80", *ports]
        + ["--ready-file", ready_file],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "XDG_RUNTIME_DIR": folder},
    )
    try:
        end = time.monotonic() + READY_TIME_MAX
        while not os.path.exists(ready_file):
            assert server.poll() is None and time.monotonic() < end, "not ready"
            time.sleep(0.02)
        with open(ready_file) as file:
            ready = json.load(file)
        print(json.dumps(look(ready)))
    finally:
        server.terminate()
        server.wait()


def look(ready):
    def options(**given):
        ec2 = boto3.client(
            "ec2",
            endpoint_url=ready["endpoint"],
            region_name=ready["region"],
            aws_access_key_id=ready["admin"]["access_key_id"],
            aws_secret_access_key=ready["admin"]["secret_access_key"],
        )
        ec2.modify_instance_metadata_options(InstanceId=ready["instance_id"], **given)

    found = {"v6 disabled": ask(V6, b"PUT /latest/api/token", TTL)[0]}
    options(HttpProtocolIpv6="enabled", HttpPutResponseHopLimit=3)
    for name, address in (("v4", V4), ("v6", V6)):
        with Capture(address) as capture:
            status, token = ask(address, b"PUT /latest/api/token", TTL)
        found[f"{name} put"] = [status, capture.hops]
        header = b"X-aws-ec2-metadata-token: " + token + b"\r\n"
        with Capture(address) as capture:
            status, _ = ask(address, b"GET /latest/meta-data/", header)
        found[f"{name} get"] = [status, capture.hops]
    options(HttpProtocolIpv6="disabled")
    found["v6 disabled again"] = ask(V6, b"GET /latest/meta-data/", header)[0]
    return found


def ask(address, line, header):
    with socket.create_connection((address, 80), 5) as wire:
        wire.sendall(line + b" HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n" + header + b"\r\n")
        data = b""
        while part := wire.recv(65536):
            data += part
    head, _, body = data.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), body


class Capture:
    """Hop limits of the packets with data in them that come from port 80 of an address."""

    def __init__(self, address):
        self.address = address
        self.hops = []

    def __enter__(self):
        self.wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0003))
        self.wire.bind(("lo", 0))
        self.wire.settimeout(0.5)
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def run(self):
        seen = set()
        while True:
            try:
                packet, (_, kind, direction, *_) = self.wire.recvfrom(65536)
            except TimeoutError:
                break
            if direction == socket.PACKET_OUTGOING:
                continue
            hops, source, segment = self.ip(packet, kind)
            if source != self.address or len(segment) < 20:
                continue
            port, data = struct.unpack_from("!H", segment)[0], segment[(segment[12] >> 4) * 4 :]
            if port == 80 and data:
                seen.add(hops)
        self.hops = sorted(seen)

    @staticmethod
    def ip(packet, kind):
        if kind == 0x0800:
            length = struct.unpack_from("!H", packet, 2)[0]
            source = socket.inet_ntop(socket.AF_INET, packet[12:16])
            return packet[8], source, packet[(packet[0] & 15) * 4 : length]
        if kind == 0x86DD:
            return packet[7], socket.inet_ntop(socket.AF_INET6, packet[8:24]), packet[40:]
        return 0, "", b""

    def __exit__(self, *_):
        self.thread.join()
        self.wire.close()


main()
