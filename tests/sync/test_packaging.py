"""What runs the server elsewhere (image, compose file, units of systemd) starts the real one, as it stands there."""

import configparser
import importlib.metadata
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.sync.serving import ROOT

PLACE = ROOT / "packaging" / "server"
UNITS = ("launchbook-server.service", "launchbook-backup.service", "launchbook-backup.timer")
PYTHON = "/opt/launchbook/bin/python"


def unit(name: str) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(PLACE / name, "utf-8")
    return {section: dict(parser[section]) for section in parser.sections()}


def instructions(name: str) -> list[list[str]]:
    """The commands of an instruction of the Dockerfile that are written as a list."""
    text = (PLACE / "Dockerfile").read_text("utf-8")
    return [json.loads(found) for found in re.findall(rf"^{name}\b.*?(\[.*\])$", text, re.MULTILINE)]


def here(words: list[str], folder: Path, port: int = 0) -> list[str]:
    """A command as it stands, with this Python, this folder and a free port."""
    places = {
        PYTHON: sys.executable,
        "/data": str(folder),
        "${STATE_DIRECTORY}": str(folder),
        "8440": str(port),
    }
    assert PYTHON in words
    return [places.get(word, word) for word in words]


@contextmanager
def running(command: list[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())["address"]
        finally:
            process.terminate()


def ask(command: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LAUNCHBOOK_HOME": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_images_command_serves_and_its_health_check_notices(tmp_path: Path) -> None:
    (entry,), (check,) = instructions("ENTRYPOINT"), instructions("HEALTHCHECK")
    folder = tmp_path / "server"
    with running(here(entry, folder)) as (process, address):
        port = int(re.findall(r":(\d+)/", address)[0])
        well = ask(here(check, folder, port), tmp_path)
        process.terminate()
        ended = process.wait(15)
        ill = ask(here(check, folder, port), tmp_path)

    assert address.startswith("https://")
    assert (well.returncode, json.loads(well.stdout)["status"]) == (0, "ok"), well.stderr
    assert ended in (0, -signal.SIGTERM)  # once all was finished it ends by the signal, as it should
    assert ill.returncode == 1


@pytest.mark.slow
def test_the_units_serve_and_back_up(tmp_path: Path) -> None:
    folder, kept = tmp_path / "state", tmp_path / "kept"
    kept.mkdir()
    serve = unit("launchbook-server.service")["Service"]["ExecStart"].split()
    save = unit("launchbook-backup.service")["Service"]["ExecStart"].split()
    places = {"/var/lib/launchbook": str(folder), "/var/lib/launchbook-backups": str(kept)}
    with running(here(serve, folder)):
        saved = ask([places.get(word, word) for word in here(save, folder)], tmp_path)

    assert saved.returncode == 0, saved.stderr
    assert [str(path) for path in kept.glob("launchbook-*.backup")] == [json.loads(saved.stdout)["file"]]


def test_the_units_give_the_server_no_more_than_it_needs() -> None:
    for name in UNITS[:2]:
        service = unit(name)["Service"]
        wanted = {
            "DynamicUser": "yes",
            "ProtectSystem": "strict",
            "ProtectHome": "yes",
            "CapabilityBoundingSet": "",
        }
        assert wanted.items() <= service.items(), name
        assert "launchbook" in service["StateDirectory"].split()


@pytest.mark.needs("systemd-analyze", "systemd")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (PLACE / name).read_text("utf-8").replace(PYTHON, sys.executable)
        (tmp_path / name).write_text(text, "utf-8")
    paths = [str(tmp_path / name) for name in UNITS]
    found = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True, check=False)

    complaints = [line for line in found.stderr.splitlines() if "launchbook" in line]
    assert complaints == []


def test_the_compose_file_puts_the_server_before_a_database_and_no_password_into_it() -> None:
    text = (PLACE / "compose.yaml").read_text("utf-8")
    services: dict[str, dict[str, Any]] = yaml.safe_load(text)["services"]
    server, database = services["server"], services["database"]

    assert (
        PLACE / server["build"]["context"] / server["build"]["dockerfile"]
    ).resolve() == PLACE / "Dockerfile"
    assert server["environment"]["LAUNCHBOOK_DB"].startswith(
        "postgresql://launchbook:${LAUNCHBOOK_DB_PASSWORD"
    )
    assert database["environment"]["POSTGRES_PASSWORD"].startswith("${LAUNCHBOOK_DB_PASSWORD")
    assert server["depends_on"]["database"]["condition"] == "service_healthy"
    assert "pg_isready" in database["healthcheck"]["test"][1]
    assert server["read_only"]
    assert server["cap_drop"] == ["ALL"]


def test_the_image_runs_as_nobody_in_particular_and_copies_what_is_there() -> None:
    text = (PLACE / "Dockerfile").read_text("utf-8")
    last = text.rsplit("\nFROM ", 1)[1]
    copied = [words.split() for words in re.findall(r"^COPY (?!--)(.*)$", text, re.MULTILINE)]

    assert re.findall(r"^USER (.*)$", last, re.MULTILINE) == ["10001"]
    sent = (PLACE / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert [name for names in copied for name in names[:-1] if not (ROOT / name).exists()] == []
    assert [name for names in copied for name in names[:-1] if f"!{name}" not in sent] == []


def test_the_image_holds_all_that_the_server_imports() -> None:
    """And nothing of the desktop."""
    code = "import sys, sync.server.__main__, sync.server.ledger, psycopg; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    providers = importlib.metadata.packages_distributions()
    tops = {name.partition(".")[0] for name in done.stdout.split()}
    imported = {normal(one) for top in tops for one in providers.get(top, ())} - {"launchbook", "setuptools"}
    wanted = re.findall(r"^[A-Za-z][\w.-]*", (PLACE / "requirements.in").read_text("utf-8"), re.MULTILINE)
    installed = closure(wanted) | {"psycopg-binary"}

    assert imported - installed == set()
    assert not any(name.startswith(("pyside", "shiboken")) for name in installed)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names: list[str]) -> set[str]:
    """What pip installs for these, extras left out."""
    found: set[str] = set()
    todo = [normal(name) for name in names]
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        try:
            needed = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        todo += [normal(re.split(r"[^\w.-]", one)[0]) for one in needed if "extra ==" not in one]
    return found


@pytest.mark.needs("docker", "docker.io")
def test_docker_understands_the_compose_file(tmp_path: Path) -> None:
    docker = shutil.which("docker") or ""
    environment = {**os.environ, "LAUNCHBOOK_NAME": "plan.example", "LAUNCHBOOK_DB_PASSWORD": "abc"}
    done = subprocess.run(
        [docker, "compose", "--file", str(PLACE / "compose.yaml"), "config", "--quiet"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if "not a docker command" in done.stderr or "unknown" in done.stderr:
        pytest.skip("docker has no compose here")
    assert done.returncode == 0, done.stderr
