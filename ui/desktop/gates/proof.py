"""Is the proof complete? A line for each run: evidence, checks, second persons, sign-offs, and what is missing by name."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.i18n import _, counted, ngettext
from app.queries.completeness import RunProof, Share, proof_of_runs
from ui.desktop.bridge import Work
from ui.desktop.components.labels import ElidedLabel, Meter, Sign, label
from ui.desktop.desk import Desk
from ui.desktop.evidence.words import missing_words
from ui.desktop.runs.kinds import run_name

_MOST = 4  # runs; the newest ones


class _Line(QFrame):
    """One run, pressed to see its evidence."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.pressed.emit()


class ProofTable(QFrame):
    wants_run = Signal(object)  # a run's id

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.found: tuple[RunProof, ...] = ()
        self.setProperty("layer", "canvas")
        self.setProperty("edge", "top")
        self.setAccessibleName(_("Is the proof complete?"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def reload(self) -> None:
        """In the thread for long work: every run is summed up."""
        project = self._desk.project_id
        if project is not None:
            self._desk.bridge.work(partial(_sums, self._desk.bridge.workspace, project), self._take)

    def _take(self, found: tuple[RunProof, ...]) -> None:
        if found == self.found and self._column.count():
            return
        self.found = found
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not self.has_something():
            self.hide()
            return
        heads = (
            _("Is the proof complete?"),
            _("Evidence"),
            _("Checks"),
            _("Second person"),
            _("Sign-offs"),
            _("Missing"),
        )
        self._column.addWidget(
            self._row([label(self._desk.theme, head, "meta", "text3") for head in heads], head=True)
        )
        for run in found[-_MOST:]:
            line = self._row(self._cells(run))
            line.pressed.connect(partial(self.wants_run.emit, run.run.id))
            line.setAccessibleName(f"{run_name(run.run)}: {self._missing(run)}")
            self._column.addWidget(line)
        self.show()

    def has_something(self) -> bool:
        """Whether any run asks for proof or signatures."""
        return any(
            share.wanted
            for run in self.found
            for share in (run.evidence, run.checks, run.second, run.sign_offs)
        )

    def _row(self, cells: list[QWidget], *, head: bool = False) -> _Line:
        theme = self._desk.theme
        line = _Line()
        line.setProperty("edge", "bottom")
        line.setProperty("layer", "panel" if head else "canvas")
        line.setFixedHeight(theme.row("header") if head else theme.row("normal"))
        grid = QGridLayout(line)
        grid.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        grid.setHorizontalSpacing(theme.px(16))
        for number, (cell, width) in enumerate(zip(cells, (190, 150, 150, 150, 150, 0), strict=True)):
            grid.addWidget(cell, 0, number)
            if width:
                grid.setColumnMinimumWidth(number, theme.px(width))
            else:
                grid.setColumnStretch(number, 1)
        return line

    def _cells(self, run: RunProof) -> list[QWidget]:
        theme = self._desk.theme
        missing = ElidedLabel(theme, self._missing(run), "body", "text2")
        shares = (run.evidence, run.checks, run.second, run.sign_offs)
        here = run.run.id == self._desk.run_id
        return [
            ElidedLabel(theme, run_name(run.run), "strong" if here else "body"),
            *(self._share(share, begun=run.has_begun) for share in shares),
            missing,
        ]

    def _share(self, share: Share, *, begun: bool) -> QWidget:
        """A bar and the numbers; whole with a tick, nothing asked for with a dash."""
        theme = self._desk.theme
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        if not share.wanted:
            row.addWidget(label(theme, _("none required"), "meta", "text3"))
            row.addStretch(1)
            return made
        if not begun:
            text = _("0 of {total}").format(total=f"{share.wanted:,}")
            row.addWidget(label(theme, text, "body", "text3"))
            row.addStretch(1)
            return made
        meter = Meter(theme, 6)
        meter.setFixedWidth(theme.px(56))
        meter.set_parts([("done" if share.is_whole else "late", share.there)], share.wanted)
        row.addWidget(meter)
        numbers = f"{share.there:,}/{share.wanted:,}"
        row.addWidget(
            label(theme, numbers, "body" if share.is_whole else "strong", "" if share.is_whole else "late")
        )
        if share.is_whole:
            row.addWidget(Sign(theme, "tick", "done", 14, spoken=_("complete")))
        row.addStretch(1)
        return made

    def _missing(self, run: RunProof) -> str:
        """By name: the steps said done that lack something; then what is only open."""
        if not run.has_begun:
            return _("not begun")
        parts = [f"{number} {missing_words(missing)}" for number, missing in run.lacking]
        if run.more:
            parts.append(counted("{n} more step", "{n} more steps", run.more))
        if parts:
            return _("; ").join(parts)
        left = self._left(run)
        if not left:
            return _("nothing missing")
        told = _("never brought: {what}") if run.run.finished_at is not None else _("still to come: {what}")
        return told.format(what=left)

    def _left(self, run: RunProof) -> str:
        """What nobody has brought yet, counted."""
        files, checks, seconds, signs = (
            share.wanted - share.there for share in (run.evidence, run.checks, run.second, run.sign_offs)
        )
        parts = (
            (files, ngettext("{n} note or file", "{n} notes and files", files)),
            (checks, ngettext("{n} check", "{n} checks", checks)),
            (seconds, ngettext("{n} second person", "{n} second persons", seconds)),
            (signs, ngettext("{n} sign-off", "{n} sign-offs", signs)),
        )
        return _(", ").join(text.format(n=f"{count:,}") for count, text in parts if count > 0)


def _sums(workspace: Any, project: bytes, _work: Work) -> tuple[RunProof, ...]:
    found: tuple[RunProof, ...] = workspace.read(proof_of_runs, project)
    return found
