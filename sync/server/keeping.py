"""A server's backup, made while it runs, and its restore: every workspace verified, and never the key that gives the order."""

import json
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app import platform
from app.clock import Clock
from app.errors import Refused, StorageError, VerifyError
from app.i18n import _
from app.storage.backup import read_manifest, unpack_backup, write_backup
from app.storage.engine import Database
from app.storage.keys import Cost, sealed, unsealed
from app.workspace import DATABASE, KEYS
from app.workspace import FILES as INSIDE
from sync.server.certificate import FILE as CERTIFICATE
from sync.server.house import CACHES, CLAIM, CODE, FILES, LAST_BACKUP, WORKSPACES

FORMAT = "launchbook-server-backup/1"
MANIFEST, DOOR = "server.json", "door.json"
_MOST_PARTS, _MOST_DOOR = 100_000, 1 << 20
_ABOUT = FORMAT.encode()


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup on disk or what came out of one. `door`: with certificate and code, so that clients find the same server."""

    path: Path
    workspaces: int
    commits: int
    door: bool


# -- backup --------------------------------------------------------------------------------------------------------


def back_up(
    folder: Path, target: Path, recovery: str | None, *, clock: Clock | None = None, cost: Cost | None = None
) -> Kept:
    """Copies what a server holds into one file, each workspace as it stands at one moment; the server may run meanwhile.

    With a recovery passphrase certificate and code come along, sealed by it. Raises Refused or StorageError.
    """
    clock = clock or Clock()
    if not (folder / CODE).exists():
        raise Refused(_("{folder} is no server's folder.").format(folder=folder))
    platform.private_folder(target.parent)
    with TemporaryDirectory(prefix=".backup.", dir=target.parent) as name:
        place, now = Path(name), clock.now_ms()
        commits = {
            one.name: _copy(folder, one, place / f"{one.name}.backup", now)
            for one in _workspaces(folder / WORKSPACES)
        }
        door = None if recovery is None else sealed(_door(folder), recovery, _ABOUT, clock, cost or Cost())
        manifest = {"format": FORMAT, "made_at": now, "workspaces": commits}
        try:
            _pack(place, manifest, door)
            _read(place / "all.zip")
            platform.make_private(place / "all.zip")
            platform.replace_file(place / "all.zip", target)
        except (OSError, zipfile.BadZipFile) as error:
            raise StorageError(
                _("The backup could not be written ({detail}). The server is unchanged.").format(detail=error)
            ) from error
    kept = Kept(target, len(commits), sum(commits.values()), door is not None)
    told = {"made_at": now, "workspaces": kept.workspaces, "commits": kept.commits}
    platform.write_private(folder / LAST_BACKUP, json.dumps(told).encode())
    return kept


def _workspaces(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob(f"*/{DATABASE}"))


def _copy(folder: Path, workspace: Path, target: Path, now_ms: int) -> int:
    database = Database(workspace / DATABASE)
    try:
        files = folder / FILES / workspace.name
        made = write_backup(database, files, target, made_at=now_ms, workspace=bytes.fromhex(workspace.name))
    finally:
        database.close()
    return made.commits


def _door(folder: Path) -> bytes:
    """What clients know the server by, besides its key."""
    certificate = folder / CERTIFICATE
    content = {"code": (folder / CODE).read_text(encoding="ascii")}
    content |= {"certificate": certificate.read_text(encoding="ascii")} if certificate.exists() else {}
    return json.dumps(content).encode()


def _pack(place: Path, manifest: dict[str, Any], door: dict[str, Any] | None) -> None:
    with zipfile.ZipFile(place / "all.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
        for name in manifest["workspaces"]:
            archive.write(place / f"{name}.backup", f"{WORKSPACES}/{name}.backup")
        if door is not None:
            archive.writestr(DOOR, json.dumps(door))


# -- restore -------------------------------------------------------------------------------------------------------


def restore(
    file: Path, folder: Path, recovery: str | None, *, clock: Clock | None = None
) -> tuple[Kept, Path]:
    """Puts a verified backup in a stopped server's place; returns what it held, and where what was there before is now.

    Every signature, chain and tree is checked first. The server has no key yet and makes a new one at its start: it gives
    no order until an owner hands it over, because the old key may have given places that the backup does not know.
    Raises Refused or VerifyError with everything as it was.
    """
    now_ms = (clock or Clock()).now_ms()
    if is_running(folder):
        raise Refused(_("A server runs on {folder}. Stop it first.").format(folder=folder))
    fresh = folder.with_name(folder.name + ".restoring")
    _remove(fresh)
    try:
        kept = _unpack(file, platform.private_folder(fresh), recovery)
    except BaseException:
        _remove(fresh)
        raise
    before = folder.with_name(f"{folder.name}.before-{now_ms}")
    if folder.exists():
        folder.rename(before)
    fresh.rename(folder)
    return kept, before


def is_running(folder: Path) -> bool:
    """Whether a server's process works in a folder now."""
    claims = [folder / CLAIM, *(folder / CACHES).glob(f"*/{CLAIM}")]
    return any(_is_claimed(path) for path in claims if path.exists())


