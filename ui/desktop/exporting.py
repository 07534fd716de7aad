"""Where the pages or the picture of a view go: a file its user chooses, named after what it shows."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.i18n import _


def plain_name(name: str) -> str:
    """A name that every file system takes: letters and digits of any script, the rest as hyphens."""
    return "".join(letter if letter.isalnum() else "-" for letter in name).strip("-")


def choose_file(parent: QWidget, title: str, name: str, suffix: str) -> Path | None:
    """Asks where to; None where the user thinks better of it."""
    kind = _("PDF (*.pdf)") if suffix == ".pdf" else _("Picture (*.png)")
    file, _filter = QFileDialog.getSaveFileName(parent, title, plain_name(name) + suffix, kind)
    return Path(file) if file else None
