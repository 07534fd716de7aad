"""Backups: one file with database and evidence, verified before it replaces anything; device keys are in none."""

import json
import shutil
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import apsw

from app import platform
from app.errors import StorageError, VerifyError
from app.i18n import _
from app.storage.checks import check_database
from app.storage.engine import Database, storage_errors

DATABASE_NAME, MANIFEST, OWNER_KEY = "launchbook.db", "backup.json", "owner.key"
FORMAT = "launchbook-backup/1"
# How many backups made by the program itself are kept: the newest ones, then one a day, a week, a month.
KEEP_NEWEST, KEEP_DAYS, KEEP_WEEKS, KEEP_MONTHS = 5, 7, 4, 12
_MOST_FILES, _MOST_BYTES = 1_000_000, 1 << 40


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup on disk: when it was made (UTC ms), of which workspace, and how much it holds."""

    path: Path
    made_at: int
    workspace: str
    commits: int
    files: int


def write_backup(
    database: Database,
    files: Path,
    target: Path,
    *,
    made_at: int,
    workspace: bytes,
    owner_key: bytes | None = None,
) -> Backup:
    """Copies a consistent state into one file, reads it back, and only then gives it its name. Raises StorageError."""
    platform.private_folder(target.parent)
    with TemporaryDirectory(prefix=".backup.", dir=target.parent) as folder:
        copy = Path(folder) / DATABASE_NAME
        _copy_database(database, copy)
        commits = check_database(copy).commits
        partial = Path(folder) / "backup.zip"
        kept = list(_stored_files(files))
        manifest = {"format": FORMAT, "made_at": made_at, "workspace": workspace.hex()}
        manifest |= {"commits": commits, "files": len(kept)}
        try:
            with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                archive.writestr(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
                archive.write(copy, DATABASE_NAME)
                if owner_key is not None:
                    archive.writestr(OWNER_KEY, owner_key)
                for path in kept:
                    archive.write(path, f"files/{path.parent.name}/{path.name}")
            read_manifest(partial)
            platform.make_private(partial)
            platform.replace_file(partial, target)
        except (OSError, zipfile.BadZipFile) as error:
            raise StorageError(
                _("The backup could not be written ({detail}). The workspace is unchanged.").format(
                    detail=error
                )
            ) from error
    return Backup(target, made_at, workspace.hex(), commits, len(kept))


def _copy_database(database: Database, target: Path) -> None:
    with storage_errors(_("copying the workspace")):
        copy = apsw.Connection(str(target))
        try:
            with copy.backup("main", database.reader().raw, "main") as job:
                job.step(-1)
            copy.execute("PRAGMA journal_mode=delete")
        finally:
            copy.close()


def _stored_files(files: Path) -> Iterable[Path]:
    return sorted(path for path in files.glob("??/*") if path.is_file())


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a backup whose parts all read back; raises VerifyError."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_FILES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
                raise VerifyError(_("This file holds more than a backup can."))
            manifest = json.loads(archive.read(MANIFEST))
            damaged = archive.testzip()
    except (
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        LookupError,
        ValueError,
        RuntimeError,
    ) as error:
        raise VerifyError(_("{name} is no readable backup.").format(name=path.name)) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise VerifyError(_("{name} is no backup of this program.").format(name=path.name))
    if damaged is not None:
        raise VerifyError(_("The backup is damaged at {part}.").format(part=damaged))
    return manifest


def unpack_backup(path: Path, folder: Path) -> bytes | None:
    """Unpacks a verified backup into an empty folder; returns the owner's wrapped key if it holds one.

    Everything is checked first: parts, database, every signature and chain, every file against its name. Raises
    VerifyError and leaves the folder to be thrown away.
    """
    manifest = read_manifest(path)
    owner_key = None
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            parts = Path(entry.filename).parts
            if entry.filename == OWNER_KEY:
                owner_key = archive.read(entry)
            elif entry.filename == DATABASE_NAME or _is_stored_name(parts):
                target = platform.private_folder(folder.joinpath(*parts[:-1])) / parts[-1]
                with archive.open(entry) as source:
                    platform.write_private(target, source.read())
            elif entry.filename != MANIFEST:
                raise VerifyError(
                    _("The backup holds a part that does not belong in it: {part}.").format(
                        part=entry.filename
                    )
                )
    commits = check_database(folder / DATABASE_NAME).commits
    files = _check_files(folder / "files")
    if (commits, files) != (manifest.get("commits"), manifest.get("files")):
        raise VerifyError(
            _(
                "The backup lacks a part: it holds {commits} commits and {files} files, and promises others."
            ).format(commits=commits, files=files)
        )
    return owner_key


def put_in_place(backup: Path, folder: Path, now_ms: int, *, keep: str) -> Path:
    """A verified backup instead of what a folder holds; `keep` names what of it goes along. Returns where that is now.

    Raises VerifyError with everything as it was.
    """
    fresh = folder.with_name(folder.name + ".restoring")
    _remove(fresh)
    try:
        owner_key = unpack_backup(backup, platform.private_folder(fresh))
        if owner_key is not None:
            platform.write_private(fresh / OWNER_KEY, owner_key)
    except BaseException:
        _remove(fresh)
        raise
    before = folder.with_name(f"{folder.name}.before-{now_ms}")
    if folder.exists():
        if (folder / keep).exists():
            shutil.copytree(folder / keep, fresh / keep)
        folder.rename(before)
    fresh.rename(folder)
    return before


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _is_stored_name(parts: tuple[str, ...]) -> bool:
    hexadecimal = set("0123456789abcdef")
    return (
        len(parts) == 3
        and parts[0] == "files"
        and len(parts[1]) == 2
        and len(parts[2]) == 62
        and set(parts[1] + parts[2]) <= hexadecimal
    )


def _check_files(folder: Path) -> int:
    """How many files there are, each of them whole."""
    import hashlib

    files = list(_stored_files(folder))
    for path in files:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != path.parent.name + path.name:
            raise VerifyError(_("A file in the backup is damaged: {name}.").format(name=digest[:12]))
    return len(files)


# -- rotation ------------------------------------------------------------------------------------------------------


def backup_name(made_at: int) -> str:
    return datetime.fromtimestamp(made_at / 1000, UTC).strftime("launchbook-%Y%m%d-%H%M%S.backup")


def newest(folder: Path) -> int | None:
    """When the newest backup of a rotating folder was made (UTC ms), None when there is none."""
    made = [_made(path) for path in folder.glob("launchbook-*.backup")]
    return int(max(made).timestamp() * 1000) if made else None


def rotate(folder: Path) -> list[Path]:
    """Removes what is beyond the newest few and one a day, week and month; returns what went."""
    backups = sorted(folder.glob("launchbook-*.backup"), reverse=True)
    keep = set(backups[:KEEP_NEWEST])
    for form, count in (("%Y-%m-%d", KEEP_DAYS), ("%G-%V", KEEP_WEEKS), ("%Y-%m", KEEP_MONTHS)):
        seen: list[str] = []
        for path in backups:
            period = _made(path).strftime(form)
            if period not in seen and len(seen) < count:
                seen.append(period)
                keep.add(path)
    gone = [path for path in backups if path not in keep]
    for path in gone:
        path.unlink()
    return gone


def _made(path: Path) -> datetime:
    try:
        return datetime.strptime(path.name, "launchbook-%Y%m%d-%H%M%S.backup").replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
