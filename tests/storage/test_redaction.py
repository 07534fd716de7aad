"""A redaction reaches every place a text lies in: rows, log and files of whoever hears of it, and no proof breaks by it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from app.codec import pack
from app.commands import people, runs
from app.commands.redacting import redact, redact_person, set_hold
from app.domain import verbs
from app.domain.words import Access
from app.errors import NotAllowed, Refused, VerifyError
from app.queries.people import people as people_rows
from app.storage.authority import Counts
from app.storage.delivery import Delivery, Held
from app.storage.engine import Reader
from app.storage.erased import MARK
from app.storage.rebuild import replays_equal, replica_digests, values_of
from app.storage.statements import Kind, decode_statement
from app.storage.verification import Proof, verify_logs
from app.workspace import Workspace
from sync.server.house import House
from tests.simulation.world import ADA, BEN, Replica, World, signer, world_of

SECRET = "Call Eva at 0176 5550 1234"
NOTHING = Held({}, {})


@pytest.fixture
def world() -> Iterator[World]:
    with world_of(7, "ab") as made:
        yield made


def note(replica: Replica, text: str = SECRET) -> bytes:
    """A note at the first step; the action that brought it."""
    workspace = replica.workspace
    run, task = workspace.read(
        lambda reader: reader.rows("SELECT r.id, t.id FROM run r, task t ORDER BY r.id, t.id")
    )[0]
    changes = workspace.run(runs.add_note, run, task, text).changes
    assert changes is not None
    return changes.action


def project_of(workspace: Workspace) -> bytes:
    return bytes(workspace.read(lambda reader: reader.value("SELECT min(id) FROM project")))


def meet(*replicas: Replica) -> None:
    """Everybody gives everybody else what is lacking, twice."""
    for _ in range(2):
        for one in replicas:
            for other in replicas:
                other.workspace.take(one.workspace.give(other.workspace.held()))


def texts(replica: Replica) -> list[str]:
    rows = replica.workspace.read(lambda reader: reader.rows("SELECT text FROM evidence ORDER BY id"))
    return [text for (text,) in rows]


def lies_in(replica: Replica, text: str = SECRET) -> list[str]:
    """The files of a replica that hold a text's bytes."""
    sought = text.encode()
    found = replica.workspace.folder.rglob("*")
    return [path.name for path in found if path.is_file() and sought in path.read_bytes()]


def test_a_text_is_gone_from_every_replica_and_every_proof_holds(world: World) -> None:
    ada, ben = world.replica("a"), world.replica("b")
    action = note(ben)
    note(ben, "what stays")
    meet(ada, ben)
    assert lies_in(ada)
    assert lies_in(ben)
    digests = replica_digests
    before = ada.workspace.read(digests)
    done = ada.workspace.run(redact, action, signer=signer(ADA), reason="asked for by Eva")
    assert done.result == 1
    meet(ada, ben)

    for one in (ada, ben):
        assert sorted(texts(one)) == ["what stays", MARK]
        assert lies_in(one) == []
        assert lies_in(one, "what stays")
        assert replays_equal(one.workspace.database)
        assert one.workspace.read(_proof, one.workspace.device.id).holds
    assert ada.workspace.read(values_of) == ben.workspace.read(values_of)
    assert ada.workspace.read(digests) == ben.workspace.read(digests) != before


def _proof(reader: Reader, device: bytes) -> Proof:
    logs = [log for (log,) in reader.rows("SELECT id FROM log ORDER BY kind, id")]
    return verify_logs(reader, logs, device)


def test_who_comes_later_never_gets_it_and_who_sends_it_late_brings_it_not_back(world: World) -> None:
    ada, ben = world.replica("a"), world.replica("b")
    action = note(ben)
    old = ben.workspace.give(NOTHING)  # on a stick since then
    meet(ada, ben)
    ada.workspace.run(redact, action, signer=signer(ADA))
    given = ada.workspace.give(NOTHING)
    assert SECRET.encode() not in b"".join(value for packet in given.packets for _, value in packet.detached)
    ada.workspace.take(old)
    assert lies_in(ada) == []
    fresh = Workspace.mirror(world.folder / "m", ada.workspace.id, ada.workspace.device)
    fresh.take(Delivery(given.packets, given.receipts))
    for packet in old.packets:  # again, beside what it holds already
        fresh.take(Delivery((packet,)))
    held = fresh.read(lambda reader: reader.rows("SELECT text FROM evidence"))
    fresh.close()

    assert held == [(MARK,)]


