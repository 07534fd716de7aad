"""Backups: what they hold, what is refused with everything as before, and how a restored workspace goes on."""

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.backing_up import back_up, back_up_when_due, restore, resume
from app.commands import runs, signing, tasks
from app.errors import Refused, SecretError, StorageError, VerifyError
from app.storage import backup as backups
from app.storage.checks import check
from app.storage.keys import CHEAP
from app.storage.rebuild import replays_equal
from app.workspace import Workspace
from tests.factories import PASSPHRASE, PINS, Plan, Team

RECOVERY = "a recovery passphrase"


def _open(folder: Path) -> Workspace:
    return Workspace.open(folder, passphrase=lambda: PASSPHRASE, cost=CHEAP, device_name="other laptop")


@pytest.fixture
def evidence(team: Team, plan: Plan, tmp_path: Path) -> bytes:
    """A file in the workspace; its hash."""
    (tmp_path / "rows.txt").write_bytes(b"1200 rows")
    kept = team.workspace.files.keep(tmp_path / "rows.txt")
    task = plan.tasks["Freeze the code"]
    team.run("ann", runs.attach_file, plan.run, task, kept.sha256, kept.size, kept.name)
    return kept.sha256


@pytest.fixture
def saved(team: Team, evidence: bytes, tmp_path: Path) -> Path:
    return back_up(team.workspace, tmp_path / "saved.backup").path


def test_a_backup_says_what_it_holds_and_is_private(team: Team, evidence: bytes, tmp_path: Path) -> None:
    made = back_up(team.workspace, tmp_path / "saved.backup")

    assert (made.commits, made.files, made.workspace) == (team.workspace.rev, 1, team.workspace.id.hex())
    if os.name != "nt":
        assert made.path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(made.path) as archive:
        assert set(archive.namelist()) == {
            "backup.json",
            "launchbook.db",
            f"files/{evidence.hex()[:2]}/{evidence.hex()[2:]}",
        }


def test_a_restored_workspace_begins_a_chain_of_its_own_and_works(
    team: Team, plan: Plan, saved: Path, evidence: bytes, tmp_path: Path
) -> None:
    folder = tmp_path / "elsewhere"
    before = restore(saved, folder)
    restored = _open(folder)
    try:
        assert not before.exists()
        assert restored.id == team.workspace.id
        assert restored.device.id != team.workspace.device.id
        assert restored.rev == team.workspace.rev + 1
        assert restored.files.read(evidence) == b"1200 rows"
        restored.act_as(team.ids["mara"])
        restored.run(tasks.set_task, plan.tasks["Freeze the code"], {"minutes": 31})
        assert restored.read(check).problems == []
        assert replays_equal(restored.database)
    finally:
        restored.close()


def test_what_was_there_before_is_kept_beside_it(team: Team, plan: Plan, saved: Path) -> None:
    folder = team.workspace.folder
    team.run("mara", tasks.set_task, plan.tasks["Freeze the code"], {"minutes": 99})
    back_up(team.workspace)
    team.workspace.close()

    before = restore(saved, folder)

    old, new = _open(before), _open(folder)
    sql = "SELECT minutes FROM task WHERE id = ?"
    try:
        task = plan.tasks["Freeze the code"]
        assert old.read(lambda reader: reader.value(sql, (task,))) == 99
        assert new.read(lambda reader: reader.value(sql, (task,))) == 30
        assert len(list((folder / "backups").iterdir())) == 1
    finally:
        old.close()
        new.close()


# -- refused -------------------------------------------------------------------------------------------------------


