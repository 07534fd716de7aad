"""Two laptops without a network agree by a file carried to and fro; a file that is not whole or not theirs changes nothing."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.commands import runs, tasks
from app.errors import Refused, StorageError, VerifyError
from app.storage.rebuild import replica_digests
from sync import stick
from tests.factories import a_workspace
from tests.simulation import acts
from tests.simulation.world import Replica, World, world_of


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(7, "abc") as made:
        yield made


def edit(world: World, replica: Replica) -> None:
    """Something of a plan, by chance."""
    task = acts.a_task(world, replica)
    replica.workspace.run(tasks.set_task, task, {"minutes": world.chance.randint(1, 99)})


def digests(replica: Replica) -> object:
    return replica.workspace.read(replica_digests)


def test_what_one_lacks_is_carried_over_and_both_say_the_same(world: World, tmp_path: Path) -> None:
    ada, ben, _cleo = world.replicas
    for replica in (ada, ben, ben):
        edit(world, replica)
    there = stick.write(ada.workspace, tmp_path / "there.stick")
    brought = stick.bring(ben.workspace, tmp_path / "there.stick")
    back = stick.write(ben.workspace, tmp_path / "back.stick", stick.head_of(tmp_path / "there.stick").held)

    assert (brought.taken, brought.refused, brought.waiting, brought.forged) == (1, 0, 0, [])
    assert back.commits == 2 < there.commits
    assert stick.bring(ada.workspace, tmp_path / "back.stick").taken == 2
    assert digests(ada) == digests(ben)
    assert stick.bring(ada.workspace, tmp_path / "back.stick").taken == 0  # a second time changes nothing


@pytest.mark.parametrize("seed", range(6))
def test_sticks_that_go_round_late_twice_or_not_at_all_lose_nothing(seed: int, tmp_path: Path) -> None:
    """Old sticks are brought again, some are lost; in the end one goes round everybody, twice."""
    chance = Random(seed)
    with world_of(seed, "abc") as world:
        files: list[Path] = []
        for number in range(30):
            replica = chance.choice(world.replicas)
            edit(world, replica)
            if chance.random() < 0.4:
                file = tmp_path / f"{number}.stick"
                theirs = (
                    stick.head_of(chance.choice(files)).held
                    if files and chance.random() < 0.5
                    else stick.NOTHING
                )
                stick.write(replica.workspace, file, theirs)
                files.append(file)
            if files and chance.random() < 0.5:
                brought = stick.bring(chance.choice(world.replicas).workspace, chance.choice(files))
                assert brought.forged == []
        for number, replica in enumerate([*world.replicas, *world.replicas]):
            if number:
                stick.bring(replica.workspace, tmp_path / "round.stick")
            stick.write(replica.workspace, tmp_path / "round.stick")
        for replica in world.replicas:
            stick.bring(replica.workspace, tmp_path / "round.stick")

        assert len({str(digests(replica)) for replica in world.replicas}) == 1


def test_a_file_cut_off_anywhere_takes_nothing(world: World, tmp_path: Path) -> None:
    ada, ben, _cleo = world.replicas
    edit(world, ada)
    file = tmp_path / "plan.stick"
    stick.write(ada.workspace, file)
    whole, before = file.read_bytes(), ben.workspace.rev
    places = [*range(0, len(whole), max(1, len(whole) // 60)), *range(len(whole) - 20, len(whole))]
    for place in places:
        file.write_bytes(whole[:place])
        with pytest.raises(VerifyError):
            stick.bring(ben.workspace, file)

    assert ben.workspace.rev == before


def test_a_flipped_bit_anywhere_is_refused_or_changes_nothing(world: World, tmp_path: Path) -> None:
    """A bit of the packing may say nothing of what is in it; whatever comes out is what was put in."""
    ada, ben, _cleo = world.replicas
    edit(world, ada)
    file = tmp_path / "plan.stick"
    stick.write(ada.workspace, file)
    whole, records, before = file.read_bytes(), list(stick._records(file)), digests(ben)
    refused = 0
    places = range(0, len(whole), max(1, len(whole) // 150))
    for place in places:
        bent = bytearray(whole)
        bent[place] ^= 1 << place % 8
        file.write_bytes(bytes(bent))
        try:
            assert list(stick._records(file)) == records
        except VerifyError:
            refused += 1
            with pytest.raises(VerifyError):
                stick.bring(ben.workspace, file)
    assert digests(ben) == before
    assert refused >= len(places) - 3


def test_a_small_file_that_says_it_is_huge_is_refused(world: World, tmp_path: Path) -> None:
    import zstandard

    file = tmp_path / "bomb.stick"
    packed = zstandard.ZstdCompressor(level=19).compress((2**31).to_bytes(4, "big") + bytes(50_000_000))
    file.write_bytes(stick.MAGIC + len(packed).to_bytes(8, "big") + packed)

    with pytest.raises(VerifyError, match="damaged"):
        stick.bring(world.replicas[0].workspace, file)


def test_what_is_not_ours_is_refused(world: World, tmp_path: Path) -> None:
    ada = world.replicas[0]
    other = a_workspace(tmp_path / "other")
    stick.write(ada.workspace, tmp_path / "plan.stick")
    (tmp_path / "notes.txt").write_text("# Plan")
    rev = other.rev

    with pytest.raises(Refused, match="of another workspace"):
        stick.bring(other, tmp_path / "plan.stick")
    with pytest.raises(VerifyError, match="no file of this program"):
        stick.bring(other, tmp_path / "notes.txt")
    with pytest.raises(StorageError, match="cannot be read"):
        stick.bring(other, tmp_path / "absent.stick")
    with pytest.raises(StorageError, match="cannot be written"):
        stick.write(other, tmp_path / "absent" / "plan.stick")
    assert other.rev == rev
    other.close()
    assert [one.name for one in tmp_path.glob("*.part")] == []


# -- files of evidence ---------------------------------------------------------------------------------------------


def attach(world: World, replica: Replica, folder: Path, content: bytes) -> bytes:
    """A file of evidence for some task; its SHA-256."""
    path = folder / f"{len(content)}.bin"
    path.write_bytes(content)
    workspace = replica.workspace
    run = bytes(workspace.read(lambda reader: reader.value("SELECT min(id) FROM run")))
    kept = workspace.files.keep(path)
    workspace.run(runs.attach_file, run, acts.a_task(world, replica), kept.sha256, kept.size, kept.name)
    return kept.sha256


def test_files_of_evidence_go_along_and_only_those_that_the_other_side_lacks(
    world: World, tmp_path: Path
) -> None:
    ada, ben, _cleo = world.replicas
    first = attach(world, ada, tmp_path, Random(1).randbytes(3_000_000))
    empty = attach(world, ada, tmp_path, b"")
    there = stick.write(ada.workspace, tmp_path / "there.stick")
    assert there.files == 2
    assert there.size > 3_000_000

    assert stick.bring(ben.workspace, tmp_path / "there.stick").files == 2
    assert ben.workspace.files.has(first)
    assert ben.workspace.files.has(empty)
    assert stick.bring(ben.workspace, tmp_path / "there.stick").files == 0  # a second time changes nothing

    second = attach(world, ada, tmp_path, b"the second one")
    stick.write(ben.workspace, tmp_path / "back.stick")
    theirs = stick.head_of(tmp_path / "back.stick").held
    again = stick.write(ada.workspace, tmp_path / "again.stick", theirs)
    assert again.files == 1
    assert again.size < 10_000
    assert stick.write(ada.workspace, tmp_path / "none.stick", with_files=False).files == 0
    stick.bring(ben.workspace, tmp_path / "again.stick")
    assert ben.workspace.files.read(second) == b"the second one"


def test_a_stick_cut_off_in_a_file_takes_nothing(world: World, tmp_path: Path) -> None:
    ada, ben, _cleo = world.replicas
    sha256 = attach(world, ada, tmp_path, Random(2).randbytes(100_000))
    file = tmp_path / "plan.stick"
    stick.write(ada.workspace, file)
    whole, before = file.read_bytes(), ben.workspace.rev
    for place in [*range(len(whole) - 100_060, len(whole), 9_000), len(whole) - 100_040, len(whole) - 1]:
        file.write_bytes(whole[:place])
        with pytest.raises(VerifyError, match="not whole"):
            stick.bring(ben.workspace, file)
    assert ben.workspace.rev == before
    assert not ben.workspace.files.has(sha256)


def test_another_file_than_was_signed_for_is_told_and_not_kept(world: World, tmp_path: Path) -> None:
    ada, ben, _cleo = world.replicas
    sha256 = attach(world, ada, tmp_path, Random(3).randbytes(100_000))
    file = tmp_path / "plan.stick"
    stick.write(ada.workspace, file)
    bent = bytearray(file.read_bytes())
    bent[-1] ^= 1
    file.write_bytes(bent)

    brought = stick.bring(ben.workspace, file)

    assert (brought.files, len(brought.forged)) == (0, 1)
    assert brought.taken > 0
    assert not ben.workspace.files.has(sha256)
    bent[-1] ^= 1
    file.write_bytes(bent)
    assert stick.bring(ben.workspace, file).files == 1


def test_a_file_that_no_log_names_is_not_kept(world: World, tmp_path: Path) -> None:
    ada, ben, _cleo = world.replicas
    edit(world, ada)
    file = tmp_path / "plan.stick"
    stick.write(ada.workspace, file)
    content = b"smuggled"
    name = hashlib.sha256(content).digest()
    with file.open("ab") as more:
        more.write(name + len(content).to_bytes(8, "big") + content)
    with pytest.raises(VerifyError, match="not whole"):
        stick.bring(ben.workspace, file)
    count_honestly = stick._count_files
    with pytest.MonkeyPatch.context() as patch:  # as if its writer had counted it
        patch.setattr(stick, "_count_files", lambda path: count_honestly(path) - 1)
        brought = stick.bring(ben.workspace, file)

    assert (brought.files, brought.forged) == (0, [])
    assert not ben.workspace.files.has(name)
