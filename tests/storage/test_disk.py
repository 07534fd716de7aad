"""The simulated disk keeps what was synced, loses parts of the rest, and fails where it is told to."""

import random

import apsw
import pytest

from tests.storage.disk import SECTOR, VFS_NAME, Disk, File, PowerLoss


def connect(disk: Disk) -> apsw.Connection:
    connection = apsw.Connection(disk.path("plan.db"), vfs=VFS_NAME)
    for pragma in ("locking_mode=exclusive", "journal_mode=wal", "synchronous=full"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def test_what_was_synced_survives_every_power_loss() -> None:
    disk = Disk()
    file = disk.open("plan.db")
    file.write(b"kept" * SECTOR, 0)
    disk.sync(file)
    file.write(b"lost" * SECTOR, 4 * SECTOR)

    after = [disk.after_power_loss(random.Random(seed)).files["plan.db"].seen for seed in range(50)]

    assert all(content[: 4 * SECTOR] == b"kept" * SECTOR for content in after)
    assert {content == file.seen for content in after} == {True, False}


def test_an_unsynced_write_may_arrive_in_parts() -> None:
    disk = Disk()
    disk.open("plan.db").write(b"x" * 20 * SECTOR, 0)

    after = [disk.after_power_loss(random.Random(seed)).files.get("plan.db") for seed in range(200)]
    sizes = {0 if file is None else file.seen.count(b"x"[0]) // SECTOR for file in after}

    assert {0, 20} < sizes


def test_of_two_unsynced_writes_the_second_may_arrive_without_the_first() -> None:
    disk = Disk()
    file = disk.open("plan.db")
    disk.sync(file)
    file.write(b"a" * SECTOR, 0)
    file.write(b"b" * SECTOR, SECTOR)

    after = [bytes(disk.after_power_loss(random.Random(seed)).files["plan.db"].seen) for seed in range(50)]

    assert bytes(SECTOR) + b"b" * SECTOR in after


def test_a_deletion_that_was_not_synced_may_not_have_happened() -> None:
    disk = Disk()
    disk.sync(disk.open("plan.db-wal"))
    disk.delete("plan.db-wal", synced=False)
    after = {"plan.db-wal" in disk.after_power_loss(random.Random(seed)).files for seed in range(50)}

    assert after == {True, False}


def test_the_same_chance_gives_the_same_disk() -> None:
    disk = Disk()
    disk.open("plan.db").write(random.Random(1).randbytes(9 * SECTOR), 0)

    one, two = (disk.after_power_loss(random.Random(7)).files for _ in range(2))

    assert one == two


@pytest.mark.parametrize("error", [apsw.IOError, apsw.FullError])
def test_sqlite_reports_the_failure_it_met(error: type[apsw.Error]) -> None:
    disk = Disk()
    connection = connect(disk)
    connection.execute("CREATE TABLE task (title)")
    disk.fail(1, error)

    with pytest.raises(error):
        connection.execute("INSERT INTO task VALUES ('x')")
    disk.heal()
    connection.execute("INSERT INTO task VALUES ('y')")

    assert connection.execute("SELECT title FROM task").fetchall() == [("y",)]
    connection.close()


def test_a_failure_strikes_once_or_from_then_on() -> None:
    disk = Disk()

    def outcome() -> str:
        try:
            disk.change()
        except apsw.IOError:
            return "failed"
        return "done"

    disk.fail(2, once=True)
    once = [outcome() for _ in range(4)]
    disk.fail(2)
    lasting = [outcome() for _ in range(4)]

    assert once == ["done", "failed", "done", "done"]
    assert lasting == ["done", "failed", "failed", "failed"]


def test_the_write_under_way_when_the_power_fails_may_arrive_in_parts() -> None:
    disk = Disk()
    connection = connect(disk)
    disk.cut_power(1)
    with pytest.raises(PowerLoss):
        connection.execute("CREATE TABLE task (title)")

    arrived = {
        len(disk.after_power_loss(random.Random(seed)).files.get("plan.db-wal", File()).seen)
        for seed in range(50)
    }

    assert len(arrived) > 1
    disk.heal()
    connection.close()
