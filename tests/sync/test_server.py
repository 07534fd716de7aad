"""Laptops and a real server process: shared, joined, cut off, killed and healed, nothing acknowledged is lost."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import zstandard

from app.clock import Clock
from app.commands import devices, founding, people, projects, tasks
from app.commands.stating import Signer
from app.domain import verbs
from app.domain.words import Access
from app.errors import Invalid, NotAllowed, Refused, VerifyError
from app.queries.rejected import rejected
from app.storage.delivery import Delivery, Held
from app.storage.keys import CHEAP
from app.storage.log import decode_body
from app.storage.rebuild import replica_digests
from app.storage.transaction import Author, Transaction
from app.workspace import Workspace
from sync.client import sharing
from sync.client.clocks import warning
from sync.client.connection import Connection, Unreachable
from sync.client.listening import listen
from sync.client.place import load_place, parse_address, read_invitation, save_place
from sync.client.runner import Runner
from sync.core import frames, wire
from sync.core.exchange import Event, Heard, Listening, Phase
from tests.factories import a_workspace
from tests.sync.serving import Proxy, a_server
from tests.sync.team import (
    PIN,
    Team,
    count_calls,
    edit,
    lacking,
    leaves,
    minutes,
    place_of,
    shared,
    sync,
    through,
    wait_for,
)

pytestmark = pytest.mark.slow  # each begins a server process


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with a_server(tmp_path) as server, shared(tmp_path, server) as made:
        yield made


def test_two_laptops_share_a_workspace_and_both_get_the_servers_order(team: Team) -> None:
    ben = team.join(team.invite())
    edit(ben, 41)
    assert sync(ben).phase is Phase.SYNCED
    sync(team.ada)
    team.ada.run(tasks.add_task, team.project, "Open the interfaces")
    sync(team.ada)
    sync(ben)

    assert minutes(team.ada) == 41
    assert team.ada.read(replica_digests) == ben.read(replica_digests)
    assert (lacking(team.ada), lacking(ben)) == (0, 0)
    assert ben.person is not None


def test_a_code_that_is_not_the_servers_shares_nothing_and_changes_nothing(
    tmp_path: Path, team: Team
) -> None:
    other = a_workspace(tmp_path / "other")
    person = other.clock.new_id()
    signer = other.new_key(person, PIN)
    other.run(people.add_person, "Eve", "eve", own=signer, id=person)
    rev = other.rev
    with pytest.raises(Refused, match="without its code"):
        sharing.share(other, signer, team.server.address.split("#")[0] + "#guessed")

    assert other.rev == rev
    assert load_place(other.folder) is None
    other.close()


def test_an_invitation_lets_one_device_in(team: Team) -> None:
    invitation = team.invite()
    team.join(invitation)
    with pytest.raises(Refused, match="may not read"):
        team.join(invitation, "second")

    assert not (team.folder / "second" / "launchbook.db").exists()


def test_somebody_without_an_invitation_reads_nothing(team: Team) -> None:
    invitation = team.invite()
    stranger = a_workspace(team.folder / "stranger")
    own = replace(
        invitation, signer=Signer(invitation.signer.person, stranger.new_key(bytes(16), PIN).private)
    )
    with pytest.raises(Refused, match="may not read"):
        team.join(own, "guess")
    connection = Connection(invitation.place, team.ada.id, stranger.device)
    with pytest.raises(Refused, match="may not read"):
        connection.token()
    connection.close()
    stranger.close()


def test_whose_access_is_taken_may_bring_what_was_done_before_and_reads_nothing_that_comes_later(
    team: Team,
) -> None:
    ben = team.join(team.invite())
    assert sync(ben).phase is Phase.SYNCED
    assert ben.person is not None
    team.ada.run(people.set_access, ben.person, Access.NONE, signer=team.signer)
    sync(team.ada)
    edit(ben, 77)
    assert sync(ben).phase is Phase.SYNCED
    sync(team.ada)
    assert minutes(team.ada) == 77
    team.ada.run(tasks.add_task, team.project, "Nothing for Ben")
    edit(team.ada, 99)
    sync(team.ada)

    assert sync(ben).phase is Phase.SYNCED
    assert minutes(ben) == 77
    assert lacking(ben) == 0
    with pytest.raises(NotAllowed):  # the word that took it has reached him
        edit(ben, 5)


def test_a_device_that_was_taken_out_is_turned_away_at_the_next_request(team: Team) -> None:
    ben = team.join(team.invite())
    connection = sharing.connect(ben)
    runner = Runner(ben, connection)
    assert runner.once().phase is Phase.SYNCED
    sync(team.ada)
    team.ada.run(devices.take_out_device, ben.device.id, signer=team.signer)
    sync(team.ada)
    edit(ben, 77)

    assert runner.once().phase is Phase.DENIED
    assert "may not read" in runner.status.reason
    connection.close()


def test_who_is_invited_to_one_project_is_given_no_other(team: Team) -> None:
    other = team.ada.run(projects.create_project, "Secret").result
    team.ada.run(tasks.add_task, other, "Nobody knows")
    sync(team.ada)
    invitation = sharing.invite(team.ada, team.signer, "Ben", "ben", Access.EDITOR, project=team.project)
    sync(team.ada)
    ben = team.join(invitation)
    edit(ben, 41)
    assert sync(ben).phase is Phase.SYNCED
    sync(team.ada)

    assert minutes(team.ada) == 41
    assert ben.read(lambda reader: reader.rows("SELECT id FROM project")) == [(team.project,)]
    assert lacking(ben) == 0
    with pytest.raises(NotAllowed):
        ben.run(projects.create_project, "My own")


def test_what_a_reader_writes_is_refused_and_comes_back_as_refused(team: Team) -> None:
    cleo = team.join(team.invite("cleo", Access.READER), "cleo")
    with pytest.raises(Refused):
        edit(cleo, 5)
    force(cleo, 5)
    assert sync(cleo).phase is Phase.SYNCED
    refused = cleo.read(lambda reader: reader.value("SELECT count(*) FROM entry WHERE NOT accepted"))
    sync(team.ada)

    assert refused == 1
    (told,) = cleo.read(rejected, cleo.device.id)
    assert told.sentence == "Change Load the balances"
    assert team.ada.read(rejected, team.ada.device.id) == []
    assert (minutes(cleo), minutes(team.ada)) != (5, 5)
    assert cleo.read(replica_digests) == team.ada.read(replica_digests)


def force(workspace: Workspace, minutes: int) -> None:
    """As a program does it that leaves the check out."""
    task = workspace.read(lambda reader: reader.value("SELECT min(id) FROM task"))
    with workspace.database.transaction() as writer:
        tx = Transaction(writer, Author(workspace.person, workspace.device), workspace.clock, workspace.id)
        tx.verb = verbs.SET_TASK.number
        tasks.set_task(tx, task, {"minutes": minutes})
        tx.seal()


def test_a_server_that_is_killed_while_laptops_push_loses_nothing_it_acknowledged(team: Team) -> None:
    """Killed at five moments; after each the laptop goes on within three round trips, and no place given is another's."""
    ben = team.join(team.invite())
    acknowledged: set[object] = set()
    for number in range(5):
        for extra in range(30):
            edit(ben, 100 * number + extra)
        killer = threading.Timer(0.02 * number, team.server.kill)
        killer.start()
        connection = sharing.connect(ben)
        runner = Runner(ben, connection)
        runner.once()
        killer.join()
        acknowledged |= leaves(ben)
        team.server.start()
        asked = count_calls(connection)
        status = runner.once()
        assert (status.phase, status.waiting, lacking(ben)) == (Phase.SYNCED, 0, 0)
        assert asked() <= 3
        connection.close()
    sync(team.ada)

    assert minutes(team.ada) == 429
    assert acknowledged <= leaves(team.ada) == leaves(ben)
    assert team.ada.read(replica_digests) == ben.read(replica_digests)


