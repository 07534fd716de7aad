"""Private files, durable replacement and the question whether a process lives."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app import platform

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="file modes are a POSIX matter")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix_only
def test_a_created_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        platform.create_private(tmp_path / "key")
    finally:
        os.umask(before)

    assert mode(tmp_path / "key") == 0o600


@posix_only
def test_an_existing_open_file_becomes_private_and_keeps_its_content(tmp_path: Path) -> None:
    file = tmp_path / "plan.db"
    file.write_bytes(b"kept")
    file.chmod(0o644)

    platform.create_private(file)

    assert (mode(file), file.read_bytes()) == (0o600, b"kept")


@posix_only
def test_only_folders_that_are_created_become_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    folder = platform.private_folder(tmp_path / "home" / "launchbook")

    assert [mode(tmp_path), mode(folder.parent), mode(folder)] == [0o755, 0o700, 0o700]


@posix_only
def test_a_written_file_is_private_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    platform.write_private(tmp_path / "settings.json", b"one")
    platform.write_private(tmp_path / "settings.json", b"two")

    assert (tmp_path / "settings.json").read_bytes() == b"two"
    assert mode(tmp_path / "settings.json") == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_a_write_that_fails_keeps_the_old_content_and_leaves_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.write_private(tmp_path / "settings.json", b"old")

    def no_room(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space"):
        platform.write_private(tmp_path / "settings.json", b"new")

    assert (tmp_path / "settings.json").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


@posix_only
def test_replacing_puts_content_and_then_the_name_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content first: a name that points at unwritten content is an empty file after a power cut."""
    (tmp_path / "new").write_bytes(b"new")
    order: list[str] = []
    sync, replace = os.fsync, Path.replace

    def noted_sync(handle: int) -> None:
        order.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def noted_replace(source: Path, target: Path) -> Path:
        order.append("replace")
        return replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    platform.replace_file(tmp_path / "new", tmp_path / "target")

    assert order == ["file", "replace", "folder"]
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_process_is_running_until_it_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        alive = platform.is_running(child.pid)
        assert child.stdin is not None
        child.stdin.write(b"\n")
        child.stdin.close()
        child.wait()

    assert alive
    assert not platform.is_running(child.pid)


def test_numbers_that_no_process_can_have_are_not_running() -> None:
    """0 and -1 would otherwise mean "my group" and "everybody"."""
    assert [platform.is_running(number) for number in (0, -1)] == [False, False]


_HOLDS = """
import sys
from pathlib import Path
from app import platform
held = platform.claim(Path(sys.argv[1]))
print(held is not None, flush=True)
input()
"""


def test_one_process_claims_a_file_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "claim"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "True\n"
        while_it_lives = platform.claim(path)
        child.kill()
        child.wait()

    assert while_it_lives is None
    after = platform.claim(path)
    assert after is not None
    assert platform.claim(path) is None  # nor twice by one process
    after.close()
