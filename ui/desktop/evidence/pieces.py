"""One piece of evidence as a line, and its file: opened after it was checked against its hash."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.words import EvidenceKind, known
from app.i18n import _
from app.queries.task_detail import EvidenceRow
from ui.desktop.bridge import Work
from ui.desktop.checklist.parts import PieceActs, PieceSigns, is_erasable
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.log.words import size_words
from ui.desktop.moments import instant
from ui.desktop.theme.theme import Theme

_ICON = {
    EvidenceKind.FILE: "file",
    EvidenceKind.NOTE: "note",
    EvidenceKind.VALUE: "value",
    EvidenceKind.LINK: "link",
}


class PieceLine(QWidget):
    """`is_here`: its file lies on this device."""

    wants_open = Signal(object)
    wants_copy = Signal(object)
    wants_removal = Signal(object)
    wants_erasure = Signal(object)

    def __init__(self, theme: Theme, piece: EvidenceRow, zone: str, *, is_here: bool) -> None:
        super().__init__()
        self.piece, self.is_here = piece, is_here
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme.px(2), 0, theme.px(2))
        line.setSpacing(theme.px(8))
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(Sign(theme, _ICON[known(EvidenceKind, piece.kind)], "text2", 16), 0, top)
        words = QVBoxLayout()
        words.setSpacing(0)
        shown = piece.name or piece.text
        words.addWidget(label(theme, shown, wrap=True))
        code = piece.sha256.hex()[:8] if piece.sha256 else ""
        size = size_words(piece.size) if piece.size is not None else ""
        parts = [part for part in (piece.performer, instant(piece.happened_at, zone), size, code) if part]
        if parts:
            words.addWidget(label(theme, " · ".join(parts), "meta", "text3", wrap=True))
        if not is_erasable(shown):
            words.addWidget(label(theme, _("Erased for good; its hash stays."), "meta", "text3", wrap=True))
        elif piece.sha256 and not is_here:
            text = _("Not on this device: it comes with the next exchange, its hash is known.")
            words.addWidget(label(theme, text, "meta", "late", wrap=True))
        line.addLayout(words, 1)
        if piece.sha256 and is_here:
            self.open = KeyButton(theme, _("Open the file"))
            self.open.clicked.connect(lambda _on=False: self.wants_open.emit(piece))
            line.addWidget(self.open, 0, top)
        acts = PieceActs(self.wants_copy.emit, self.wants_removal.emit, self.wants_erasure.emit)
        line.addLayout(PieceSigns(theme, self, piece, acts, has_file=is_here))


def copy_to_open(workspace: Any, piece: EvidenceRow, folder: Path, _work: Work) -> Path:
    """A copy under its own name, made after the content was checked against the hash.

    Raises NotFound where the file is not on this device, StorageError where it is damaged.
    """
    assert piece.sha256 is not None
    content = workspace.files.read(piece.sha256)
    name = "".join(
        letter for letter in Path(piece.name).name if letter.isprintable() and letter not in '<>:"|?*\\/'
    )
    target = folder / piece.sha256.hex()[:12] / (name.strip(". ") or "file")
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(content)
    return target


class FilesChecked(NamedTuple):
    """How many files hold, and the names of those that are missing here or damaged."""

    whole: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]


def check_files(workspace: Any, project: bytes, work: Work) -> FilesChecked:
    """Every file that is evidence in a project, read and compared with its hash."""
    rows = workspace.read(_files, project)
    whole, missing, damaged = 0, [], []
    for number, (name, sha256) in enumerate(rows, 1):
        work.told(number, len(rows))
        if not workspace.files.has(sha256):
            missing.append(name)
        elif _hash_of(workspace.files.path_of(sha256)) != sha256:
            damaged.append(name)
        else:
            whole += 1
    return FilesChecked(whole, tuple(missing), tuple(damaged))


def _files(reader: Any, project: bytes) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = reader.rows(
        "SELECT min(name), sha256 FROM evidence WHERE log = ? AND alive AND sha256 IS NOT NULL "
        "AND sha256 NOT IN (SELECT hash FROM erased) GROUP BY sha256",
        (project,),
    )
    return found


def _hash_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
