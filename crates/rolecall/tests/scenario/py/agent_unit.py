"""The service manager's part of LoadCredential=: connections from addresses that name a unit.

Arguments: the socket, how many connections at once, the unit, the credential. Prints the bytes that
each got as a JSON list of texts.
"""

import json
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

path, count, unit, credential = sys.argv[1:]


def load(_):
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(12)
        random = os.urandom(8).hex()
        client.bind("\0%s/unit/%s/%s" % (random, unit, credential))
        client.connect(path)
        client.shutdown(socket.SHUT_WR)
        data = b""
        while part := client.recv(65536):
            data += part
        return data.decode()


with ThreadPoolExecutor(int(count)) as pool:
    print(json.dumps(list(pool.map(load, range(int(count))))))
