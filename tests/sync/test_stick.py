"""Two laptops without a network agree by a file carried to and fro; a file that is not whole or not theirs changes nothing."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from app.commands import tasks
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
