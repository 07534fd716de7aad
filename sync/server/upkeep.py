"""What is done with a server besides serving: `python -m sync.server backup|restore|new-key|health`."""

import argparse
import json
import os
import ssl
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from app.clock import Clock
from app.errors import LaunchbookError, Refused, StorageError
from app.i18n import _
from app.settings import home_folder
from app.storage.backup import backup_name, rotate
from sync.server import keeping
from sync.server.certificate import FILE as CERTIFICATE

# secrets have no place among the arguments, which every user of a machine can see
RECOVERY, DATABASE = "LAUNCHBOOK_RECOVERY", "LAUNCHBOOK_DB"


def main(arguments: Sequence[str]) -> int:
    """Says in JSON what was done, and in a sentence what is to do; 1 for what could not be done, with everything as before."""
    options = _parser().parse_args(arguments)
    folder = options.folder or home_folder() / "server"
    try:
        done = COMMANDS[options.command](folder, options)
    except LaunchbookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(done, ensure_ascii=False) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sync.server", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    backup = commands.add_parser(
        "backup", help="copy what a server holds into one file; it may run meanwhile"
    )
    backup.add_argument(
        "--to", type=Path, required=True, help="the file, or a folder that keeps a rotating few"
    )
    restore = commands.add_parser("restore", help="put a verified backup in a stopped server's place")
    restore.add_argument("file", type=Path, help="the backup")
    anew = commands.add_parser("new-key", help="after the database was put back by its own means")
    health = commands.add_parser("health", help="whether the server on this machine answers")
    health.add_argument("--port", type=int, default=8440)
    for one in (backup, restore, anew, health):
        one.add_argument("--folder", type=Path, default=None, help="where the server's data is")
    return parser


def _backup(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    if os.environ.get(DATABASE):
        raise Refused(
            _(
                "What this server holds is in PostgreSQL. Back that up by its own means; after putting it back, stop every "
                "process and run new-key."
            )
        )
    rotates = options.to.is_dir()
    target = options.to / backup_name(Clock().now_ms()) if rotates else options.to
    made = keeping.back_up(folder, target, os.environ.get(RECOVERY))
    told = _told(made)
    if rotates:
        rotate(options.to)
    if not made.door:
        told["note"] = _(
            "Certificate and code are left out, because no passphrase seals them (LAUNCHBOOK_RECOVERY). A restored server "
            "would be a stranger to its clients."
        )
    return told


def _restore(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    kept, before = keeping.restore(options.file, folder, os.environ.get(RECOVERY))
    return {**_told(kept), "before": str(before) if before.exists() else None, "note": _to_do()}


def _anew(folder: Path, _options: argparse.Namespace) -> dict[str, Any]:
    kept = keeping.forget_key(folder)
    return {"old_key": str(kept) if kept is not None else None, "note": _to_do()}


def _health(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The port is this machine's own, and whose certificate it shows does not matter."""
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    said = ""
    for scheme in ("https", "http") if (folder / CERTIFICATE).exists() else ("http",):
        url = f"{scheme}://127.0.0.1:{options.port}/health"
        try:
            with urlopen(url, timeout=5, context=trust) as answer:  # noqa: S310 - one of two schemes
                told: dict[str, Any] = json.load(answer)
                return told
        except (OSError, ValueError) as error:
            said = str(error)
    raise StorageError(_("The server does not answer as it should ({detail}).").format(detail=said))


def _told(kept: keeping.Kept) -> dict[str, Any]:
    return {
        "file": str(kept.path),
        "workspaces": kept.workspaces,
        "commits": kept.commits,
        "certificate_and_code": kept.door,
    }


def _to_do() -> str:
    return _(
        "This server gives no order until an owner hands it over: start it, then launchbook share PROJECT --server ADDRESS. "
        "Whatever clients hold beyond the backup comes back from them."
    )


COMMANDS: Mapping[str, Callable[[Path, argparse.Namespace], dict[str, Any]]] = {
    "backup": _backup,
    "restore": _restore,
    "new-key": _anew,
    "health": _health,
}
