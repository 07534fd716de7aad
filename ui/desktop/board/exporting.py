"""The board into a file: asked for, measured in the reader's thread, written a page a turn."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from app.i18n import _
from ui.desktop.board.brush import sign_widths
from ui.desktop.board.layout import Sizes
from ui.desktop.board.ruler import Ruler
from ui.desktop.components.buttons import add_choice
from ui.desktop.exporting import choose_file
from ui.desktop.paging import Paging, written
from ui.desktop.paper import room
from ui.desktop.theme.theme import Theme

if TYPE_CHECKING:
    from ui.desktop.board.view import BoardView


class Exporting:
    def __init__(self, view: "BoardView") -> None:
        self._view = view

    def fill(self, menu: QMenu) -> None:
        add_choice(menu, _("Pages (PDF)"), self.choose_file)

    def choose_file(self) -> None:
        board = self._view.surface.board
        if board is not None:
            to = choose_file(self._view, _("Export the board"), board.listed.project.name, ".pdf")
            if to is not None:
                self.export(to)

    def export(self, to: Path) -> None:
        board = self._view.surface.board
        if board is not None:
            from ui.desktop.board.export import prepared

            plain, *values = self._paper()
            then = partial(self._write, to, plain)
            self._view.desk.bridge.fetch(prepared, board, self._view.look, *values, then=then)

    def _write(self, to: Path, plain: Theme, found: Any) -> None:
        from ui.desktop.board.export import pages

        Paging(self._view.desk, to, partial(pages, plain, found), self._view)

    def write_pages(self, to: Path) -> int:
        """All cards at once, whatever is in view or cut short; returns how many pages there are."""
        from ui.desktop.board.export import pages, prepared

        board = self._view.surface.board
        assert board is not None
        plain, *values = self._paper()
        found = self._view.desk.bridge.read(prepared, board, self._view.look, *values)
        return written(pages(plain, found, to))

    def _paper(self) -> tuple[Theme, Ruler, Sizes, tuple[int, int]]:
        """On white, with letters that can be searched, and what is measured there."""
        own = self._view.desk.theme
        plain = Theme("light", own.families, own.scale, own.language, plain=True)
        return plain, Ruler(*sign_widths(plain, "body")), Sizes.at(plain.scale), room()
