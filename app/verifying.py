"""Verifies a workspace that came as a snapshot from its first commit on, in a process of its own beside the people's.

`python -m app.verifying DATABASE DEVICE LANGUAGE` says how far it is and at the end what it found, a JSON value a line;
it ends with its input.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from app import platform
from app.errors import StorageError
from app.i18n import _, set_language
from app.queries.verified import what_is_wrong
from app.storage.engine import ANEW, Database, Reader
from app.storage.verification import Problem, verify_logs

Told = Callable[[int, int], object]
_MOST_TOLD = 20  # sentences about what does not hold
_END_S = 5


class Verifying:
    """A verification that is under way. `wait` on one thread; `end` from any."""

    def __init__(self, database: Path, device: bytes, language: str) -> None:
        command = [sys.executable, "-m", "app.verifying", str(database), device.hex(), language]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def wait(self, told: Told = lambda _done, _total: None) -> list[str]:
        """What does not hold, in sentences; raises StorageError where it came to no end."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            match json.loads(line):
                case [int(done), int(total)]:
                    told(done, total)
                case {"problems": list(problems)}:
                    return [str(one) for one in problems]
        raise StorageError(
            _(
                "The verification of this workspace's history was interrupted. It begins again at the next start."
            )
        )

    def end(self) -> None:
        """Lets go of the process, finished or not."""
        self._process.kill()
        self._process.wait(_END_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


# -- the process ---------------------------------------------------------------------------------------------------


def verify_snapshot(database: Path, device: bytes, language: str, told: Told) -> list[str]:
    """What in a workspace's file does not follow from its log, in sentences of this language.

    Where something does not, the replica made of what holds stays beside the file, to go on with.
    """
    coming = database.with_name(database.name + ".verified")
    _remove(coming)
    source = Database(database)
    try:
        with source.snapshot() as reader:
            logs = [log for (log,) in reader.rows("SELECT id FROM log ORDER BY kind, id")]
            proof = verify_logs(reader, logs, device, told, into=coming)
            problems = _sentences(reader, proof.problems[:_MOST_TOLD], language)
        if problems:
            platform.sync_file(coming)
            platform.replace_file(coming, database.with_name(database.name + ANEW))
    finally:
        source.close()
        _remove(coming)
    return problems


def _sentences(reader: Reader, problems: Sequence[Problem], language: str) -> list[str]:
    return list(dict.fromkeys(what_is_wrong(reader, problems, language)))


def _remove(path: Path) -> None:
    for one in path.parent.glob(path.name + "*"):
        one.unlink(missing_ok=True)


def _say(value: object) -> None:
    print(json.dumps(value), flush=True)  # noqa: T201 - what the process is asked for


def main(arguments: list[str]) -> None:
    database, device, language = arguments
    threading.Thread(target=_end_with_input, daemon=True).start()
    set_language(language)
    _say({"problems": verify_snapshot(Path(database), bytes.fromhex(device), language, lambda *at: _say(at))})


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
