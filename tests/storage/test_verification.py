"""A burglar with a database program: whatever he changes in a copy of the file is named when its logs are verified."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.codec import COMMIT
from app.commands import founding, tasks
from app.queries.doubts import doubts, kept_back
from app.storage.crypto import public_bytes, sign_as_device
from app.storage.delivery import Held
from app.storage.engine import Reader
from app.storage.log import decode_body
from app.storage.proofs import checkpoint, root_of, tree_of
from app.storage.verification import Problem, Proof, What, verify_logs
from tests.simulation import simulation
from tests.simulation.world import ADA, Replica, World, signer, world_of


@contextmanager
def a_history() -> Iterator[World]:
    """Ada's laptop began the order and handed it to a server; Ben edited as well."""
    with world_of(7, "ab") as made:
        edit(made.replica("a"), 40)
        server = made.serve(made.folder / "s").workspace.device
        ada = made.replica("a").workspace
        ada.run(founding.hand_over_order, signer(ADA), server.id, "server", server.public)
        made.heal()
        for minutes in (41, 42):
            edit(made.replica("b"), minutes)
            made.heal()
        edit(made.replica("a"), 43)
        yield made


@pytest.fixture
def world() -> Iterator[World]:
    with a_history() as made:
        yield made


@dataclass(frozen=True)
class Found:
    """Ada's file as it lies on her disk, and the ids of her and Ben's installation."""

    path: Path
    ada: bytes
    ben: bytes


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("file")
    with a_history() as made:
        return found_file(made, folder / "launchbook.db")


def found_file(world: World, path: Path) -> Found:
    ada, ben = world.replica("a"), world.replica("b")
    found = Found(path, ada.workspace.device.id, ben.workspace.device.id)
    ada.workspace.close()
    shutil.copy(ada.folder / "launchbook.db", path)
    return found


def edit(replica: Replica, minutes: int) -> None:
    task = replica.workspace.read(lambda reader: reader.value("SELECT min(id) FROM task"))
    replica.workspace.run(tasks.set_task, task, {"minutes": minutes})


def logs_of(reader: Reader) -> list[bytes]:
    return [log for (log,) in reader.rows("SELECT id FROM log ORDER BY kind")]


def verified(replica: Replica) -> Proof:
    read = replica.workspace.read
    return read(verify_logs, read(logs_of), replica.workspace.device.id)


def test_what_nobody_touched_holds_and_says_how_far(world: World) -> None:
    proof = verified(world.replica("a"))
    workspace, project = proof.logs

    assert proof.problems == []
    assert (workspace.unplaced, project.unplaced) == (0, 1)
    assert [epoch.number for epoch in project.epochs] == [1, 2]
    assert project.commits == sum(epoch.places for epoch in project.epochs) + 1
    assert project.devices == 2
    assert workspace.statements > 5