def _is_claimed(path: Path) -> bool:
    claimed = platform.claim(path)
    if claimed is not None:
        claimed.close()
    return claimed is None


def _unpack(file: Path, fresh: Path, recovery: str | None) -> Kept:
    manifest = _read(file)
    commits, door = manifest["workspaces"], None
    with zipfile.ZipFile(file) as archive, TemporaryDirectory(dir=fresh) as place:
        for name in commits:
            part = Path(place) / name
            with archive.open(f"{WORKSPACES}/{name}.backup") as source, part.open("wb") as sink:
                shutil.copyfileobj(source, sink)
            if read_manifest(part).get("workspace") != name:
                raise VerifyError(_("The backup holds another workspace than it promises."))
            unpack_backup(part, platform.private_folder(fresh / WORKSPACES / name))
            if (files := fresh / WORKSPACES / name / INSIDE).exists():
                files.rename(platform.private_folder(fresh / FILES) / name)
            part.unlink()
        if DOOR in archive.namelist() and recovery is not None:
            door = _opened_door(archive.read(DOOR), recovery)
    if door is not None:
        platform.write_private(fresh / CODE, door["code"].encode())
        if "certificate" in door:
            platform.write_private(fresh / CERTIFICATE, door["certificate"].encode())
    return Kept(file, len(commits), sum(commits.values()), door is not None)


def _opened_door(stored: bytes, recovery: str) -> dict[str, str]:
    try:
        door = json.loads(unsealed(json.loads(stored), recovery, _ABOUT))
        return {name: str(door[name]) for name in ("code", "certificate") if name in door}
    except (ValueError, KeyError, TypeError) as error:
        raise VerifyError(_("The backup's certificate and code cannot be read.")) from error


def _read(file: Path) -> dict[str, Any]:
    """The manifest of a backup whose parts all read back and are the ones it names; raises VerifyError."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if len(entries) > _MOST_PARTS or (DOOR in entries and entries[DOOR].file_size > _MOST_DOOR):
                raise VerifyError(_("This file holds more than a backup can."))
            manifest = json.loads(archive.read(MANIFEST))
            damaged = archive.testzip()
    except (OSError, zipfile.BadZipFile, EOFError, KeyError, ValueError, RuntimeError) as error:
        raise VerifyError(_("{name} is no readable backup.").format(name=file.name)) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise VerifyError(_("{name} is no backup of a server.").format(name=file.name))
    if damaged is not None:
        raise VerifyError(_("The backup is damaged at {part}.").format(part=damaged))
    promised = manifest.get("workspaces")
    if not isinstance(promised, dict) or not all(_is_id(name) for name in promised):
        raise VerifyError(_("{name} is no backup of a server.").format(name=file.name))
    names = {MANIFEST, *(f"{WORKSPACES}/{name}.backup" for name in promised)}
    if entries.keys() - {DOOR} != names:
        raise VerifyError(_("The backup holds other parts than it promises."))
    return manifest


def _is_id(name: object) -> bool:
    return isinstance(name, str) and len(name) == 32 and set(name) <= set("0123456789abcdef")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


# -- after the database was put back -------------------------------------------------------------------------------


def forget_key(folder: Path, *, clock: Clock | None = None) -> Path | None:
    """For a server whose database was put back by its own means: it makes new caches and a new key at its next start.

    Returns where the old key is now. Raises Refused while a server runs here.
    """
    if is_running(folder):
        raise Refused(_("A server runs on {folder}. Stop it first.").format(folder=folder))
    _remove(folder / CACHES)
    if not (folder / KEYS).exists():
        return None
    kept = folder / f"{KEYS}.before-{(clock or Clock()).now_ms()}"
    (folder / KEYS).rename(kept)
    return kept