def test_a_redaction_that_comes_before_the_text_keeps_it_out(world: World) -> None:
    """The commits of one delivery in two: the redaction's frontier lets it wait, or it erases what comes after."""
    ada, ben = world.replica("a"), world.replica("b")
    action = note(ben)
    meet(ada, ben)
    ada.workspace.run(redact, action, signer=signer(ADA))
    delivery = ben.workspace.give(NOTHING)
    later = ada.workspace.give(ben.workspace.held())
    fresh = Workspace.mirror(world.folder / "m", ada.workspace.id, ada.workspace.device)
    for part in (later, delivery, later):
        fresh.take(part)
    held = fresh.read(lambda reader: reader.rows("SELECT text FROM evidence"))
    fresh.close()

    assert held == [(MARK,)]


def test_a_person_is_forgotten_and_what_they_did_stays_theirs(world: World) -> None:
    ada, ben = world.replica("a"), world.replica("b")
    ada.workspace.run(people.set_person, BEN, name="Benjamin Gone", email="ben@gone.example")
    ada.workspace.run(people.set_person, BEN, name="Ben Gone")
    meet(ada, ben)
    assert ada.workspace.run(redact_person, BEN, signer=signer(ADA)).result >= 3
    meet(ada, ben)

    for one in (ada, ben):
        names = {row.id: row.name for row in one.workspace.read(people_rows)}
        assert names[BEN] == MARK
        for text in ("Benjamin Gone", "ben@gone.example", "Ben Gone"):
            assert lies_in(one, text) == []
        assert replays_equal(one.workspace.database)


