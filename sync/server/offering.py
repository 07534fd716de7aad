"""The snapshot that a server offers to a device which joins: made when one is asked for, kept while it is young enough."""

import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app import platform
from app.clock import Clock
from app.codec import pack
from app.storage.crypto import sign_as_device
from app.storage.keys import Device
from app.storage.schema import SCHEMA_REV
from app.storage.snapshots import write_snapshot
from app.workspace import DATABASE, Workspace
from sync.core.snapshots import Offer, pack_file, signed_bytes

LEAST_BYTES = 16 << 20  # a smaller workspace comes commit by commit as soon, and verified from the start
MOST_COMMITS = 1_000  # that may have come since, for an offer to stand
_GROWN = 1.1  # by how much the workspace may have grown since


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: bytes
    path: Path
    rev: int
    size: int  # of the workspace then, in bytes


class Offering:
    """One workspace's snapshot. Safe to use from several threads; whoever comes while it is made waits for it.

    folder: for this process alone; what lies there is thrown away at the start.
    """

    def __init__(self, folder: Path, device: Device, clock: Clock, least_bytes: int = LEAST_BYTES) -> None:
        self._folder = folder
        self._device = device
        self._clock = clock
        self._least_bytes = least_bytes
        self._kept: _Kept | None = None
        self._lock = threading.Lock()
        self.withdraw()

    def answer(self, workspace: Workspace) -> bytes | None:
        """The signed offer; None for a workspace that is not worth one. Raises StorageError."""
        size = (workspace.folder / DATABASE).stat().st_size
        if size < self._least_bytes:
            return None
        with self._lock:
            if self._kept is None or self._is_old(self._kept, workspace.rev, size):
                self._kept = self._made(workspace, size)
            return self._kept.answer

    def path_of(self, sha256: bytes) -> Path | None:
        """The packed file of that hash, while it is offered."""
        kept = self._kept
        return kept.path if kept is not None and kept.path.name == sha256.hex() else None

    def withdraw(self) -> None:
        """Nothing is offered until the next one is made: what was erased may stand in it."""
        with self._lock:
            self._kept = None
            for path in self._folder.glob("*"):
                with suppress(OSError):  # somebody is fetching it, where that keeps it from being deleted
                    path.unlink(missing_ok=True)

    def _is_old(self, kept: _Kept, rev: int, size: int) -> bool:
        return rev - kept.rev > MOST_COMMITS or size > kept.size * _GROWN

    def _made(self, workspace: Workspace, size: int) -> _Kept:
        plain = platform.private_folder(self._folder) / "plain.db"
        packed = self._folder / "packed"
        try:
            rev = self._copied(workspace, plain)
            with plain.open("rb") as source, packed.open("wb") as target:
                sha256 = pack_file(source, target, plain.stat().st_size)
            offer = Offer(
                *(workspace.id, SCHEMA_REV, sha256, packed.stat().st_size, plain.stat().st_size),
                made_ms=self._clock.now_ms(),
            )
            path = packed.replace(self._folder / sha256.hex())
        finally:
            plain.unlink(missing_ok=True)
        if self._kept is not None and self._kept.path != path:
            with suppress(OSError):
                self._kept.path.unlink(missing_ok=True)  # who is fetching it reads on to its end
        body = offer.encode()
        signature = sign_as_device(self._device.private, signed_bytes(body))
        return _Kept(pack([body, signature]), path, rev, size)

    def _copied(self, workspace: Workspace, plain: Path) -> int:
        return write_snapshot(workspace.folder / DATABASE, plain)