def test_the_other_side_and_the_server_hold_as_well(world: World) -> None:
    assert [verified(one).problems for one in (world.replica("b"), world.server) if one is not None] == [
        [],
        [],
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 4])
def test_no_honest_history_is_accused(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was lost, refused, restored or handed over meanwhile: nothing is found, and nobody doubted."""
    proofs: list[Proof] = []
    said: list[str] = []

    def ask(world: World, _one: Replica) -> None:
        for replica in world.everybody:
            read, own = replica.workspace.read, replica.workspace.device.id
            proofs.append(verified(replica))
            said.extend(read(doubts, "en"))
            if world.server is not None and replica is not world.server:
                server = world.server.workspace
                said.extend(read(kept_back, server.held(), own, server.device.public, {}, "en"))

    monkeypatch.setattr(simulation, "_ask_one", ask)
    simulation.simulate(seed)

    assert proofs
    assert [proof.problems for proof in proofs] == [[]] * len(proofs)
    assert said == []


# -- the burglar ---------------------------------------------------------------------------------------------------

PROJECT = "(SELECT max(id) FROM log WHERE kind = 2)"
WORKSPACE = "(SELECT value FROM meta WHERE key = 'workspace')"
BENS = f"log = {PROJECT} AND device <> (SELECT device FROM entry ORDER BY rev LIMIT 1)"


@dataclass(frozen=True)
class Break:
    """What he does, and what kind of thing is found."""

    sql: str
    found: What


FLIPPED = "CAST(substr({0}, 1, {1}) || x'07' || substr({0}, {1} + 2) AS BLOB)"
BREAKS = {
    "a commit's bytes": Break(
        f"UPDATE entry SET body = {FLIPPED.format('body', 90)} WHERE {BENS} AND dev_seq = 1", What.COMMIT
    ),
    "a commit that is no commit any more": Break(
        f"UPDATE entry SET body = x'00' WHERE {BENS} AND dev_seq = 1", What.COMMIT
    ),
    "a commit's signature": Break(
        f"UPDATE entry SET signature = {FLIPPED.format('signature', 20)} WHERE {BENS} AND dev_seq = 1",
        What.COMMIT,
    ),
    "a commit taken out of its chain": Break(f"DELETE FROM entry WHERE {BENS} AND dev_seq = 1", What.MISSING),
    "the last commit of a chain": Break(
        f"DELETE FROM entry WHERE {BENS} AND dev_seq = (SELECT max(dev_seq) FROM entry WHERE {BENS})",
        What.WITHOUT_COMMIT,
    ),
    "who a commit is of": Break(f"UPDATE entry SET person = x'{ADA.hex()}' WHERE {BENS}", What.COLUMNS),
    "whether a commit was accepted": Break(f"UPDATE entry SET accepted = 0 WHERE {BENS}", What.COLUMNS),
    "when the server received it": Break(
        f"UPDATE entry SET received = received - 1 WHERE {BENS}", What.COLUMNS
    ),
    "the time in a leaf": Break(
        f"UPDATE leaf SET received = received - 1 WHERE log = {PROJECT} AND number = 1", What.ORDER
    ),
    "the judgement in a leaf": Break(
        f"UPDATE leaf SET accepted = 0, reason = 1 WHERE log = {PROJECT} AND epoch = 2 AND number = 0",
        What.ORDER,
    ),
    "two leaves against each other": Break(
        "UPDATE leaf SET hash = (SELECT o.hash FROM leaf o WHERE o.log = leaf.log AND o.epoch = leaf.epoch "
        f"AND o.number = 1 - leaf.number) WHERE log = {PROJECT} AND epoch = 2 AND number < 2",
        What.ORDER,
    ),
    "a leaf taken out": Break(
        f"DELETE FROM leaf WHERE log = {PROJECT} AND epoch = 2 AND number = 0", What.ORDER
    ),
    "a checkpoint's signature": Break(
        f"UPDATE tree SET checkpoint = replace(checkpoint, ' ', ' A') WHERE log = {PROJECT} AND epoch = 2",
        What.ORDER,
    ),
    "a checkpoint of another log": Break(
        f"UPDATE tree SET checkpoint = (SELECT checkpoint FROM tree WHERE log = {WORKSPACE} AND epoch = 2) "
        f"WHERE log = {PROJECT} AND epoch = 2",
        What.ORDER,
    ),
    "a subtree that proofs are made of": Break(
        f"UPDATE leaf SET completed = zeroblob(length(completed)) WHERE log = {PROJECT} AND number = 1",
        What.ORDER,
    ),
    "a whole epoch of the order": Break(
        f"DELETE FROM leaf WHERE log = {PROJECT} AND epoch = 2; DELETE FROM tree WHERE log = {PROJECT} AND epoch = 2",
        What.LOST,
    ),
    "who gives the order": Break(
        f"UPDATE epoch SET sequencer = zeroblob(32) WHERE log = {PROJECT} AND epoch = 2", What.EPOCH
    ),
    "where an epoch ended": Break(
        f"UPDATE epoch SET size = size - 1 WHERE log = {PROJECT} AND epoch = 2", What.EPOCH
    ),
    "a statement's words": Break(
        "UPDATE statement SET meaning = 'reader' WHERE meaning = 'owner'", What.STATEMENT
    ),
    "that a statement counts": Break("UPDATE statement SET counts = 3 - counts", What.STATEMENT),
    "how sure a key is": Break("UPDATE certificate SET level = 2", What.STATEMENT),
    "a certificate of his own": Break(
        "INSERT INTO certificate SELECT zeroblob(16), issuer, person, device, public, 1, issued, body, signature, op, rev "
        "FROM certificate LIMIT 1",
        What.STATEMENT,
    ),
    "what a task says": Break("""UPDATE task SET title = '{"en":"Do nothing"}'""", What.ROW),
    "a task of his own": Break(
        "CREATE TEMP TABLE mine AS SELECT * FROM task LIMIT 1; UPDATE mine SET id = zeroblob(16); "
        "INSERT INTO task SELECT * FROM mine",
        What.ROW,
    ),
    "a task taken away": Break("DELETE FROM task WHERE id = (SELECT min(id) FROM task)", What.ROW),
    "what a field was set to": Break("UPDATE head SET value = x'07' WHERE gone IS NULL", What.ROW),
    "what a thing was made with": Break("UPDATE creation SET hlc = hlc + 1", What.ROW),
    "a text that is erasable": Break(
        "UPDATE detached SET value = x'a3457665' WHERE value = x'a3416461'", What.COMMIT
    ),
}


def broken(file: Found, change: Callable[[apsw.Connection], object]) -> list[Problem]:
    """What is found in a copy of the file after somebody was at it while the program was closed."""
    copy = file.path.with_name("copy.db")
    shutil.copy(file.path, copy)
    raw = apsw.Connection(str(copy))
    try:
        change(raw)
        assert raw.total_changes()
        reader = Reader(raw)
        return verify_logs(reader, logs_of(reader), file.ada).problems
    finally:
        raw.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", BREAKS)
def test_whatever_a_burglar_changes_is_named(file: Found, name: str) -> None:
    found = broken(file, lambda raw: raw.execute(BREAKS[name].sql))

    assert BREAKS[name].found in {problem.what for problem in found}


def test_the_commit_that_was_changed_is_the_one_that_is_named(file: Found) -> None:
    (first, *_rest) = broken(file, lambda raw: raw.execute(BREAKS["a commit's bytes"].sql))

    assert (first.device, first.number) == (file.ben, 1)
    assert first.detail == "A commit's signature does not hold."


def test_a_burglar_with_a_key_of_his_own_cannot_sign_for_the_sequencer(file: Found) -> None:
    """He rewrites leaf, tree, checkpoint and even the sequencer's key in the tables: the log names another one."""
    thief = Ed25519PrivateKey.generate()

    def rewrite(raw: apsw.Connection) -> None:
        reader = Reader(raw)
        log = reader.value(f"SELECT {PROJECT}")
        size, frontier = tree_of(reader, log, 2)
        note = checkpoint(thief, log, 2, size, root_of(frontier))
        raw.execute("UPDATE tree SET checkpoint = ? WHERE log = ? AND epoch = 2", (note, log))
        raw.execute("UPDATE epoch SET sequencer = ? WHERE log = ? AND epoch = 2", (public_bytes(thief), log))
        raw.execute("UPDATE log SET sequencer = ? WHERE id = ?", (public_bytes(thief), log))

    assert {problem.what for problem in broken(file, rewrite)} >= {What.ORDER}


def test_a_commit_signed_anew_by_another_device_is_refused(file: Found) -> None:
    def rewrite(raw: apsw.Connection) -> None:
        rev, body = Reader(raw).row(
            f"SELECT max(rev), body FROM entry WHERE log = {PROJECT} AND person = ?", (ADA,)
        ) or (0, b"")
        assert decode_body(body).person == ADA
        signature = sign_as_device(Ed25519PrivateKey.generate(), COMMIT + body)
        raw.execute("UPDATE entry SET signature = ? WHERE rev = ?", (signature, rev))

    assert [problem.what for problem in broken(file, rewrite)][:1] == [What.COMMIT]


def test_an_older_copy_of_the_order_is_found_by_what_this_device_signed_since(
    world: World, tmp_path: Path
) -> None:
    """The tree is put back to what it was, with the checkpoint of that day: nothing in it is false but that it is old."""
    ada = world.replica("a").workspace
    log = ada.read(lambda reader: reader.value(f"SELECT {PROJECT}"))
    old = ada.read(tree_of, log, 2)
    note = ada.read(
        lambda reader: reader.value("SELECT checkpoint FROM tree WHERE log = ? AND epoch = 2", (log,))
    )
    edit(world.replica("b"), 44)
    world.heal()
    edit(world.replica("a"), 45)

    def put_back(raw: apsw.Connection) -> None:
        size, frontier = old
        raw.execute("DELETE FROM leaf WHERE log = ? AND epoch = 2 AND number >= ?", (log, size))
        raw.execute(
            "UPDATE tree SET size = ?, frontier = ?, checkpoint = ? WHERE log = ? AND epoch = 2",
            (size, b"".join(frontier), note, log),
        )

    file = found_file(world, tmp_path / "launchbook.db")
    assert {problem.what for problem in broken(file, put_back)} >= {What.LOST}


def test_everything_there_is_can_be_verified_from_a_file_alone(world: World) -> None:
    """Held({}, {}) asks for all: what a verification takes in is what another replica would be given."""
    ada = world.replica("a").workspace

    assert sum(log.commits for log in verified(world.replica("a")).logs) == len(
        ada.give(Held({}, {})).packets
    )
