"""Each lie of a server is found out where it must be; its victims say so, keep what they typed, and believe none of it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from app.commands import people, tasks
from app.domain.words import Access
from app.storage.keys import CHEAP
from app.storage.rebuild import replica_digests
from app.storage.verification import What, verify_logs
from app.workspace import Workspace
from sync import stick
from sync.client import sharing
from sync.client.connection import Connection
from sync.client.place import load_place, save_place
from sync.client.runner import Runner
from sync.client.witness import ask
from sync.core.exchange import Phase, Status
from tests.factories import PASSPHRASE, a_workspace
from tests.sync import evil_server
from tests.sync.lying import ATTACKS, Attack, Evil, Found, an_evil_server
from tests.sync.team import owned_by_ada

PIN = "4711"
pytestmark = pytest.mark.slow  # each begins a server


@dataclass
class Victims:
    """Ada and Ben share a workspace through the server. Ada has news there that Ben lacks, and Ben typed something."""

    evil: Evil
    ada: Workspace
    ben: Workspace
    mine: bytes = b""

    @property
    def project(self) -> bytes:
        return bytes(self.ada.read(lambda reader: reader.value("SELECT min(id) FROM project")))

    def sync(self, workspace: Workspace) -> Runner:
        connection = sharing.connect(workspace)
        try:
            runner = Runner(workspace, connection)
            runner.once()
            return runner
        finally:
            connection.close()

    def edit(self, workspace: Workspace, minutes: int) -> None:
        workspace.run(tasks.set_task, self.task, {"minutes": minutes})

    @property
    def task(self) -> bytes:
        return bytes(self.ada.read(lambda reader: reader.value("SELECT min(id) FROM task")))

    def problems(self, workspace: Workspace) -> set[What]:
        proof = workspace.read(verify_logs, (workspace.id, self.project), workspace.device.id)
        return {one.what for one in proof.problems}


def told(runner: Runner) -> list[str]:
    return [*runner.forged, *runner.doubts, runner.status.reason]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of the server and of both laptops, as they lie when the lying begins."""
    folder = tmp_path_factory.mktemp("begun")
    with an_evil_server(folder) as evil:
        ada = a_workspace(folder / "ada")
        signer, _project = owned_by_ada(ada, "Load the balances")
        sharing.share(ada, signer, evil.address)
        invitation = sharing.invite(ada, signer, "Ben", "ben", Access.EDITOR)
        made = Victims(evil, ada, ada)
        made.sync(ada)
        sharing.join(
            folder / "ben", invitation, lambda *_: (PIN, "pin"), cost=CHEAP, passphrase=_secret
        ).close()
        made.sync(ada)
        ada.run(people.add_person, "Cleo", "cleo", signer=signer)
        made.sync(ada)
        made.edit(ada, 41)
        made.edit(ada, 42)
        made.sync(ada)
        ada.close()
    return folder


def _secret() -> str:
    return PASSPHRASE


@pytest.fixture
def victims(begun: Path, tmp_path: Path) -> Iterator[Victims]:
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    with an_evil_server(tmp_path) as evil:
        opened: list[Workspace] = []
        for name in ("ada", "ben"):
            place = load_place(tmp_path / name)
            assert place is not None
            save_place(tmp_path / name, replace(place, url=f"http://127.0.0.1:{evil.port}"))
            workspace = Workspace.open(tmp_path / name, passphrase=_secret, cost=CHEAP)
            workspace.act_as(workspace.default_person())
            opened.append(workspace)
        made = Victims(evil, opened[0], opened[1])
        evil.house.find(made.ada.id)
        evil.project = made.project
        made.mine = made.ben.run(tasks.add_task, made.project, "Typed by Ben").result
        try:
            yield made
        finally:
            for workspace in opened:
                workspace.close()


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 15
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_a_lie_is_found_out_and_harms_nobody(victims: Victims, attack: Attack) -> None:
    ben, evil = victims.ben, victims.evil
    evil.lie = evil_server.once(attack.lie) if attack.stays else attack.lie
    runner = victims.sync(ben)
    evil.lie = None

    assert evil.faults == []
    if attack.found is Found.NOT_A_LIE:
        assert told(runner) == [""]
    else:
        assert [one for one in told(runner) if attack.says in one], told(runner)
    assert bool(runner.forged or runner.status.phase is Phase.DENIED) >= (attack.found is Found.AT_ONCE)
    assert victims.problems(ben) <= {What.WITHOUT_COMMIT, What.SEEN}
    assert _title(ben, victims.mine) == "Typed by Ben"
    assert _title(ben, victims.task) == "Load the balances"
    if not attack.stays:
        _tell_the_truth(victims)


