"""Rehearsal and live run, impossible to confuse: the words, the mark, the band below the top bar and the frame."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.domain.words import RunKind, known
from app.i18n import N_, _
from app.queries.projects import RunRow
from ui.desktop.components.hatch import hatch
from ui.desktop.theme.theme import Theme

_NAME = {RunKind.MAIN: N_("Main run"), RunKind.REHEARSAL: N_("Rehearsal"), RunKind.LIVE: N_("Live run")}
_BAND, _LINE, _EDGE = 24, 4, 4


def run_name(run: RunRow) -> str:
    return run.name or _(_NAME[known(RunKind, run.kind)])


def kind_mark(kind: str) -> str:
    """The word that stands wherever a run is shown; the main run needs none."""
    if kind == RunKind.REHEARSAL:
        return _("REHEARSAL")
    return _("LIVE") if kind == RunKind.LIVE else ""


def run_mark(run: RunRow) -> str:
    """The word with the name: "REHEARSAL · Rehearsal 2"; a name that is only the word is said once."""
    mark, name = kind_mark(run.kind), run_name(run)
    if not mark:
        return ""
    return (
        mark
        if name.casefold() in (mark.casefold(), _(_NAME[known(RunKind, run.kind)]).casefold())
        else f"{mark} · {name}"
    )


def says(run: RunRow) -> str:
    """What the band says: which run, and what that means."""
    if run.kind == RunKind.REHEARSAL:
        said = _("Nothing here is the go-live.")
    elif run.finished_at is not None:
        said = _("This run is over.")
    else:
        said = _("Everything here is real.")
    return f"{run_mark(run)}   {said}"


class RunBand(QWidget):
    """Below the top bar, along the whole width: hatched with its word in a rehearsal, a solid line when it is live."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text, self._kind = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def kind(self) -> str:
        return self._kind

    def text(self) -> str:
        return self._text

    def show_run(self, run: RunRow | None) -> None:
        self._kind = run.kind if run is not None and kind_mark(run.kind) else ""
        self._text = says(run) if run is not None and self._kind else ""
        self.setFixedHeight(self._height())
        self.setAccessibleName(self._text)
        self.setVisible(bool(self._kind))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self._height())

    def _height(self) -> int:
        return self._theme.px(_BAND if self._kind == RunKind.REHEARSAL else _LINE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The live run's word stands in the top bar, and its line leaves the room to the night."""
        painter, box = QPainter(self), QRectF(self.rect())
        if self._kind == RunKind.REHEARSAL:
            paint_band(painter, self._theme, box, self._kind, self._text, self.devicePixelRatioF())
        else:
            painter.fillRect(box, self._theme.color("running"))


def paint_band(
    painter: QPainter,
    theme: Theme,
    box: QRectF,
    kind: str,
    text: str,
    ratio: float = 1.0,
    role: str = "strong",
) -> None:
    """The same on the screen, on pages and on the wall."""
    rehearsal = kind == RunKind.REHEARSAL
    if rehearsal:
        painter.fillRect(box, hatch(theme.color("late"), theme.color("late_soft"), ratio, step=9, width=2.4))
    else:
        painter.fillRect(box, theme.color("running"))
    painter.setFont(theme.font(role))
    wide = theme.metrics(role).horizontalAdvance(text) + box.height()
    plate = QRectF(box.center().x() - wide / 2, box.top(), wide, box.height())
    if rehearsal:
        painter.fillRect(plate, theme.color("late"))
    painter.setPen(theme.color("canvas"))
    painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), text)


class RunFrame(QFrame):
    """Round what a rehearsal shows: a hatched edge on the three other sides. Nothing at all otherwise."""

    def __init__(self, theme: Theme, inside: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._kind = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(inside)

    def show_run(self, run: RunRow | None) -> None:
        self._kind = run.kind if run is not None else ""
        edge = self._theme.px(_EDGE) if self._kind == RunKind.REHEARSAL else 0
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setContentsMargins(edge, 0, edge, edge)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._kind == RunKind.REHEARSAL:
            theme = self._theme
            ground = hatch(
                theme.color("late"), theme.color("late_soft"), self.devicePixelRatioF(), step=9, width=2.4
            )
            painter = QPainter(self)
            painter.fillRect(self.rect(), ground)
            painter.fillRect(self.contentsRect(), theme.color("canvas"))  # what is inside may be see-through
