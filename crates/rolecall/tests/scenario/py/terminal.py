"""Runs a command on a terminal, types a line whenever it asks or prompts, and prints what the terminal shows.

Arguments: the lines, each with its end, and the command.
"""

import os
import pty
import sys

lines = sys.argv[1].splitlines(keepends=True)
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    shown += part
    if shown.endswith((b": ", b"$ ")) and lines:
        os.write(terminal, lines.pop(0).encode())
sys.stdout.write(shown.decode())
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