def _rewritten(path: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _flip(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def _other_file(parts: dict[str, bytes]) -> None:
    name = next(one for one in parts if one.startswith("files/"))
    parts[name] = b"1300 rows"


def _without_file(parts: dict[str, bytes]) -> None:
    del parts[next(one for one in parts if one.startswith("files/"))]


def _other_format(parts: dict[str, bytes]) -> None:
    parts["backup.json"] = json.dumps({"format": "something else"}).encode()


SPOILED: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "no manifest": (lambda parts: parts.pop("backup.json"), "is no readable backup"),
    "a manifest that is none": (lambda parts: parts.update({"backup.json": b"{"}), "is no readable backup"),
    "a manifest of another program": (_other_format, "is no backup of this program"),
    "no database": (lambda parts: parts.pop("launchbook.db"), "is no readable workspace file"),
    "a database that is none": (
        lambda parts: parts.update({"launchbook.db": b"SQLite format 3\x00" + bytes(4096)}),
        "is no readable workspace file",
    ),
    "a file left out": (_without_file, "The backup lacks"),
    "another file under its name": (_other_file, "A file in the backup is damaged"),
    "a part that does not belong": (
        lambda parts: parts.update({"../evil.py": b"x"}),
        "a part that does not belong in it",
    ),
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_spoiled_backup_is_refused_with_everything_as_before(
    team: Team, saved: Path, tmp_path: Path, case: str
) -> None:
    spoil, sentence = SPOILED[case]
    _rewritten(saved, spoil)
    folder, rev = team.workspace.folder, team.workspace.rev
    around = sorted(path.name for path in tmp_path.iterdir())

    with pytest.raises(VerifyError) as refused:
        restore(saved, folder)

    assert sentence in str(refused.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == around
    assert team.workspace.rev == rev


def test_one_flipped_bit_anywhere_in_the_file_is_refused_or_changes_nothing(
    saved: Path, tmp_path: Path
) -> None:
    """A few bits of an archive say nothing of what is in it: the date of a part, what fills up its last byte."""
    whole = saved.read_bytes()
    sound = _unpacked(saved, tmp_path / "sound")
    step = len(whole) // 25
    places = range(step // 2, len(whole), step)

    refused = 0
    for place in places:
        saved.write_bytes(_flip(whole, place))
        try:
            restore(saved, tmp_path / "elsewhere")
        except VerifyError:
            refused += 1
            assert not (tmp_path / "elsewhere").exists()
        else:
            assert _unpacked(saved, tmp_path / str(place)) == sound
            shutil.rmtree(tmp_path / "elsewhere")
    assert refused >= len(places) - 2


def _unpacked(saved: Path, folder: Path) -> dict[str, bytes]:
    """What a backup holds, by the name of each part."""
    backups.unpack_backup(saved, folder)
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_a_file_that_is_no_backup_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("# Plan")

    for name in ("plan.md", "absent.backup", "."):
        with pytest.raises(VerifyError, match="is no readable backup"):
            restore(tmp_path / name, tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_a_backup_that_promises_more_than_can_be_is_refused(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_MOST_BYTES", 1000)

    with pytest.raises(VerifyError, match="more than a backup can"):
        restore(saved, tmp_path / "elsewhere")


def test_a_backup_that_cannot_be_written_changes_nothing(team: Team, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_text("x")

    with pytest.raises(StorageError, match="The workspace is unchanged"):
        back_up(team.workspace, tmp_path / "taken")
    assert [path.name for path in tmp_path.glob(".backup*")] == []


def test_rest_of_a_restore_that_was_cut_off_does_not_stand_in_the_way(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.restoring" / "files").mkdir(parents=True)

    restore(saved, tmp_path / "elsewhere")

    assert not (tmp_path / "elsewhere.restoring").exists()


# -- the owner's key -----------------------------------------------------------------------------------------------


def _with_key(team: Team, target: Path) -> Path:
    key = team.workspace.keys.export(team.ids["mara"], PINS["mara"], RECOVERY)
    return back_up(team.workspace, target, owner_key=key).path


def test_with_the_owners_key_a_restored_workspace_goes_on_as_this_one(
    team: Team, plan: Plan, tmp_path: Path
) -> None:
    restore(_with_key(team, tmp_path / "keyed.backup"), tmp_path / "elsewhere")
    restored = _open(tmp_path / "elsewhere")
    try:
        resume(restored, RECOVERY, "a new pin")
        assert restored.person == team.ids["mara"]
        assert not (restored.folder / "owner.key").exists()
        gate = plan.gate
        signer = restored.signer(team.ids["mara"], "a new pin")
        restored.run(tasks.set_task, plan.tasks["Freeze the code"], {"minutes": 31})
        restored.run(signing.sign, signer, plan.run, gate, role="Lead")
        assert restored.read(check).problems == []
    finally:
        restored.close()


def test_a_wrong_recovery_passphrase_or_none_resumes_nothing(team: Team, tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="A passphrase has at least 12 characters"):
        team.workspace.keys.export(team.ids["mara"], PINS["mara"], "short")
    with pytest.raises(Refused, match="The backup holds no owner's key"):
        resume(team.workspace, RECOVERY, "a new pin")
    restore(_with_key(team, tmp_path / "keyed.backup"), tmp_path / "elsewhere")
    restored = _open(tmp_path / "elsewhere")
    try:
        with pytest.raises(SecretError, match="The recovery passphrase is wrong"):
            resume(restored, "another recovery phrase", "a new pin")
        assert restored.person is None
        (restored.folder / "owner.key").write_bytes(b"{}")
        with pytest.raises(SecretError, match="The backup's key cannot be read"):
            resume(restored, RECOVERY, "a new pin")
    finally:
        restored.close()


# -- rotation ------------------------------------------------------------------------------------------------------


def test_the_newest_few_and_one_a_day_week_and_month_are_kept(tmp_path: Path) -> None:
    last = datetime(2026, 3, 7, 12, tzinfo=UTC)
    for hours in range(0, 24 * 200, 6):
        moment = last - timedelta(hours=hours)
        (tmp_path / backups.backup_name(int(moment.timestamp() * 1000))).touch()

    backups.rotate(tmp_path)
    kept = sorted((path.name for path in tmp_path.iterdir()), reverse=True)

    assert kept[0] == "launchbook-20260307-120000.backup"
    assert len({name[11:19] for name in kept[:12]}) >= 7
    assert {name[11:17] for name in kept} == {f"2026{m:02}" for m in (1, 2, 3)} | {
        f"2025{m:02}" for m in (8, 9, 10, 11, 12)
    }
    assert len(kept) <= 5 + 7 + 4 + 12


def test_a_backup_is_due_once_a_day_when_there_is_something_to_lose(team: Team) -> None:
    first = back_up_when_due(team.workspace)
    again = back_up_when_due(team.workspace)
    team.time.pass_minutes(24 * 60 + 1)

    assert first is not None
    assert again is None
    assert back_up_when_due(team.workspace) is not None
    shutil.rmtree(team.workspace.folder / "backups")
