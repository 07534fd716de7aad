"""A server is backed up while it works and restored after it is lost: nothing that was acknowledged is gone."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.clock import Clock
from app.commands import tasks
from app.errors import Refused, SecretError, VerifyError
from app.storage.keys import CHEAP
from app.storage.rebuild import replica_digests
from sync.client import sharing
from sync.client.runner import Runner
from sync.core.exchange import Phase
from sync.server import keeping
from sync.server.house import House, last_backup
from tests.sync.serving import ROOT, Server, a_server
from tests.sync.team import Team, edit, lacking, leaves, minutes, place_of, shared, sync

RECOVERY = "a recovery passphrase"


def command(*words: object, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "sync.server", *(str(word) for word in words)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def done(*words: object) -> dict[str, Any]:
    code, out, err = command(*words, LAUNCHBOOK_RECOVERY=RECOVERY)
    assert code == 0, err
    told: dict[str, Any] = json.loads(out)
    return told


def told_by(server: Server) -> dict[str, float]:
    """What it says of itself to whoever runs it."""
    url = f"http://127.0.0.1:{server.port}"
    assert httpx.get(f"{url}/health").json()["status"] == "ok"
    lines = httpx.get(f"{url}/metrics").text.splitlines()
    told = (line.removeprefix("launchbook_").split() for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in told}


# -- a real process ------------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with a_server(tmp_path) as server:
        yield server


def lose(server: Server) -> None:
    """The machine burns down."""
    server.kill()
    shutil.rmtree(server.folder)


@pytest.mark.slow
def test_what_was_acknowledged_after_the_backup_comes_back_from_the_clients(
    tmp_path: Path, server: Server
) -> None:
    with shared(tmp_path, server) as team:
        ben = team.join(team.invite())
        saved = backed_up_while_ada_works(tmp_path, team)
        edit(ben, 77)
        assert sync(ben).phase is Phase.SYNCED
        acknowledged = leaves(ben)
        lose(server)
        told = done("restore", saved, "--folder", server.folder)
        server.start()

        assert told["workspaces"] == 1
        assert told["certificate_and_code"]
        assert (sync(ben).phase, sync(team.ada).phase) == (Phase.DENIED, Phase.DENIED)
        sharing.share(team.ada, team.signer, server.address)
        assert (sync(ben).phase, sync(team.ada).phase) == (Phase.SYNCED, Phase.SYNCED)
        sync(ben)
        assert place_of(ben).server == place_of(team.ada).server
        assert minutes(team.ada) == 77
        assert (lacking(team.ada), lacking(ben)) == (0, 0)
        assert team.ada.read(replica_digests) == ben.read(replica_digests)
        assert acknowledged <= leaves(ben)  # an earlier receipt is kept
        again = done("backup", "--folder", server.folder, "--to", tmp_path / "again.backup")
        assert again["commits"] == team.ada.rev


def backed_up_while_ada_works(tmp_path: Path, team: Team) -> Path:
    """Ada pushes one commit after the other; the backup is taken meanwhile."""
    target, over = tmp_path / "kept" / "server.backup", threading.Event()
    pushed: list[Phase] = []

    def work() -> None:
        while not over.is_set():
            team.ada.run(tasks.add_task, team.project, f"Task {len(pushed)}")
            pushed.append(sync(team.ada).phase)

    working = threading.Thread(target=work)
    working.start()
    try:
        while len(pushed) < 3:
            assert working.is_alive()
        told = done("backup", "--folder", team.server.folder, "--to", target)
    finally:
        over.set()
        working.join()

    assert set(pushed) == {Phase.SYNCED}
    assert 5 < told["commits"] <= team.ada.rev
    return target


@pytest.mark.slow
def test_a_restored_server_gives_no_order_before_an_owner_says_so(tmp_path: Path, server: Server) -> None:
    """Somebody who takes no part in the hand-over could otherwise be given a place that another commit has."""
    with shared(tmp_path, server) as team:
        saved = tmp_path / "server.backup"
        assert told_by(server)["last_backup_seconds"] == 0
        done("backup", "--folder", server.folder, "--to", saved)
        told = told_by(server)
        assert time.time() - 60 < told["last_backup_seconds"] <= time.time()
        assert told["disk_free_bytes"] > told["commits_total"] > 3
        assert (told["logs_ordered_elsewhere"], told["waiting"], told["workspaces"]) == (0, 0, 1)
        before = (server.folder / "keys.json").read_bytes()
        assert "runs on" in command("restore", saved, "--folder", server.folder)[2]
        server.kill()
        done("restore", saved, "--folder", server.folder)
        server.start()
        edit(team.ada, 5)
        connection = sharing.connect(team.ada, replace(place_of(team.ada), server=b""))
        status = Runner(team.ada, connection).once()
        connection.close()

        assert (server.folder / "keys.json").read_bytes() != before
        assert status.phase is Phase.SYNCED  # it keeps what is brought, as a relay does
        assert lacking(team.ada) == 1
        assert told_by(server)["logs_ordered_elsewhere"] == 2


# -- files ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A server's folder with one workspace that nobody brought anything of yet."""
    house = House(tmp_path / "server")
    house.begin(house.clock.new_id())
    house.close()
    return tmp_path / "server"


