"""Faults of the program itself: what happened stays in a file on this machine, and the person gets a sentence.

A report names places in the code and versions, never values: no argument, no variable, nothing anybody typed.
"""

import contextlib
import faulthandler
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from app import platform

KEEP = 20
FOLDER = "reports"
_FAULT, _HARD, _MARK = "fault-", "hard-", "running-"


def keep_report(home: Path, error: BaseException) -> Path | None:
    """Writes the traceback below the data folder; None when even that fails."""
    lines = [line for part in _frames(error) for line in part.splitlines()]
    return _written(home, "\n".join((*_about(), "", *lines, "")))


def _frames(error: BaseException) -> list[str]:
    """Where it happened and of what kind it was, along the chain of causes; not what the errors say: texts hold values."""
    said = []
    seen: BaseException | None = error
    while seen is not None:
        said += traceback.format_tb(seen.__traceback__)
        said.append(f"{type(seen).__module__}.{type(seen).__qualname__}\n")
        seen = seen.__cause__ or seen.__context__
    return said


def _about() -> tuple[str, ...]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        own = version("launchbook")
    except PackageNotFoundError:
        own = "?"
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"Launchbook {own}, Python {sys.version.split()[0]}, {sys.platform}", when


def _written(home: Path, text: str) -> Path | None:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    try:
        folder = platform.private_folder(home / FOLDER)
        path = folder / f"{_FAULT}{stamp}.txt"
        platform.write_private(path, text.encode())
        for old in reports(home)[KEEP:]:
            old.unlink()
    except OSError:
        return None
    return path


def reports(home: Path) -> list[Path]:
    """The newest first."""
    return sorted((home / FOLDER).glob(f"{_FAULT}*.txt"), reverse=True)


class Watch:
    """From its beginning to its end a mark says that the program runs; a mark without a process is a crash."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._mark = home / FOLDER / f"{_MARK}{os.getpid()}"
        self._hard = home / FOLDER / f"{_HARD}{os.getpid()}.txt"
        self._file: IO[bytes] | None = None

    def begin(self) -> Path | None:
        """Returns the report of a run before this one that ended in the middle."""
        report = None
        with contextlib.suppress(OSError):
            platform.private_folder(self._home / FOLDER)
            report = _left_behind(self._home)
            self._mark.touch()
            self._file = self._hard.open("wb")
            faulthandler.enable(self._file)
        return report

    def end(self) -> None:
        """What ends here ended well."""
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            self._file = None
        with contextlib.suppress(OSError):
            self._hard.unlink(missing_ok=True)
            self._mark.unlink(missing_ok=True)


def _left_behind(home: Path) -> Path | None:
    report = None
    for mark in (home / FOLDER).glob(f"{_MARK}*"):
        number = mark.name.removeprefix(_MARK)
        if not number.isdigit() or platform.is_running(int(number)):
            continue
        hard = mark.with_name(f"{_HARD}{number}.txt")
        said = hard.read_text(errors="replace") if hard.exists() else ""
        ended = datetime.fromtimestamp(mark.stat().st_mtime, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        text = said.strip() or "It ended without a word: killed, or the machine went off."
        report = _written(home, "\n".join((*_about(), f"Begun {ended}, ended in the middle.", "", text, "")))
        hard.unlink(missing_ok=True)
        mark.unlink()
    return report
