"""Joining by a snapshot: usable at once, nothing signed until its history was verified, and no lie in it survives that."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.codec import pack
from app.commands import people, redacting, tasks
from app.domain.words import Access
from app.errors import Refused, StorageError, VerifyError
from app.storage.keys import CHEAP
from app.storage.rebuild import replica_digests
from app.storage.snapshots import doubts_of_snapshot
from app.verifying import Verifying
from app.workspace import DATABASE, Workspace
from sync.client import sharing
from sync.client.connection import Connection, Unreachable
from sync.client.place import Invitation
from sync.client.runner import Runner
from sync.client.settling import Settling, fetch_anew
from sync.core import snapshots
from sync.core.exchange import Phase
from sync.server.offering import Offering
from tests.factories import PASSPHRASE, a_workspace
from tests.storage import acts, night
from tests.sync.lying import Evil, an_evil_server, lie_in_snapshot

PIN = "4711"
pytestmark = pytest.mark.slow  # each begins a server


@dataclass
class Laptop:
    """Ada's, who shares a night's work through a server that offers a snapshot of it."""

    evil: Evil
    ada: Workspace
    folder: Path

    @property
    def offering(self) -> Offering:
        (hosted,) = self.evil.house.hosted
        return hosted.offering

    def invite(self, access: Access = Access.OWNER, project: bytes | None = None) -> Invitation:
        invitation = sharing.invite(self.ada, acts.signer(acts.ADA), "Bea", "bea", access, project=project)
        sync(self.ada)
        return invitation

    def join(self, invitation: Invitation, **others: object) -> Workspace:
        return sharing.join(
            self.folder / "bea",
            invitation,
            lambda *_: (PIN, "pin"),
            cost=CHEAP,
            passphrase=_secret,
            **others,  # type: ignore[arg-type]  # the ones of join
        )

    def open(self) -> Workspace:
        return Workspace.open(self.folder / "bea", cost=CHEAP, passphrase=_secret)


def _secret() -> str:
    return PASSPHRASE


def sync(workspace: Workspace) -> Runner:
    connection = sharing.connect(workspace)
    try:
        runner = Runner(workspace, connection)
        assert runner.once().phase is Phase.SYNCED, runner.status
        return runner
    finally:
        connection.close()


def verified(workspace: Workspace) -> list[str]:
    """Lets the process verify it, and tells the workspace what came of it."""
    return Settling(workspace).run(sharing.at_once)


def is_unverified(workspace: Workspace) -> bool:
    return workspace.is_unverified


def digests(workspace: Workspace) -> dict[bytes, bytes]:
    return workspace.read(replica_digests)


def a_task(workspace: Workspace) -> bytes:
    return bytes(workspace.read(lambda reader: reader.value("SELECT min(id) FROM task WHERE alive")))


def give_role(workspace: Workspace) -> None:
    """Something that only a signature does."""
    person = workspace.person
    assert person is not None
    workspace.run(people.add_person, "Cleo", "cleo", signer=workspace.signer(person, PIN))


@pytest.fixture(scope="module")
def a_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Ada's laptop holds before she shares it."""
    folder = tmp_path_factory.mktemp("night") / "ada"
    ada = a_workspace(folder)
    one_night = night.Night(random.Random(5))
    for _act in range(60):
        one_night.act(ada)
    ada.close()
    return folder


@pytest.fixture
def laptop(tmp_path: Path, a_night: Path) -> Iterator[Laptop]:
    with an_evil_server(tmp_path, snapshot_bytes=1) as evil:
        shutil.copytree(a_night, tmp_path / "ada")
        ada = a_workspace(tmp_path / "ada")
        ada.act_as(acts.ADA)
        sharing.share(ada, acts.signer(acts.ADA), evil.address)
        try:
            yield Laptop(evil, ada, tmp_path)
        finally:
            ada.close()


# -- as it should be -----------------------------------------------------------------------------------------------


def test_what_comes_is_used_at_once_and_signed_for_once_it_is_verified(laptop: Laptop) -> None:
    bea = laptop.join(laptop.invite())
    assert is_unverified(bea)

    bea.run(tasks.set_task, a_task(bea), {"minutes": 77})
    with pytest.raises(Refused, match="still being verified"):
        give_role(bea)
    sync(bea)
    sync(laptop.ada)
    assert digests(laptop.ada) == digests(bea)

    assert verified(bea) == []
    assert not is_unverified(bea)
    give_role(bea)
    assert sync(bea).doubts == []
    sync(laptop.ada)
    assert digests(laptop.ada) == digests(bea)
    bea.close()