def test_without_a_passphrase_no_secret_is_in_a_backup(folder: Path, tmp_path: Path) -> None:
    made = keeping.back_up(folder, tmp_path / "saved", None)
    with zipfile.ZipFile(made.path) as archive:
        names = archive.namelist()

    assert not made.door
    assert sorted(name.split("/")[0] for name in names) == ["server.json", "workspaces"]
    assert last_backup(folder) is not None


def test_certificate_and_code_come_back_under_their_passphrase_alone(folder: Path, tmp_path: Path) -> None:
    (folder / "tls.pem").write_text("certificate", "ascii")
    code = (folder / "code").read_text()
    made = keeping.back_up(folder, tmp_path / "saved", RECOVERY, cost=CHEAP)
    with pytest.raises(SecretError, match="wrong"):
        keeping.restore(made.path, tmp_path / "other", "another passphrase")
    kept, before = keeping.restore(made.path, tmp_path / "other", RECOVERY)

    assert kept.door
    assert not before.exists()
    assert ((tmp_path / "other/code").read_text(), (tmp_path / "other/tls.pem").read_text()) == (
        code,
        "certificate",
    )
    assert not (tmp_path / "other/keys.json").exists()
    assert code.encode() not in made.path.read_bytes()


def test_what_was_there_before_is_kept_beside_it(folder: Path, tmp_path: Path) -> None:
    made = keeping.back_up(folder, tmp_path / "saved", None)
    _kept, before = keeping.restore(made.path, folder, None, clock=Clock(lambda: 1000, os.urandom))

    assert before == tmp_path / "server.before-1000"
    assert (before / "keys.json").exists()


@pytest.mark.parametrize("damage", ["a byte", "a part", "a stranger", "no zip"])
def test_a_damaged_backup_changes_nothing(damage: str, folder: Path, tmp_path: Path) -> None:
    path = keeping.back_up(folder, tmp_path / "saved", None).path
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inner = next(name for name in parts if name.startswith("workspaces/"))
    if damage == "a byte":
        parts[inner] = parts[inner][:-200] + bytes([parts[inner][-200] ^ 1]) + parts[inner][-199:]
    elif damage == "a part":
        del parts[inner]
    elif damage == "a stranger":
        parts["../../escaped"] = b""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    if damage == "no zip":
        path.write_bytes(b"PK")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(VerifyError):
        keeping.restore(path, folder, None)

    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_in_use_is_neither_restored_nor_served_twice(folder: Path, tmp_path: Path) -> None:
    made = keeping.back_up(folder, tmp_path / "saved", None)
    house = House(folder)
    try:
        with pytest.raises(Refused, match="runs on"):
            keeping.restore(made.path, folder, None)
        with pytest.raises(Refused, match="runs on"):
            keeping.forget_key(folder)
    finally:
        house.close()


def test_after_a_database_was_put_back_the_server_begins_with_another_key(folder: Path) -> None:
    before = (folder / "keys.json").read_bytes()
    kept = keeping.forget_key(folder)
    house = House(folder)
    house.close()

    assert kept is not None
    assert kept.read_bytes() == before
    assert (folder / "keys.json").read_bytes() != before


@pytest.mark.slow
def test_what_is_in_a_database_is_left_to_the_databases_own_means(folder: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    code, _out, err = command(
        "backup", "--folder", folder, "--to", saved, LAUNCHBOOK_DB="postgresql://nobody@127.0.0.1/none"
    )

    assert (code, saved.exists()) == (1, False)
    assert "PostgreSQL" in err


def test_what_is_no_servers_folder_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no server's folder"):
        keeping.back_up(tmp_path, tmp_path / "saved", None)
