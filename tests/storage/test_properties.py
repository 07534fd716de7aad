"""What holds for every sequence of commands and every order of delivery, tried on real files through the product's path."""

import contextlib
import hashlib
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.codec import trusted
from app.commands import runs, tasks
from app.domain.words import Claim
from app.errors import Refused
from app.storage.delivery import Delivery, Held, Packet
from app.storage.engine import Reader
from app.storage.rebuild import replica_digests, values_of
from tests.simulation import acts, oracles
from tests.simulation.simulation import _statuses, _watch_gates
from tests.simulation.world import Replica, World, begun, open_workspace, world_of
from tests.vectors import decoder

SEEDS = st.integers(0, 1 << 32)
UNDOABLE = (
    *(acts.edit_task, acts.add_task, acts.move_task, acts.delete_task, acts.add_stage, acts.delete_stage),
    *(acts.add_check, acts.link_tasks, acts.claim, acts.reset, acts.tick, acts.add_note, acts.attach_file),
    *(acts.remove_evidence, acts.judge_criterion, acts.require_role, acts.set_project),
)
ANYTHING = tuple(act for act, _ in acts.PEOPLE_ACTS)
few = settings(max_examples=6, suppress_health_check=list(HealthCheck))
many = settings(max_examples=40, suppress_health_check=list(HealthCheck))


def live(world: World, replica: Replica, count: int, among: tuple[acts.Act, ...]) -> int:
    """Acts at one device; returns how many were not refused."""
    done = 0
    for _ in range(count):
        world.clock.now_ms += 60_000
        with contextlib.suppress(Refused):
            world.chance.choice(among)(world, replica)
            done += 1
    return done


# -- any order -----------------------------------------------------------------------------------------------------


def made_apart(world: World) -> list[Packet]:
    """What two devices did without hearing of each other, and then some more after they had."""
    for rounds in range(2):
        for name in "ab":
            live(world, world.replica(name), 6, ANYTHING)
        if not rounds:
            world.heal("ab")
    world.heal("ab")
    return list(world.replica("a").workspace.give(Held({}, {})).packets)


def given_in(world: World, name: str, packets: list[Packet]) -> Replica:
    """A device that is told the commits in this order, again and again, until nothing waits any more."""
    shutil.copytree(Path(begun().name) / "c", world.folder / name)
    replica = Replica(name, world.folder / name, 0, world.clock.seen_by(0, world.chance), None)  # type: ignore[arg-type]
    replica.workspace = open_workspace(replica.folder, replica.clock)
    for _ in range(len(packets)):
        if not replica.workspace.take(Delivery(tuple(packets))).waiting:
            return replica
    raise AssertionError("some commits wait for ever")


@few
@given(SEEDS)
def test_any_order_of_delivery_gives_the_same_registers_rows_and_judgements(seed: int) -> None:
    with world_of(seed, "ab") as world:
        packets = made_apart(world)
        world.chance.shuffle(packets)
        shuffled = given_in(world, "shuffled", [*packets, *packets[:5]])
        causal = given_in(world, "causal", list(world.replica("b").workspace.give(Held({}, {})).packets))
        here = world.replica("a").workspace
        with contextlib.closing(shuffled.workspace), contextlib.closing(causal.workspace):
            expected = here.read(oracles.unsettled)

            assert oracles.differences(expected, shuffled.workspace.read(oracles.unsettled)) == []
            assert oracles.differences(expected, causal.workspace.read(oracles.unsettled)) == []
            assert here.read(_statuses) == shuffled.workspace.read(_statuses)
            assert shuffled.workspace.read(oracles.wrong_heads) == []


@few
@given(SEEDS)
def test_a_delivery_taken_twice_changes_nothing(seed: int) -> None:
    with world_of(seed, "ab") as world:
        live(world, world.replica("a"), 8, ANYTHING)
        here, there = world.replica("a").workspace, world.replica("b").workspace
        delivery = here.give(there.held())
        there.take(delivery)
        once = there.read(oracles.everything)
        again = there.take(delivery)

        assert (again.taken, again.waiting, again.forged, again.changes) == (0, 0, [], [])
        assert oracles.differences(once, there.read(oracles.everything)) == []


# -- the digest ----------------------------------------------------------------------------------------------------


def digest_from_scratch(reader: Reader, log: bytes) -> bytes:
    """The replica digest of SYNC 2.7, summed up from the tables with another encoder."""
    total = 0
    things = {thing for (thing,) in reader.rows("SELECT object FROM creation")}
    mine = {
        op.object
        for commit, _, op in oracles.history(reader).ops()
        if commit.log == log and hasattr(op, "object")
    }
    for thing in things & mine:
        total += _summand(
            [thing, sorted(op for (op,) in reader.rows("SELECT op FROM creation WHERE object = ?", (thing,)))]
        )
    registers: dict[tuple[bytes, int, str], list[bytes]] = {}
    for thing, number, language, op, gone in reader.rows(
        "SELECT object, field, language, op, gone FROM head"
    ):
        if thing in mine:
            registers.setdefault((thing, number, language), []).extend([op] if gone is None else [])
    total += sum(_summand([*key, sorted(heads)]) for key, heads in registers.items())
    for body, signature in reader.rows("SELECT body, signature FROM statement WHERE log = ?", (log,)):
        total += _summand([body, signature])
    if reader.value("SELECT kind FROM log WHERE id = ?", (log,)) == 1:
        total += sum(_summand(list(row)) for row in reader.rows("SELECT body, signature FROM certificate"))
    return (total % (1 << 256)).to_bytes(32, "big")


