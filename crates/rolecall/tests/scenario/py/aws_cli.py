"""The AWS CLI, kept running: a JSON list of arguments in, its exit code and output out, by line."""

import io
import json
import sys

import awscli.clidriver


def run(arguments):
    out, err = (io.TextIOWrapper(io.BytesIO(), write_through=True) for _ in range(2))
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        code = awscli.clidriver.create_clidriver().main(arguments)
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout, sys.stderr = kept
    return {
        "code": code,
        "stdout": out.buffer.getvalue().decode(),
        "stderr": err.buffer.getvalue().decode(),
    }


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
