#!/usr/bin/env python3
"""Runs the cases of this folder against a metadata service: ours, another's, or EC2's own.

    run.py URL [--ours] [--must FACT]... [--json] [FILE.case]...

On an instance: run.py http://169.254.169.254. A case is a name, what must hold of the service for it
to count (`? tokens=required`), a request, a status (`= 200`), headers of the answer (`name: value`,
`name ~ pattern`, `name !` for none) and its body (`| text` a line each, or `~ pattern`). What holds is
found out by asking; `--must` says what is expected to. Only Python's own library is needed; tokens
and credentials are not printed.
"""

import argparse
import json
import pathlib
import re
import socket
import sys
import time
import urllib.parse

TIME_MAX = 10
PAGE = """<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
\t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>%s</title>
 </head>
 <body>
  <h1>%s</h1>
 </body>
</html>
"""


class Service:
    """One endpoint, asked with nothing in a request but what a case says."""

    def __init__(self, url, ours):
        parts = urllib.parse.urlsplit(url)
        self.host = parts.netloc
        self.address = (parts.hostname, parts.port or 80)
        self.facts = {"ours"} if ours else set()
        self.names = {"2048 bytes": "a" * 2048}
        self.learn()

    def ask(self, line, headers):
        words = line.split(" ")
        version = words[2] if len(words) > 2 else "HTTP/1.1"
        head = [f"{words[0]} {words[1]} {version}", f"Host: {self.host}", *headers]
        if words[0] in ("PUT", "POST"):
            head.append("Content-Length: 0")
        # For services that keep connections; ours and EC2's close them anyway.
        if not any(header.lower().startswith("connection:") for header in headers):
            head.append("Connection: close")
        with socket.create_connection(self.address, TIME_MAX) as wire:
            wire.sendall("\r\n".join([*head, "", ""]).encode())
            data = b""
            while part := wire.recv(65536):
                data += part
        return Answer(data)

    def learn(self):
        """Finds out in which mode the service is, and makes the tokens of the cases."""
        minted = self.ask("PUT /latest/api/token", [f"{TTL}: 300"])
        bare = self.ask("GET /latest/meta-data/", [])
        if minted.status == 403 and bare.status == 403:
            self.facts.add("endpoint=disabled")
            return
        token = minted.body.decode()
        ended = self.ask("PUT /latest/api/token", [f"{TTL}: 1"]).body.decode()
        middle = len(token) // 2
        other = "B" if token[middle] == "A" else "A"
        self.names |= {
            "token": token,
            "ended token": ended,
            "cut token": token[:-8],
            "altered token": token[:middle] + other + token[middle + 1 :],
        }
        # The clock of a token counts whole seconds.
        time.sleep(2.1)
        self.facts |= {
            "endpoint=enabled",
            "tokens=required" if bare.status == 401 else "tokens=optional",
        }
        self.probe("role", "iam/info", "there", "none")
        self.probe("tags", "tags/", "shown", "hidden")
        self.probe("spot", "spot/instance-action", "there", "none")
        self.probe("extended", "iam/security-credentials-extended/", "there", "none")
        self.probe("user-data", "../user-data", "there", "none")
        folder = self.read("/latest/meta-data")
        self.facts.add("folders=redirected" if folder.status == 301 else "folders=plain")
        role = self.read("/latest/meta-data/iam/security-credentials/")
        self.names["role"] = role.body.decode() if role.status == 200 else ""

    def probe(self, name, path, there, absent):
        url = urllib.parse.urljoin("/latest/meta-data/", path)
        found = self.read(url).status == 200
        self.facts.add(f"{name}={there if found else absent}")

    def read(self, path):
        return self.ask(f"GET {path}", [f"{TOKEN}: {self.names['token']}"])

    def fill(self, text):
        def name(found):
            word = found.group(1)
            if word.startswith("page:"):
                return PAGE % (word[5:], word[5:])
            return self.names.get(word, found.group(0))

        return re.sub(r"\{([a-z0-9][^{}]*)\}", name, text)


class Answer:
    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        self.status = int(words[1]) if len(words) > 1 else 0
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()


class Case:
    """One block of a file."""

    def __init__(self, file, lines):
        self.name = f"{file.stem}: {lines.pop(0)}"
        self.needs = set(lines.pop(0)[2:].split()) if lines[0].startswith("? ") else set()
        self.line = lines.pop(0)
        self.headers, self.wants, self.body = [], [], None
        while not lines[0].startswith("= "):
            self.headers.append(lines.pop(0))
        self.status = int(lines.pop(0)[2:])
        for line in lines:
            if line.startswith("~ "):
                self.body = re.compile(line[2:])
            elif line == "|" or line.startswith("| "):
                self.body = [*(self.body or []), line[2:]]
            else:
                self.wants.append(line)

    def flaws(self, service):
        headers = [service.fill(header) for header in self.headers]
        answer = service.ask(service.fill(self.line), headers)
        if answer.status != self.status:
            return [f"status {answer.status}, not {self.status}"]
        flaws = [flaw for want in self.wants if (flaw := header_flaw(want, answer))]
        body = answer.body.decode("utf-8", "replace")
        if isinstance(self.body, re.Pattern):
            if not self.body.fullmatch(body):
                flaws.append(f"a body of {len(body)} characters is not {self.body.pattern}")
        elif self.body is not None and body != service.fill("\n".join(self.body)):
            flaws.append(f"another body, of {len(body)} characters")
        return flaws


def header_flaw(want, answer):
    if want.endswith(" !"):
        name = want[:-2]
        return f"a header {name}" if name in answer.headers else None
    if " ~ " in want:
        name, _, pattern = want.partition(" ~ ")
        held = answer.headers.get(name)
        good = held is not None and re.fullmatch(pattern, held)
    else:
        name, _, value = want.partition(": ")
        held = answer.headers.get(name)
        good = held == value
    return None if good else f"header {name} is {held!r}, not as in `{want}`"


def cases(files):
    for file in files:
        for block in re.split(r"\n\s*\n", file.read_text()):
            lines = [line for line in block.splitlines() if line and not line.startswith("#")]
            if lines:
                yield Case(file, lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("--ours", action="store_true", help="run what EC2 does not document too")
    parser.add_argument("--must", action="append", default=[], help="what must hold of the service")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    given = parser.parse_intermixed_args()
    service = Service(given.url, given.ours)
    files = given.files or sorted(pathlib.Path(__file__).parent.glob("*.case"))
    report = {"passed": [], "failed": {}, "not asked": {}}
    for name in set(given.must) - service.facts:
        report["failed"][f"the service: {name}"] = ["it is not so"]
    for case in cases(files):
        missing = case.needs - service.facts
        if "endpoint=disabled" in service.facts and "endpoint=disabled" not in case.needs:
            missing.add("endpoint=enabled")
        if missing:
            report["not asked"][case.name] = sorted(missing)
        elif flaws := case.flaws(service):
            report["failed"][case.name] = flaws
        else:
            report["passed"].append(case.name)
    if given.json:
        print(json.dumps(report))
    else:
        for name, why in report["not asked"].items():
            print(f"not asked  {name} (needs {' '.join(why)})")
        for name, flaws in report["failed"].items():
            print(f"FAILED     {name}: {'; '.join(flaws)}")
        print(f"{len(report['passed'])} passed, {len(report['failed'])} failed")
    return 1 if report["failed"] else 0


TOKEN = "X-aws-ec2-metadata-token"
TTL = "X-aws-ec2-metadata-token-ttl-seconds"

if __name__ == "__main__":
    sys.exit(main())