@pytest.mark.parametrize("cut", [0, 1, 60, 200, 700, 3000])
def test_a_connection_that_breaks_anywhere_in_the_answer_is_made_good(team: Team, cut: int) -> None:
    ben = team.join(team.invite())
    for number in range(20):
        edit(ben, number)
    proxy = Proxy(team.server.port)
    connection = through(ben, proxy)
    connection.token()
    hurry(connection)
    proxy.cut_after = proxy.cut_up_after = cut
    runner = Runner(ben, connection)
    assert runner.once().phase is Phase.OFFLINE
    hurry(connection)
    proxy.cut_after = proxy.cut_up_after = None
    asked = count_calls(connection)

    assert runner.once().phase is Phase.SYNCED
    assert asked() <= 3
    assert lacking(ben) == 0
    connection.close()
    proxy.close()


def hurry(connection: Connection, seconds: float = 5) -> None:
    """Begins a new connection at the next call, and waits no longer than this for an answer."""
    connection._http.close()
    connection._http = httpx.Client(base_url=connection.place.url, timeout=seconds)


def test_a_connection_that_is_only_half_open_ends_by_itself(team: Team) -> None:
    proxy = Proxy(team.server.port, silent=True)
    connection = through(team.ada, proxy)
    hurry(connection, 0.5)
    runner = Runner(team.ada, connection)

    assert runner.once().phase is Phase.OFFLINE
    connection.close()
    proxy.close()