def test_a_file_goes_and_its_hash_stays(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    ada, ben = world.replica("a"), world.replica("b")
    path = tmp_path_factory.mktemp("file") / "screen.png"
    path.write_bytes(b"a picture of a password")
    run, task = ben.workspace.read(
        lambda reader: reader.rows("SELECT r.id, t.id FROM run r, task t ORDER BY r.id, t.id")
    )[0]
    for one in (ada, ben):
        kept = one.workspace.files.keep(path)
    changes = ben.workspace.run(runs.attach_file, run, task, kept.sha256, kept.size, kept.name).changes
    assert changes is not None
    meet(ada, ben)
    ada.workspace.run(redact, changes.action, signer=signer(ADA))
    meet(ada, ben)

    for one in (ada, ben):
        assert not one.workspace.files.has(kept.sha256)
        rows = one.workspace.read(lambda reader: reader.rows("SELECT sha256, name FROM evidence"))
        assert rows == [(kept.sha256, MARK)]


def test_only_an_owner_erases_and_a_forged_redaction_erases_nothing(world: World) -> None:
    ada, ben = world.replica("a"), world.replica("b")
    action = note(ben)
    meet(ada, ben)
    with pytest.raises(NotAllowed):
        ben.workspace.run(redact, action, signer=signer(BEN))
    forge = partial(redact, signer=signer(BEN))
    world.force(ben, forge, action, verb=verbs.REDACT.number)
    meet(ada, ben)

    for one in (ada, ben):
        assert texts(one) == [SECRET]
        counts = one.workspace.read(
            lambda reader: reader.rows("SELECT counts FROM statement WHERE kind = ?", (Kind.REDACTION,))
        )
        assert counts in ([], [(Counts.NOT_ALLOWED,)])


def test_a_redaction_erases_once_its_author_turns_out_to_be_an_owner(world: World) -> None:
    """Made under a grant that the other replica has not heard of yet."""
    ada, ben = world.replica("a"), world.replica("b")
    action = note(ben)
    meet(ada, ben)
    ada.workspace.run(people.set_access, BEN, Access.OWNER, signer=signer(ADA))
    meet(ada, ben)
    ben.workspace.run(redact, action, signer=signer(BEN))
    meet(ada, ben)

    assert texts(ada) == texts(ben) == [MARK]


def test_a_legal_hold_keeps_everything(world: World) -> None:
    ada, ben = world.replica("a"), world.replica("b")
    action = note(ben)
    meet(ada, ben)
    with pytest.raises(NotAllowed):
        ben.workspace.run(set_hold, project_of(ben.workspace), "Audit 2026")
    ada.workspace.run(set_hold, project_of(ada.workspace), "Audit 2026")
    for command, what in ((redact, action), (redact_person, BEN)):
        with pytest.raises(Refused, match="Audit 2026"):
            ada.workspace.run(command, what, signer=signer(ADA))
    ada.workspace.run(set_hold, project_of(ada.workspace), "")

    assert ada.workspace.run(redact, action, signer=signer(ADA)).result == 1
    with pytest.raises(Refused, match="no text"):
        ada.workspace.run(redact, action, signer=signer(ADA))


def test_undo_does_not_bring_it_back(world: World) -> None:
    ada = world.replica("a")
    action = note(ada)
    ada.workspace.undo()
    ada.workspace.run(redact, action, signer=signer(ADA))
    ada.workspace.redo()

    assert texts(ada) == [MARK]
    assert lies_in(ada) == []


@pytest.mark.parametrize("conditions", [None, b"", b"no hashes", pack([b"short"]), pack([1])])
def test_a_redaction_of_another_shape_is_no_statement(world: World, conditions: bytes | None) -> None:
    """It is found before anything of its commit is kept."""
    ada = world.replica("a")
    ada.workspace.run(redact, note(ada), signer=signer(ADA))
    sql = "SELECT body FROM statement WHERE kind = ?"
    body = ada.workspace.read(lambda reader: reader.value(sql, (Kind.REDACTION,)))
    with pytest.raises(VerifyError):
        decode_statement(replace(decode_statement(body), conditions=conditions).encode())


# -- a file that somebody has open ---------------------------------------------------------------------------------


@pytest.fixture
def held_open(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Files by name that cannot be deleted for now, as where another program shows them."""
    held: set[str] = set()
    unlink = Path.unlink

    def refusing(path: Path, missing_ok: bool = False) -> None:
        if path.name in held and path.exists():
            raise PermissionError(13, "in use", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)
    return held


def attached(replica: Replica, folder: Path) -> tuple[bytes, bytes]:
    """A file as evidence; the action that brought it, and its hash."""
    path = folder / "screen.png"
    path.write_bytes(b"a picture of a password")
    kept = replica.workspace.files.keep(path)
    run, task = replica.workspace.read(
        lambda reader: reader.rows("SELECT r.id, t.id FROM run r, task t ORDER BY r.id, t.id")
    )[0]
    changes = replica.workspace.run(runs.attach_file, run, task, kept.sha256, kept.size, kept.name).changes
    assert changes is not None
    return changes.action, kept.sha256


def _a_change(world: World) -> None:
    note(world.replica("a"), "later")


def _a_round(world: World) -> None:
    """In which nothing came."""
    ada = world.replica("a")
    ada.workspace.take(ada.workspace.give(ada.workspace.held()))


def _an_opening(world: World) -> None:
    world.restart(world.replica("a"))


@pytest.mark.parametrize("later", [_a_change, _a_round, _an_opening])
def test_a_file_that_somebody_has_open_goes_at_the_next_occasion(
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
    held_open: set[str],
    later: Callable[[World], None],
) -> None:
    ada = world.replica("a")
    told: list[str] = []
    action, sha256 = attached(ada, tmp_path_factory.mktemp("file"))
    ada.workspace.subscribe(lambda changes: told.append(changes.origin))
    held_open.add(ada.workspace.files.path_of(sha256).name)
    ada.workspace.run(redact, action, signer=signer(ADA))
    assert told == ["local"]  # that one file stays is nothing a listener does without
    later(world)
    assert ada.workspace.files.has(sha256)
    held_open.clear()
    later(world)

    assert not ada.workspace.files.has(sha256)
    assert ada.workspace.forgetting.left == set()


def test_what_had_come_of_a_file_goes_with_it(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    ada = world.replica("a")
    action, sha256 = attached(ada, tmp_path_factory.mktemp("file"))
    ada.workspace.files.take_part(sha256, "server", 0, b"a picture")
    ada.workspace.files.take_part(bytes(32), "server", 0, b"of another")
    ada.workspace.run(redact, action, signer=signer(ADA))
    assert ada.workspace.files.incoming(sha256, "server") == 0
    assert ada.workspace.files.incoming(bytes(32), "server") == 10


@pytest.mark.parametrize("opened_anew", [False, True])
def test_at_the_server_too(
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
    held_open: set[str],
    opened_anew: bool,
) -> None:
    ada, folder = world.replica("a"), tmp_path_factory.mktemp("server")
    action, sha256 = attached(ada, folder)
    house = House(folder / "house")
    hosted = house.begin(ada.workspace.id)
    kept = hosted.shelf.store.keep(folder / "screen.png")
    hosted.take(ada.workspace.give(NOTHING)).result(10)
    held_open.add(hosted.shelf.store.path_of(sha256).name)
    ada.workspace.run(redact, action, signer=signer(ADA))
    hosted.take(ada.workspace.give(hosted.replica.held())).result(10)
    assert hosted.shelf.store.has(kept.sha256)
    held_open.clear()
    if opened_anew:
        house.close()
        house = House(folder / "house")
        hosted = house.begin(ada.workspace.id)
    else:
        hosted.take(Delivery()).result(10)

    assert not hosted.shelf.store.has(kept.sha256)
    house.close()
