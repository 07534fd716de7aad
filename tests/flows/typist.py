"""A process that types one command line after another: what a start of Python costs is paid once."""

import contextlib
import io
import json
import os
import sys

from ui.cli.root import run


def type_line(words: list[str], environment: dict[str, str]) -> dict[str, object]:
    """Runs one command line with this environment and no other secrets."""
    os.environ.clear()
    os.environ.update(environment)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    for line in sys.stdin:
        request = json.loads(line)
        sys.stdout.write(json.dumps(type_line(request["words"], request["environment"])) + "\n")
        sys.stdout.flush()