def test_news_reach_a_laptop_that_listens(team: Team) -> None:
    ben = team.join(team.invite())
    stop, phases = threading.Event(), []
    connection = sharing.connect(ben)
    runner = Runner(ben, connection, told=lambda status: phases.append(status.phase))
    heard: list[object] = []
    honest = runner.tell

    def tell(event: object) -> None:
        heard.append(event)
        honest(event)  # type: ignore[arg-type]  # what the listener says

    runner.tell = tell  # type: ignore[method-assign]  # listens in
    watching = threading.Thread(target=runner.watch, args=(stop,))
    watching.start()
    wait_for(lambda: any(isinstance(one, Listening) and one.live for one in heard))
    edit(team.ada, 63)
    sync(team.ada)
    wait_for(lambda: minutes(ben) == 63)
    stop.set()
    runner.tell(None)
    watching.join(10)

    assert any(isinstance(one, Heard) and one.delivery.packets for one in heard)
    assert not watching.is_alive()
    connection.close()


def test_a_service_manager_stops_it_while_somebody_listens(team: Team) -> None:
    begun = time.monotonic()
    stop = threading.Event()
    heard: list[Event] = []
    connection = sharing.connect(team.ada)
    runner = Runner(team.ada, connection)
    runner.tell = heard.append  # type: ignore[method-assign,assignment]  # only listens in
    listening = threading.Thread(target=listen, args=(connection, heard.append, stop), daemon=True)
    listening.start()
    wait_for(lambda: Listening(live=True) in heard)

    assert team.server.stop() in (0, -15)
    assert time.monotonic() - begun < 4  # it says goodbye instead of waiting to be cut off
    stop.set()
    connection.close()


