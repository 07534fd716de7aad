"""Reports of faults: on this machine alone, about the program alone; an end in the middle is noticed at the next start."""

import subprocess
import sys
from pathlib import Path

from ui.crash import KEEP, Watch, keep_report, reports

DIES = """
import ctypes, sys
from pathlib import Path
from ui.crash import Watch
Watch(Path(sys.argv[1])).begin()
ctypes.string_at(0)
"""
STOPS = """
import os, sys
from pathlib import Path
from ui.crash import Watch
Watch(Path(sys.argv[1])).begin()
os._exit(3)
"""


def _fail(secret: str) -> None:
    try:
        int(secret)
    except ValueError as error:
        raise RuntimeError(f"cannot use {secret}") from error


def test_a_report_says_where_and_what_and_holds_nothing_anybody_typed(tmp_path: Path) -> None:
    typed = "PIN " + str(4711)
    path = None
    try:
        _fail(typed)
    except RuntimeError as error:
        path = keep_report(tmp_path, error)
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert "RuntimeError" in text
    assert "ValueError" in text
    assert "test_crash.py" in text
    assert typed not in text


def test_only_the_newest_reports_are_kept(tmp_path: Path) -> None:
    for _number in range(KEEP + 3):
        keep_report(tmp_path, RuntimeError())
    assert len(reports(tmp_path)) == KEEP


def test_a_good_end_leaves_nothing_behind(tmp_path: Path) -> None:
    watch = Watch(tmp_path)
    assert watch.begin() is None
    watch.end()
    assert list((tmp_path / "reports").iterdir()) == []
    again = Watch(tmp_path)
    assert again.begin() is None
    again.end()


def _end_of(program: str, home: Path) -> Path | None:
    done = subprocess.run([sys.executable, "-c", program, str(home)], check=False, timeout=60)
    assert done.returncode != 0
    watch = Watch(home)
    report = watch.begin()
    watch.end()
    return report


def test_a_hard_crash_is_noticed_once_with_the_place_it_happened(tmp_path: Path) -> None:
    report = _end_of(DIES, tmp_path)
    assert report is not None
    assert "string_at" in report.read_text(encoding="utf-8")
    again = Watch(tmp_path)
    assert again.begin() is None
    again.end()
    assert reports(tmp_path) == [report]


def test_a_process_that_was_ended_from_outside_is_noticed_too(tmp_path: Path) -> None:
    report = _end_of(STOPS, tmp_path)
    assert report is not None
    assert "ended in the middle" in report.read_text(encoding="utf-8")
