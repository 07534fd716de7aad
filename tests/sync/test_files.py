"""Files of evidence go from laptop to laptop through the server: part by part, checked as a whole, in nobody's way."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.codec import pack
from app.commands import projects, runs
from app.domain.words import Access
from app.errors import Refused, VerifyError
from app.storage.files import FileStore
from app.workspace import Workspace
from sync.client import sharing
from sync.client.carrying import Carried, Carrier
from sync.client.connection import Unreachable
from sync.client.runner import Runner
from sync.core.parts import HERE, MOST_ASKED, PART_BYTES, read_asked, read_standing
from sync.server.shelf import NoRoom, Shelf
from tests.sync.serving import Proxy, a_server
from tests.sync.team import Team, shared, sync, through, wait_for, watched

MEGABYTE = 1 << 20
MOST_HEADS = 8_192  # bytes of a connection that are none of the file


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("files")
    with a_server(folder) as server, shared(folder, server) as made:
        made.join(made.invite())
        yield made


def attach(workspace: Workspace, folder: Path, content: bytes) -> bytes:
    """A file as evidence of the first step; its hash."""
    path = folder / "evidence.bin"
    path.write_bytes(content)
    kept = workspace.files.keep(path)
    task, run = workspace.read(
        lambda reader: reader.rows("SELECT t.id, r.id FROM task t, run r ORDER BY t.id, r.id")
    )[0]
    workspace.run(runs.attach_file, run, task, kept.sha256, kept.size, kept.name)
    assert sync(workspace).waiting == 0
    return kept.sha256


def carry(workspace: Workspace) -> Carried:
    sync(workspace)
    connection = sharing.connect(workspace)
    try:
        return Carrier(workspace, connection).once()
    finally:
        connection.close()


def stored(team: Team, sha256: bytes) -> Path:
    name = sha256.hex()
    return team.server.folder / "files" / team.ada.id.hex() / name[:2] / name[2:]


@pytest.mark.slow
@pytest.mark.parametrize("size", [0, 1, PART_BYTES, 3 * PART_BYTES + 17])
def test_a_file_arrives_whole_at_the_other_laptop(team: Team, tmp_path: Path, size: int) -> None:
    content = random.Random(size).randbytes(size)
    sha256 = attach(team.ada, tmp_path, content)
    ben = team.laptops[0]
    before = carry(ben)
    assert (before.fetched, before.missing) == (0, 1)  # it is with Ada alone; what was done came all the same
    went = carry(team.ada)
    came = carry(ben)

    assert (went.sent, went.unsent, came.fetched, came.missing) == (1, 0, 1, 0)
    assert ben.files.read(sha256) == content
    assert (carry(team.ada).sent, carry(ben).fetched) == (0, 0)


@pytest.mark.slow
def test_over_a_line_that_breaks_again_and_again_it_goes_on_where_it_stopped(
    team: Team, tmp_path: Path
) -> None:
    size = 40 * MEGABYTE
    attach(team.ada, tmp_path, random.Random(5).randbytes(size))
    proxy = Proxy(team.server.port)
    proxy.cut_up_after = 10 * MEGABYTE
    connection = through(team.ada, proxy)
    assert Carrier(team.ada, connection).once().sent == 1
    connection.close()
    proxy.close()

    assert proxy.accepted >= 4
    # at most one piece is sent again for each break: less than a hundredth
    assert proxy.passed <= size * 1.01 + proxy.accepted * MOST_HEADS
    assert carry(team.laptops[0]).fetched == 1


@pytest.mark.slow
def test_a_fetch_that_breaks_goes_on_where_it_stopped(team: Team, tmp_path: Path) -> None:
    size = 40 * MEGABYTE
    sha256 = attach(team.ada, tmp_path, random.Random(6).randbytes(size))
    carry(team.ada)
    ben = team.laptops[0]
    sync(ben)
    proxy = Proxy(team.server.port)
    proxy.cut_after = 10 * MEGABYTE
    connection = through(ben, proxy)
    assert Carrier(ben, connection).once().fetched >= 1
    connection.close()
    proxy.close()

    assert ben.files.has(sha256)
    assert proxy.accepted >= 4
    assert proxy.passed <= size * 1.01 + proxy.accepted * MOST_HEADS


@pytest.mark.slow
def test_a_fetch_that_ends_goes_on_the_next_time(team: Team, tmp_path: Path) -> None:
    content = random.Random(7).randbytes(2 * PART_BYTES + 100)
    sha256 = attach(team.ada, tmp_path, content)
    carry(team.ada)
    ben = team.laptops[0]
    sync(ben)
    proxy = Proxy(team.server.port)
    connection = through(ben, proxy)
    honest, calls = connection.fetch_part, []

    def fetch_part(name: bytes, offset: int) -> bytes:
        calls.append(offset)
        if len(calls) == 3:
            raise Unreachable("cut")
        return honest(name, offset)

    connection.fetch_part = fetch_part  # type: ignore[method-assign, assignment]  # the line, cut
    with pytest.raises(Unreachable):
        Carrier(ben, connection).once()
    assert ben.files.incoming(sha256, "server") == 2 * PART_BYTES
    assert Carrier(ben, connection).once().fetched == 1
    connection.close()
    proxy.close()

    assert calls[2:] == [2 * PART_BYTES, 2 * PART_BYTES]
    assert ben.files.read(sha256) == content


@pytest.mark.slow
def test_what_the_server_has_instead_is_not_kept(team: Team, tmp_path: Path) -> None:
    sha256 = attach(team.ada, tmp_path, b"as it was")
    carry(team.ada)
    stored(team, sha256).write_bytes(b"as it is")
    ben = team.laptops[0]
    came = carry(ben)

    assert (came.fetched, came.missing) == (0, 1)
    assert not ben.files.has(sha256)
    assert ben.files.incoming(sha256, "server") == 0


@pytest.mark.slow
def test_only_files_that_a_log_names_are_taken_and_only_as_they_are_named(team: Team, tmp_path: Path) -> None:
    sha256 = attach(team.ada, tmp_path, b"ten bytes!")
    connection = sharing.connect(team.ada)
    other = hashlib.sha256(b"anything").digest()
    assert connection.files([sha256, other]) == {sha256: 0}
    for refused, length, part in ((other, 8, b"anything"), (sha256, 11, b"ten bytes!!")):
        with pytest.raises(Refused):
            connection.send_part(refused, 0, length, part)
    assert connection.send_part(sha256, 0, 10, b"not these!") == 0  # its hash is another
    assert connection.send_part(sha256, 4, 10, b"bytes!") == 0  # nothing came before it
    with httpx.Client(base_url=team.server.address.split("/#")[0]) as stranger:
        name = sha256.hex()
        for answer in (
            stranger.get(f"/v1/files/{name}"),
            stranger.patch(f"/v1/files/{name}", content=b"ten bytes!"),
            stranger.post("/v1/files", content=b""),
        ):
            assert answer.status_code == 401
        honest = {"Authorization": f"Bearer {connection.token()}"}
        for path in ("..%2f..%2fkeys.json", "0" * 63, name.upper()):
            assert stranger.get(f"/v1/files/{path}", headers=honest).status_code in (400, 404)
        wrong = {**honest, "Upload-Offset": "0", "Upload-Length": "10", "Upload-Checksum": "00" * 32}
        assert stranger.patch(f"/v1/files/{name}", headers=wrong, content=b"ten bytes!").status_code == 400
    assert connection.files([sha256]) == {sha256: 0}
    connection.close()


@pytest.mark.slow
def test_who_reads_one_project_gets_no_file_of_another(team: Team, tmp_path: Path) -> None:
    """Attached in the first project, asked for by somebody who was let into the second alone."""
    other = team.ada.run(projects.create_project, "Second wave").result
    sha256 = attach(team.ada, tmp_path, b"for the first project's eyes")
    carry(team.ada)
    invitation = sharing.invite(team.ada, team.signer, "Cy", "cy", Access.EDITOR, project=other)
    sync(team.ada)
    connection = sharing.connect(team.join(invitation, "cy"))
    assert connection.files([sha256]) == {}
    for ask in (
        lambda: connection.fetch_part(sha256, 0),
        lambda: connection.send_part(sha256, 0, 28, b"for the first project's eyes"),
    ):
        with pytest.raises(Refused):
            ask()
    connection.close()


@pytest.mark.slow
def test_while_it_is_watched_files_follow_by_themselves(team: Team, tmp_path: Path) -> None:
    ben = team.laptops[0]
    with watched(*(Runner(one, sharing.connect(one)) for one in (team.ada, ben))):
        sha256 = attach(team.ada, tmp_path, random.Random(8).randbytes(2 * MEGABYTE))
        wait_for(lambda: stored(team, sha256).exists(), 10)
        # Ben's laptop looks for it when the next thing happens
        attach(team.ada, tmp_path, b"the next thing")
        wait_for(lambda: ben.files.has(sha256), 10)


# -- the shelf -----------------------------------------------------------------------------------------------------


def test_a_workspace_keeps_no_more_than_it_may(tmp_path: Path) -> None:
    shelf, device = Shelf(tmp_path, 1000), bytes(16)
    content = bytes(900)
    sha256 = hashlib.sha256(content).digest()
    assert shelf.take(sha256, device, 0, 900, content) == HERE
    with pytest.raises(NoRoom):
        shelf.take(hashlib.sha256(bytes(200)).digest(), device, 0, 200, bytes(200))

    assert shelf.used() == 900


def test_two_that_send_the_same_file_do_not_disturb_each_other(tmp_path: Path) -> None:
    shelf, (one, two) = Shelf(tmp_path, 1 << 20), (bytes(16), bytes([1]) * 16)
    content = b"abcdefgh"
    sha256 = hashlib.sha256(content).digest()
    assert shelf.take(sha256, one, 0, 8, content[:5]) == 5
    assert shelf.take(sha256, two, 0, 8, b"xxx") == 3
    assert (shelf.standing(sha256, one), shelf.standing(sha256, two)) == (5, 3)
    assert shelf.take(sha256, one, 5, 8, content[5:]) == HERE

    assert shelf.standing(sha256, two) == HERE
    assert shelf.take(sha256, two, 3, 8, b"yyyyy") == HERE
    assert shelf.store.read(sha256) == content


def test_what_nobody_went_on_with_is_thrown_away(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.take_part(bytes(32), "laptop", 0, b"some")
    store.give_up(0)
    assert store.incoming(bytes(32), "laptop") == 4
    store.give_up(1e12)

    assert store.incoming(bytes(32), "laptop") == 0


@pytest.mark.parametrize(
    "data", [b"", b"\x90" * 3, b"\x91\x01", b"\x91\xa3abc", b"\xc0", b"\x91\x92\xc0\x01"]
)
def test_questions_and_answers_about_files_have_one_shape(data: bytes) -> None:
    for read in (read_asked, read_standing):
        with pytest.raises(VerifyError):
            read(data)


def test_no_question_is_longer_than_it_may_be() -> None:
    hashes = [bytes(32)] * (MOST_ASKED + 1)
    assert read_asked(pack(list(hashes[:-1]))) == hashes[:-1]
    with pytest.raises(VerifyError):
        read_asked(pack(list(hashes)))