def test_a_wrong_clock_is_measured_corrected_and_told_in_each_commit(team: Team) -> None:
    wrong_ms = [-200_000]
    clock = Clock(lambda: time.time_ns() // 1_000_000 + wrong_ms[0])
    folder, secret = team.folder / "ben", {"cost": CHEAP, "passphrase": lambda: "x" * 12}
    sharing.join(folder, team.invite(), lambda *_: (PIN, "pin"), clock=clock, **secret).close()  # type: ignore[arg-type]  # two settings
    ben = Workspace.open(folder, clock=clock, **secret)  # type: ignore[arg-type]  # two settings
    team.laptops.append(ben)
    assert abs(ben.offset_ms - 200_000) < 1_000
    assert abs(ben.clock.now_ms() - time.time() * 1000) < 1_000
    assert "3 min slow" in warning(ben.offset_ms)
    ben.act_as(ben.default_person())
    edit(ben, 12)
    body = ben.read(lambda reader: reader.value("SELECT body FROM entry ORDER BY rev DESC LIMIT 1"))
    commit = decode_body(body)
    assert commit.offset == ben.offset_ms
    assert abs(commit.wall + 200_000 - time.time() * 1000) < 2_000

    wrong_ms[0] = 0  # somebody set it
    sync(ben)
    assert (ben.offset_ms, warning(ben.offset_ms)) == (0, "")


def test_messages_that_are_none_are_refused_and_the_server_goes_on(team: Team) -> None:
    connection = sharing.connect(team.ada)
    token = connection.token()
    connection.close()
    url = f"http://127.0.0.1:{team.server.port}/v1/exchange"
    head = {"Authorization": f"Bearer {token}"}
    bomb = zstandard.ZstdCompressor().compress(bytes(300 << 20))
    foreign = frames.to_bytes(wire.records(wire.Head(bytes(16), bytes(16), Held({}, {})), Delivery()))
    for body in (b"", b"\0", os.urandom(5000), bomb, foreign):
        assert httpx.post(url, content=body, headers=head, timeout=20).status_code == 400
    assert httpx.post(url, content=bytes(33 << 20), headers=head, timeout=20).status_code == 413
    for wrong in ("", "Bearer", "Bearer ????", f"Basic {token}", f"Bearer {token[:-8]}AAAAAAA="):
        assert httpx.post(url, headers={"Authorization": wrong}).status_code == 401

    assert sync(team.ada).phase is Phase.SYNCED


def test_another_server_at_the_address_gets_nothing(team: Team, tmp_path: Path) -> None:
    team.server.kill()
    (tmp_path / "else").mkdir()
    with a_server(tmp_path / "else") as other:
        save_place(team.ada.folder, replace(place_of(team.ada), url=other.address.split("/#")[0]))
        status = sync(team.ada)

    assert status.phase is Phase.DENIED
    assert "another server" in status.reason


def test_a_server_that_does_not_answer_leaves_everything_here(team: Team) -> None:
    team.server.kill()
    edit(team.ada, 12)
    status = sync(team.ada)

    assert status.phase is Phase.OFFLINE
    assert lacking(team.ada) == 1
    connection = sharing.connect(team.ada)
    with pytest.raises(Unreachable):
        connection.hello()
    connection.close()


def test_an_invitation_is_read_whole_or_not_at_all(team: Team) -> None:
    code = team.invite().code()
    found = read_invitation(f"  {code[:40]}\n{code[40:]} ")

    assert (found.workspace, found.place) == (team.ada.id, place_of(team.ada))
    for broken in (code[:-5], code[:30], "launchbook-", "", "?" * 50):
        with pytest.raises(Invalid):
            read_invitation(broken)


@pytest.mark.parametrize(
    "address", ["", "x", "ftp://a/", "http://10.0.0.8:8440/#a", "https://", "http://127.0.0.1:x/"]
)
def test_what_is_no_safe_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        parse_address(address)


def test_only_an_owner_hands_the_order_over(team: Team) -> None:
    ben = team.join(team.invite())
    with pytest.raises(Refused):
        ben.run(founding.hand_over_order, team.signer, bytes(16), "mine", bytes(32))


def test_a_server_without_the_known_key_is_not_greeted(team: Team) -> None:
    place = place_of(team.ada)
    connection = Connection(replace(place, server=bytes(32)), team.ada.id, team.ada.device)
    with pytest.raises(VerifyError):
        connection.hello()
    connection.close()


def test_beyond_the_own_machine_everything_is_encrypted_under_the_certificate_that_is_known(
    tmp_path: Path,
) -> None:
    with a_server(tmp_path, "127.0.0.2") as server, shared(tmp_path, server) as team:
        assert server.address.startswith("https://")
        ben = team.join(team.invite())
        edit(ben, 41)
        assert sync(ben).phase is Phase.SYNCED
        sync(team.ada)
        assert minutes(team.ada) == 41
        place = place_of(team.ada)
        with pytest.raises(VerifyError, match="another certificate"):
            Connection(replace(place, fingerprint="0" * 64), team.ada.id, team.ada.device)
        stop = threading.Event()
        heard: list[Event] = []
        connection = sharing.connect(ben)
        threading.Thread(target=listen, args=(connection, heard.append, stop), daemon=True).start()
        wait_for(lambda: Listening(live=True) in heard)
        stop.set()
        connection.close()