def test_what_came_after_the_snapshot_follows_commit_by_commit(laptop: Laptop) -> None:
    invitation = laptop.invite()
    laptop.offering.answer(laptop.evil.workspace)
    laptop.ada.run(tasks.set_task, a_task(laptop.ada), {"minutes": 78})
    sync(laptop.ada)

    bea = laptop.join(invitation)

    assert is_unverified(bea)
    task = a_task(bea)
    assert bea.read(lambda reader: reader.value("SELECT minutes FROM task WHERE id = ?", (task,))) == 78
    assert verified(bea) == []
    bea.close()


def test_who_reads_single_projects_gets_no_snapshot_of_everything(laptop: Laptop) -> None:
    project = bytes(laptop.ada.read(lambda reader: reader.value("SELECT min(id) FROM project")))
    bea = laptop.join(laptop.invite(Access.EDITOR, project))

    assert not is_unverified(bea)
    assert bea.read(lambda reader: reader.rows("SELECT id FROM project")) == [(project,)]
    connection = sharing.connect(bea)
    with pytest.raises(Refused, match="no snapshot"):
        connection.snapshot()
    connection.close()
    bea.close()


def test_a_small_workspace_comes_verified(laptop: Laptop) -> None:
    laptop.offering._least_bytes = 1 << 40
    bea = laptop.join(laptop.invite())
    assert not is_unverified(bea)
    bea.close()


def test_a_verification_that_was_interrupted_begins_again(laptop: Laptop) -> None:
    bea = laptop.join(laptop.invite())
    verifying = Verifying(bea.folder / DATABASE, bea.device.id, "en")
    verifying.end()
    with pytest.raises((StorageError, ValueError)):
        verifying.wait()
    bea.close()

    bea = laptop.open()
    assert is_unverified(bea)
    assert verified(bea) == []
    assert not list(bea.folder.glob("*.verified*"))
    bea.close()


