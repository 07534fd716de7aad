"""Checkpoints and proofs as a real server tells them, checked by the mathematics alone."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.storage.proofs import read_checkpoint, root_at, verify_consistency, verify_inclusion
from app.storage.tlog import read_hashes
from app.workspace import Workspace
from sync.client import sharing
from tests.sync.serving import a_server
from tests.sync.team import Team, edit, shared, sync
from tests.vectors import decoder

pytestmark = pytest.mark.slow  # it begins a server process


@dataclass(frozen=True)
class Asking:
    """Ada's laptop, which holds the same tree, and what the server answers it."""

    team: Team
    http: httpx.Client

    def text(self, path: str, **asked: object) -> str:
        answer = self.http.get(
            path, params={"log": self.team.project.hex()} | {k: str(v) for k, v in asked.items()}
        )
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        return answer.text

    def status(self, path: str, **asked: str) -> tuple[int, str]:
        answer = self.http.get(path, params=asked)
        return answer.status_code, answer.json()["error"]

    def signed(self, note: str) -> tuple[int, bytes]:
        found = read_checkpoint(note, self.server_key, self.team.project, 2)
        assert found is not None
        return found

    @property
    def ada(self) -> Workspace:
        return self.team.ada

    @property
    def server_key(self) -> bytes:
        return bytes(
            self.ada.read(lambda reader: reader.value("SELECT max(sequencer) FROM epoch WHERE epoch = 2"))
        )


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    folder: Path = tmp_path_factory.mktemp("proving")
    with a_server(folder) as server, shared(folder, server) as team:
        for minutes in range(5):
            edit(team.ada, minutes)
        sync(team.ada)
        connection = sharing.connect(team.ada)
        headers = {"Authorization": f"Bearer {connection.token()}"}
        url = server.address.split("/#")[0]
        with httpx.Client(base_url=url, headers=headers) as http:
            yield Asking(team, http)
        connection.close()


def test_the_checkpoint_is_the_one_the_clients_verified(asking: Asking) -> None:
    size, root = asking.signed(asking.text("/v1/checkpoint"))

    assert root == asking.ada.read(root_at, asking.team.project, 2, size)
    assert decoder.read_checkpoint(asking.text("/v1/checkpoint", epoch=2), asking.server_key)[1:] == (
        size,
        root,
    )


def test_every_leaf_is_proved(asking: Asking) -> None:
    size, root = asking.signed(asking.text("/v1/checkpoint"))
    for number in range(size):
        head, _, note = asking.text("/v1/proof", epoch=2, leaf=number).partition("\n\n")
        name, extra, index, *path = head.split("\n")
        leaf = decoder.sha256(b"\0launchbook/leaf/1\n" + base64.b64decode(extra.removeprefix("extra ")))

        assert (name, index) == ("c2sp.org/tlog-proof@v1", f"index {number}")
        assert asking.signed(note) == (size, root)
        assert verify_inclusion(leaf, number, size, read_hashes(path), root)


def test_every_earlier_tree_is_proved_to_begin_the_present_one(asking: Asking) -> None:
    size, root = asking.signed(asking.text("/v1/checkpoint"))
    read = asking.ada.read
    for old in range(size + 1):
        head, _, note = asking.text("/v1/proof", **{"from": old}).partition("\n\n")
        told, *path = head.split("\n")
        old_root = read(root_at, asking.team.project, 2, old)

        assert told == f"old {old}"
        assert asking.signed(note) == (size, root)
        assert verify_consistency(old, old_root, size, root, read_hashes(path))
    told, *path = asking.text("/v1/proof", **{"from": 2}, size=4).partition("\n\n")[0].split("\n")
    assert verify_consistency(
        2,
        read(root_at, asking.team.project, 2, 2),
        4,
        read(root_at, asking.team.project, 2, 4),
        read_hashes(path),
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"leaf": "0"}, (404, "no_such_proof")),
        ({"log": "ff" * 16, "leaf": "0"}, (404, "no_such_proof")),
        ({"log": "not hexadecimal", "leaf": "0"}, (400, "bad_message")),
        ({"log": "project"}, (400, "bad_message")),
        ({"log": "project", "leaf": "999"}, (404, "no_such_proof")),
        ({"log": "project", "leaf": "-1"}, (404, "no_such_proof")),
        ({"log": "project", "leaf": "1" * 40}, (400, "bad_message")),
        ({"log": "project", "epoch": "9", "leaf": "0"}, (404, "no_such_proof")),
        ({"log": "project", "from": "5", "size": "4"}, (404, "no_such_proof")),
        ({"log": "project", "from": "1", "size": "1" + "0" * 30}, (404, "no_such_proof")),
        ({"log": "project", "from": "x"}, (400, "bad_message")),
    ],
)
def test_what_nobody_can_prove_is_refused(
    asking: Asking, asked: dict[str, str], said: tuple[int, str]
) -> None:
    log = {"log": asking.team.project.hex()} if asked.get("log") == "project" else {}

    assert asking.status("/v1/proof", **(asked | log)) == said


def test_nothing_is_proved_to_strangers(asking: Asking) -> None:
    for path in ("/v1/proof", "/v1/checkpoint"):
        answer = httpx.get(
            f"{asking.http.base_url}{path}", params={"log": asking.team.project.hex(), "leaf": "0"}
        )

        assert (answer.status_code, answer.json()) == (401, {"error": "no_token"})