def _summand(value: list[object]) -> int:
    return int.from_bytes(hashlib.sha256(b"launchbook/register/1\n" + decoder.pack(value)).digest(), "big")


@few
@given(SEEDS)
def test_the_digest_kept_while_working_is_the_digest_from_scratch_and_after_a_rebuild(seed: int) -> None:
    with world_of(seed, "ab") as world:
        made_apart(world)
        here = world.replica("b").workspace
        kept = here.read(replica_digests)

        assert {log: here.read(digest_from_scratch, log) for log in kept} == kept
        assert oracles.differences(here.read(oracles.everything), oracles.rebuilt(here.database)) == []


# -- undo ----------------------------------------------------------------------------------------------------------


@few
@given(SEEDS, st.integers(2, 12))
def test_undo_brings_every_value_back_and_redo_every_change(seed: int, count: int) -> None:
    with world_of(seed) as world:
        ada = world.replica("a")
        before = ada.workspace.read(values_of)
        start = ada.workspace.read(lambda reader: reader.value("SELECT count(*) FROM action"))
        live(world, ada, count, UNDOABLE)
        after = ada.workspace.read(values_of)
        done = ada.workspace.read(lambda reader: reader.value("SELECT count(*) FROM action")) - start
        for _ in range(done):
            assert ada.workspace.undo().kept == []

        assert ada.workspace.read(values_of) == before
        for _ in range(done):
            ada.workspace.redo()
        assert ada.workspace.read(values_of) == after


# -- done, open, lost ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@many
@given(SEEDS)
def test_no_sequence_of_commands_finishes_a_step_or_opens_a_gate_without_what_it_takes(seed: int) -> None:
    """After every command, against an oracle that reads plain rows and remembers what was signed."""
    likely = (acts.claim, acts.add_note, acts.judge_criterion, acts.sign_gate, acts.tick)
    with world_of(seed, "abc") as world:
        for _ in range(30):
            replica = world.chance.choice(world.replicas)
            live(world, replica, 1, world.chance.choice((ANYTHING, likely)))
            world.heal()
            _watch_gates(world, replica)
            for run, task, status in replica.workspace.read(_statuses):
                assert status != "done" or replica.workspace.read(oracles.is_done, run, task)


@few
@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=12))
def test_a_value_written_from_an_old_view_stands_beside_and_is_never_lost(
    writes: list[tuple[int, bool]],
) -> None:
    """`model` is the register as SYNC 2.3 has it: whoever saw the values replaces them, whoever did not joins them."""
    with world_of(1) as world:
        workspace = world.replica("a").workspace
        task = acts.ids(world.replica("a"), "SELECT min(id) FROM task")[0]
        model: list[tuple[int, int]] = []  # revision and value
        painted = workspace.rev
        for minutes, fresh in writes:
            painted = workspace.rev if fresh else painted
            kept = [one for one in model if one[0] > painted]
            done = workspace.run(tasks.set_task, task, {"minutes": minutes + 100}, seen=painted)
            if done.changes is not None:
                model = [*kept, (done.changes.rev, minutes + 100)]
        heads = workspace.read(
            lambda reader: reader.rows(
                "SELECT value FROM head WHERE object = ? AND field = 9 AND gone IS NULL ORDER BY came",
                (task,),
            )
        )
        torn = workspace.read(lambda reader: reader.row("SELECT 1 FROM conflict WHERE object = ?", (task,)))

        assert sorted(trusted(value) for (value,) in heads)[-len(model) :] == sorted(
            value for _, value in model
        )
        assert (torn is not None) == (len({trusted(value) for (value,) in heads}) > 1)


CLAIMS = {
    Claim.FAILED: runs.fail_step,
    Claim.BLOCKED: runs.block_step,
    Claim.WAITING: runs.wait_step,
    Claim.RUNNING: runs.start_step,
    Claim.SKIPPED: runs.skip_step,
    Claim.DONE: runs.finish_step,
}


@pytest.mark.parametrize("one", CLAIMS)
@pytest.mark.parametrize("other", CLAIMS)
def test_of_two_claims_made_apart_the_least_finished_counts(one: Claim, other: Claim) -> None:
    """Whoever's clock is ahead: a finish never hides a failure."""
    with world_of(2, "ab") as world:
        ada, ben = world.replica("a"), world.replica("b")
        task = acts.ids(ada, "SELECT min(id) FROM task")[0]
        run = acts.run_of(ada, task, "task")
        ada.workspace.run(CLAIMS[one], run, task, reason="so it is")
        world.clock.now_ms += 86_400_000
        ben.workspace.run(CLAIMS[other], run, task, reason="so it is")
        world.heal()

        for replica in (ada, ben):
            claims = replica.workspace.read(lambda reader: reader.rows("SELECT claim FROM attempt"))
            assert claims == [(min(one, other),)]