def test_a_fetch_that_was_cut_goes_on_where_it_stopped(
    laptop: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.client.snapshot.PART_BYTES", 4096)
    invitation = laptop.invite()
    honest, asked = Connection.snapshot_part, []

    def cut(connection: Connection, sha256: bytes, offset: int, most: int) -> bytes:
        asked.append(offset)
        if len(asked) == 4:
            raise Unreachable("cut")
        return honest(connection, sha256, offset, most)

    monkeypatch.setattr(Connection, "snapshot_part", cut)
    with pytest.raises(Unreachable):
        laptop.join(invitation)
    bea = laptop.join(invitation)

    assert asked[:5] == [0, 4096, 8192, 12288, 12288]
    assert len(asked) == len(set(asked)) + 1
    assert is_unverified(bea)
    assert not list(bea.folder.glob("*.snapshot"))
    bea.close()


def test_a_redaction_withdraws_what_was_offered(laptop: Laptop) -> None:
    """The text is in the snapshot of before, and in no file of the server after."""
    ada, signer = laptop.ada, acts.signer(acts.ADA)
    cleo = ada.clock.new_id()
    ada.run(people.add_person, "Cleopatra-Unmistakable", "cleo9", signer=signer, id=cleo)
    sync(ada)
    laptop.offering.answer(laptop.evil.workspace)
    assert list(laptop.offering._folder.iterdir())

    ada.run(redacting.redact_person, cleo, signer=signer)
    sync(ada)

    assert list(laptop.offering._folder.iterdir()) == []


# -- lies ----------------------------------------------------------------------------------------------------------


UNSEEN = {
    "another title": 'UPDATE task SET title = \'{"en":"Wipe the disk"}\' WHERE id = (SELECT min(id) FROM task)',
    "a task that is gone": "DELETE FROM task WHERE id = (SELECT min(id) FROM task)",
    "a task of nobody's": "INSERT INTO task SELECT x'00112233445566778899aabbccddeeff', log, alive, stage, rank, title, "
    "instruction, owner, accountable, deputy, role, minutes, start, due, priority, stream, rollback, rollback_minutes, "
    "rollback_task, requires FROM task LIMIT 1",
    "a step done": "UPDATE attempt SET claim = 9 - claim",
    "a statement that counts": "UPDATE statement SET counts = 1 - counts WHERE hash = (SELECT max(hash) FROM statement)",
    "a key vouched for": "UPDATE certificate SET level = level + 1",
    "another head": "UPDATE head SET value = (SELECT max(value) FROM head)",
    "a conflict kept quiet": "INSERT INTO conflict SELECT object, 3, '', 1, x'00' FROM creation LIMIT 1",
    "a refused commit let in": "UPDATE entry SET accepted = 0 WHERE rev = (SELECT max(rev) FROM entry)",
    "another commit": "UPDATE entry SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB) "
    "WHERE rev = (SELECT max(rev) FROM entry)",
    "a commit withheld": "DELETE FROM entry WHERE rev = (SELECT max(rev) - 1 FROM entry)",
    "another person": "UPDATE entry SET person = x'00112233445566778899aabbccddeeff' WHERE rev = (SELECT max(rev) FROM entry)",
    "another digest": "UPDATE log SET digest = zeroblob(32)",
    "an erased text": "INSERT INTO erased SELECT hash FROM detached LIMIT 1; DELETE FROM detached "
    "WHERE hash IN (SELECT hash FROM erased)",
}
SEEN = {
    "another sequencer": "UPDATE epoch SET sequencer = zeroblob(32)",
    "leaves left out": "DELETE FROM leaf WHERE number = 0",
    "another root": "UPDATE tree SET frontier = zeroblob(length(frontier))",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON action BEGIN DELETE FROM task; END",
    "a view": "CREATE VIEW v AS SELECT 1",
    "another table": "CREATE TABLE more (x)",
    "a column that computes": "DROP TABLE decision; CREATE TABLE decision (id BLOB, x AS (1))",
    "values of another kind": "UPDATE task SET minutes = 'many'",
    "nothing where something must be": "DELETE FROM entry",
    "another founding": "UPDATE entry SET body = (SELECT body FROM entry WHERE rev = 2) WHERE rev = 1",
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_does_not_follow_from_the_history_is_found_and_gone(laptop: Laptop, name: str) -> None:
    """Edits made before that is known go on; the doubted file is kept; the server's signature stands under the lie."""
    lie_in_snapshot(laptop.evil, UNSEEN[name])
    bea = laptop.join(laptop.invite())
    assert is_unverified(bea)
    bea.run(people.set_person, bea.person, name="Beatrix")

    assert verified(bea) != []

    assert bea.read(doubts_of_snapshot) != []
    with pytest.raises(Refused, match="does not follow from its history"):
        give_role(bea)
    fetch_anew(bea, sharing.connect)
    bea.close()
    bea = laptop.open()
    assert not is_unverified(bea)
    sync(bea)
    sync(laptop.ada)
    assert digests(bea) == digests(laptop.ada)
    names = laptop.ada.read(lambda reader: reader.rows("SELECT name FROM person WHERE handle = 'bea'"))
    assert names == [("Beatrix",)]
    assert verified(bea) == []
    assert len(list(bea.folder.glob(f"{DATABASE}.doubted-*"))) == 1
    bea.close()


@pytest.mark.parametrize("name", SEEN)
def test_what_can_be_seen_is_not_taken_and_the_log_comes_instead(laptop: Laptop, name: str) -> None:
    lie_in_snapshot(laptop.evil, SEEN[name])
    heard: list[str] = []

    bea = laptop.join(laptop.invite(), doubted=heard.append)

    assert len(heard) == 1
    assert "Nothing of it was taken" in heard[0]
    assert not is_unverified(bea)
    sync(laptop.ada)
    assert digests(bea) == digests(laptop.ada)
    bea.close()


def test_a_foreign_key_s_offer_is_not_taken(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(laptop.offering, "answer", lambda _workspace: pack([b"body", bytes(65)]))
    bea = laptop.join(laptop.invite(), doubted=heard.append)
    assert heard == ["The server's offer of a snapshot does not hold."]
    assert not is_unverified(bea)
    bea.close()


@pytest.mark.parametrize("how", ["shorter", "other bytes"])
def test_other_bytes_than_were_signed_are_not_taken(
    laptop: Laptop, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Connection.snapshot_part

    def part(connection: Connection, sha256: bytes, offset: int, most: int) -> bytes:
        got = honest(connection, sha256, offset, most)
        return (
            b""
            if how == "shorter" and offset
            else bytes([got[0] ^ 1]) + got[1:]
            if how != "shorter"
            else got[:99]
        )

    monkeypatch.setattr(Connection, "snapshot_part", part)
    heard: list[str] = []
    bea = laptop.join(laptop.invite(), doubted=heard.append)
    assert len(heard) == 1
    assert not is_unverified(bea)
    bea.close()


def test_a_bomb_is_unpacked_no_further_than_was_signed(tmp_path: Path) -> None:
    """A thousand megabytes of zeros that were signed as one."""
    bomb, out = tmp_path / "bomb", tmp_path / "out"
    with (tmp_path / "zeros").open("wb") as zeros:
        zeros.truncate(300 << 20)
    with (tmp_path / "zeros").open("rb") as source, bomb.open("wb") as target:
        snapshots.pack_file(source, target, 300 << 20)
    with (
        bomb.open("rb") as source,
        out.open("wb") as target,
        pytest.raises(VerifyError, match="another size"),
    ):
        snapshots.unpack_file(source, target, 1 << 20)
    assert out.stat().st_size <= 1 << 20