def _title(workspace: Workspace, task: bytes) -> str:
    return str(
        workspace.read(lambda reader: reader.value("SELECT title ->> 'en' FROM task WHERE id = ?", (task,)))
    )


def _tell_the_truth(victims: Victims) -> None:
    """With an honest server all is well again: nothing of the lie stands in the way."""
    runner = victims.sync(victims.ben)
    victims.sync(victims.ada)
    again = victims.sync(victims.ben)

    assert runner.status.phase is again.status.phase is Phase.SYNCED
    assert [one for one in told(again) if "two different histories" not in one] == [""]
    assert victims.ada.read(replica_digests) == victims.ben.read(replica_digests)
    assert victims.ada.held() == victims.ben.held()
    assert _title(victims.ada, victims.mine) == "Typed by Ben"


# -- two who were told different things ----------------------------------------------------------------------------


def _deceived(victims: Victims) -> None:
    """Ben was shown another history; alone he cannot know."""
    victims.evil.lie = evil_server.once(evil_server.shows_another_history)
    runner = victims.sync(victims.ben)
    victims.evil.lie = None

    assert runner.forged == []


def test_two_histories_come_out_when_a_stick_goes_from_one_to_the_other(
    victims: Victims, tmp_path: Path
) -> None:
    _deceived(victims)
    victims.edit(victims.ben, 50)
    for giver, taker in ((victims.ada, victims.ben), (victims.ben, victims.ada)):
        stick.write(giver, tmp_path / "stick")
        brought = stick.bring(taker, tmp_path / "stick")

        assert evil_server.TWO_HISTORIES in " ".join(brought.forged)
        assert {one.partition(" its order ")[0] for one in brought.doubts} == {
            "Whoever gives the workspace",
            "Whoever gives “Cutover”",
        }
        assert all("signed two different histories" in one for one in brought.doubts)
        assert victims.problems(taker) == {What.SEEN}
    assert _title(victims.ada, victims.mine) == "Typed by Ben"


def test_two_histories_come_out_through_the_lying_server_itself(victims: Victims) -> None:
    """Ben's next commit names the history he was shown: the server passes it on, or keeps Ben apart for ever."""
    _deceived(victims)
    victims.edit(victims.ben, 50)
    victims.evil.lie = evil_server.says_nothing_new
    victims.sync(victims.ben)
    victims.evil.lie = None
    runner = victims.sync(victims.ada)

    assert "was shown another history of “Cutover”" in " ".join(runner.doubts)
    assert _title(victims.ada, victims.mine) == "Typed by Ben"
    assert victims.problems(victims.ada) == {What.SEEN}


def test_two_histories_come_out_when_the_server_goes_back_to_the_true_one(victims: Victims) -> None:
    _deceived(victims)
    victims.edit(victims.ben, 50)
    before = victims.ben.held().leaves
    runner = victims.sync(victims.ben)

    assert runner.forged
    assert victims.ben.held().leaves == before


def test_two_histories_come_out_when_a_witness_is_asked(victims: Victims) -> None:
    """Here the same server, which does not lie to everybody who asks; more often another one."""
    _deceived(victims)
    before = victims.ben.held()
    connection = sharing.connect(victims.ben)
    seen = ask(victims.ben, connection, victims.project)
    connection.close()

    assert not seen.agrees
    assert victims.ben.held() == before


def test_a_witness_that_is_ahead_or_behind_agrees_by_a_proof(victims: Victims) -> None:
    connection = sharing.connect(victims.ben)
    behind = ask(victims.ben, connection, victims.project)
    connection.close()
    victims.sync(victims.ben)
    level = sharing.connect(victims.ada)
    ahead = ask(victims.ada, level, victims.project)
    level.close()

    assert (behind.agrees, ahead.agrees) == (True, True)
    assert behind.size < ahead.size


def test_a_doubt_is_shown_beside_how_the_exchange_stands(victims: Victims) -> None:
    victims.evil.lie = evil_server.replays_an_old_answer
    connection = sharing.connect(victims.ben)
    shown: list[Status] = []
    Runner(victims.ben, connection, told=shown.append).once()
    connection.close()

    assert shown[-1].phase is Phase.SYNCED
    assert "The server denies" in shown[-1].reason


def test_a_server_with_another_key_gets_nothing(victims: Victims) -> None:
    connection = sharing.connect(victims.ben)
    connection.close()
    other = Connection(replace(connection.place, server=bytes(32)), victims.ben.id, victims.ben.device)
    runner = Runner(victims.ben, other)
    runner.once()
    other.close()

    assert runner.status.phase is Phase.DENIED
    assert "another server than before" in runner.status.reason
    assert runner.taken == 0
