"""The sheet that opens when a plan file is chosen or dropped: nothing comes in before its one main button is pressed."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.i18n import _, ngettext
from ui.desktop.components.empty import EmptyState
from ui.desktop.desk import Desk
from ui.desktop.importing.columns import ColumnsTable
from ui.desktop.importing.deciding import DifferencesTable, GroupRow
from ui.desktop.importing.outline import Outline
from ui.desktop.importing.parts import FaceBar, Head, Progress, Refusal, edged
from ui.desktop.importing.reading import Place, Shown, Wish, merge_words, read_shown, report_words
from ui.desktop.importing.setup import SetupPanel
from ui.desktop.importing.side import SidePanel
from ui.desktop.importing.words import columns_note, main_word
from ui.desktop.importing.working import Job, Order, take_back

_ROOM_FOR_SIDE = 1060
_WAITS_MS = 600  # what takes longer shows that it does
_DIFFERENCES, _COLUMNS, _OUTLINE = "differences", "columns", "outline"


class ImportSheet(QFrame):
    closed = Signal()

    def __init__(self, desk: Desk, path: Path) -> None:
        super().__init__()
        self._desk, self._path, self._theme = desk, path, desk.theme
        self._mapping: dict[str, str] = {}
        self._place: Place | None = None
        self._face = ""
        self._reading = 0  # which of the readings asked for is the newest
        self._shown: Shown | None = None
        self._job: Job | None = None
        self.hints = (
            ("Ctrl ↵", _("bring it in")),
            ("T O", _("theirs, ours")),
            ("1 2 3", _("where it goes")),
            ("Esc", _("leave it")),
        )
        self.setAccessibleName(_("Import {file}").format(file=path.name))
        self.setProperty("layer", "canvas")
        self._build()
        self._connect()
        self._ask()

    # Building.

    def _build(self) -> None:
        theme = self._theme
        self.setup = SetupPanel(theme)
        self.side = SidePanel(theme)
        self.differences = DifferencesTable(theme)
        self.columns = ColumnsTable(theme)
        self.outline = Outline(theme)
        self.waiting = EmptyState(theme, "file", _("Reading {file}").format(file=self._path.name), "")
        self.same = EmptyState(theme, "tick", "", "")
        self.waiting.text.setWordWrap(True)  # a refusal is longer than a hint
        self.middle = QStackedWidget()
        for widget in (self.waiting, self.same, self.differences, self.columns, self.outline):
            self.middle.addWidget(widget)
        self.head = Head(theme, self._path.name)
        self.main, self.leave = self.head.main, self.head.leave
        self.progress = Progress(theme)
        self.bar = FaceBar(theme)
        self.refusal = Refusal(theme)
        centre = QVBoxLayout()
        centre.setSpacing(0)
        for part in (self.bar, self.refusal):
            centre.addWidget(part)
        centre.addWidget(self.middle, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(edged(self.setup, "right"))
        row.addLayout(centre, 1)
        self._side_frame = edged(self.side, "left")
        row.addWidget(self._side_frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.progress)
        column.addLayout(row, 1)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(_WAITS_MS)
        self._late.timeout.connect(self._on_late)

    def _connect(self) -> None:
        self.main.clicked.connect(self.bring_in)
        self.leave.clicked.connect(self.dismiss)
        self.progress.stop.clicked.connect(self.dismiss)
        self.bar.chosen.connect(self.show_face)
        self.setup.read_as.connect(self.read_as)
        self.setup.placed.connect(self.put_into)
        self.columns.chosen.connect(self.choose_field)
        self.differences.rows.decided.connect(self._on_decided)
        self.differences.looked_at.connect(self._show_side)
        self.side.chosen.connect(self._on_chosen)
        for button, taken in ((self.bar.theirs, True), (self.bar.ours, False), (self.bar.proposed, None)):
            button.clicked.connect(partial(self.differences.rows.decide_all, taken))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the middle keeps its room."""
        super().resizeEvent(event)
        self._side_frame.setVisible(event.size().width() > self._theme.px(_ROOM_FOR_SIDE))

    # Reading.

    def _ask(self) -> None:
        """Reads the file again as it is wished now; an older answer that is still on its way is not looked at."""
        self._reading += 1
        number = self._reading
        wish = Wish(dict(self._mapping), self._place, self._desk.project_id, self._desk.language)
        file = self._shown.source if self._shown is not None else self._path
        then, failed = partial(_answer, self, number), partial(_fail, self, number)
        self._desk.bridge.fetch(read_shown, file, wish, then=then, failed=failed)
        self._late.start()
        self._show_main()

    def take_reading(self, number: int, shown: Shown) -> None:
        if number != self._reading:
            return
        self._late.stop()
        self.progress.hide()
        self._reading = 0
        self._shown = shown
        self._place = shown.place
        self.setup.show_file(shown)
        self.columns.take(shown.look.table)
        self.outline.lines.take(shown.lines)
        compared = shown.compared if shown.place is Place.MERGE else None
        self.differences.take(compared.rows if compared is not None else ())
        self._show_faces()
        self._show_main()

    def fail_reading(self, number: int, error: Exception) -> None:
        """There is no such file, or it cannot be opened; the window says so too."""
        if number != self._reading:
            return
        self._late.stop()
        self._reading = 0
        self.waiting.say(_("This file cannot be opened"), str(error))
        self._show_main()

    def is_reading(self) -> bool:
        return self._reading > 0

    def _on_late(self) -> None:
        if self._shown is not None or self._job is not None:
            self.progress.say(self._job_words(0) if self._job is not None else _("Reading the file…"))
            self.progress.show()

    # What a person chooses.

    def read_as(self, setting: str, value: str) -> None:
        """Another sheet, header row, separator or encoding: the columns are guessed anew."""
        kept = ("sheet", "delimiter", "encoding", "header")
        self._mapping = {name: text for name, text in self._mapping.items() if name in kept}
        if setting != "header":
            self._mapping.pop("header", None)
        self._mapping[setting] = value
        self._ask()

    def choose_field(self, column: int, field: str) -> None:
        """A column goes to a field, or with "" to none."""
        table = self._shown.look.table if self._shown is not None else None
        if table is None:
            return
        present = table.columns[column].field
        if present and present != field:
            self._mapping[present] = ""
        if field:
            self._mapping[field] = f"#{column + 1}"
        self._ask()

    def put_into(self, place: Place) -> None:
        if place is not self._place:
            self._place = place
            self._face = ""
            self._ask()

    def _on_chosen(self, taken: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.differences.rows.decide([self.differences.currentIndex().row()], taken=taken)

    def _on_decided(self) -> None:
        row = self.differences.row()
        if row is not None and not isinstance(row, GroupRow):
            self.side.show_taken(taken=self.differences.rows.is_taken(row))
        self._show_main()

    # Showing.

    def _faces_of(self, shown: Shown) -> tuple[tuple[str, str], ...]:
        faces = []
        if shown.place is Place.MERGE and shown.compared is not None:
            faces.append((_DIFFERENCES, _("Differences")))
        if shown.look.table is not None:
            faces.append((_COLUMNS, _("Columns")))
        if shown.look.draft is not None:
            faces.append(
                (_OUTLINE, _("What comes in") if shown.place is not Place.MERGE else _("The file's plan"))
            )
        return tuple(faces)

    def _show_faces(self) -> None:
        shown = self._shown
        assert shown is not None
        faces = self._faces_of(shown)
        ids = [name for name, _word in faces]
        if self._face not in ids:
            self._face = ids[0] if ids else ""
        self.bar.show_faces(faces, self._face)
        self.show_face(self._face)

    def show_face(self, face: str) -> None:
        shown = self._shown
        assert shown is not None
        self._face = face
        deciding = face == _DIFFERENCES
        widget: QWidget = {_COLUMNS: self.columns, _OUTLINE: self.outline}.get(face, self.differences)
        if deciding and shown.compared is not None and not shown.compared.rows:
            self._say_same(shown)
            widget = self.same
        if not face:
            self.waiting.say(_("Nothing of this file can come in"), shown.look.problem)
            widget = self.waiting
        self.middle.setCurrentWidget(widget)
        some = deciding and widget is self.differences
        self.refusal.say((shown.look.problem or shown.problem) if face else "")
        table = shown.look.table if face == _COLUMNS else None
        self.bar.show_choices(shown=some, note=columns_note(table) if table is not None else "")
        self._show_side()
        self.take_focus()

    def _say_same(self, shown: Shown) -> None:
        compared = shown.compared
        assert compared is not None
        words = ngettext(
            "Its {n} task stands here as the file says.",
            "Its {n} tasks stand here as the file says.",
            compared.tasks,
        )
        self.same.say(_("Nothing has changed"), words.format(n=f"{compared.tasks:,}"))

    def _show_side(self) -> None:
        shown = self._shown
        if shown is None:
            return
        row = self.differences.row() if self.middle.currentWidget() is self.differences else None
        if row is None or isinstance(row, GroupRow):
            self.side.show_summary(shown)
        else:
            self.side.show_difference(row, taken=self.differences.rows.is_taken(row))

    def _show_main(self) -> None:
        shown = self._shown
        can = shown is not None and not self.is_reading() and self._job is None
        can = can and shown is not None and shown.look.draft is not None and not shown.problem
        merging = shown is not None and shown.place is Place.MERGE
        rows = self.differences.rows
        nothing = merging and rows.rowCount() == 0
        self.main.set_word(main_word(shown, rows.rowCount(), rows.taken_count()))
        self.main.setEnabled(can and not nothing)

    # Doing it.

    def choices(self) -> Mapping[str, bool]:
        return dict(self.differences.rows.choices)

    def bring_in(self) -> None:
        shown = self._shown
        if shown is None or shown.look.draft is None or not self.main.isEnabled():
            return
        single = len(shown.look.draft.projects) == 1
        if shown.place is Place.NEW and single and not self.setup.has_good_fields():
            return
        compared = shown.compared
        order = Order(
            shown.look.draft,
            shown.place,
            self._desk.project_id,
            compared.source if compared is not None else None,
            self.choices(),
            *(field.text().strip() for field in (self.setup.name, self.setup.zone, self.setup.t0)),
        )
        self._job = Job(order, self)
        self._job.progressed.connect(self._on_progressed)
        for widget in (self.setup, self.middle, self.side, self.bar):
            widget.setEnabled(False)
        self._show_main()
        self._late.start()
        work = partial(self._job.run, self._desk.bridge.workspace)
        self._desk.bridge.write(work, then=self._on_done, failed=self._on_failed)

    def _job_words(self, count: int) -> str:
        return _("Bringing it in… {n} done").format(n=f"{count:,}") if count else _("Bringing it in…")

    def _on_progressed(self, count: int) -> None:
        total = sum(self._shown.counts.values()) if self._shown is not None else 0
        self.progress.say(self._job_words(count), count, total)

    def _on_done(self, done: Any) -> None:
        self._late.stop()
        place = self._job.order.place if self._job is not None else Place.NEW
        self._job = None
        report, bridge = done.result, self._desk.bridge
        words = merge_words(report) if place is Place.MERGE else report_words(report)
        desk = self._desk
        self.closed.emit()
        if place is Place.NEW and report.projects:
            desk.look_at(report.projects[-1])
        if done.changes is None:
            desk.say(words)
            return
        back = partial(bridge.write, partial(take_back, bridge.workspace, done.changes.action))
        desk.say(words, "late" if report.skipped else "done", _("Undo"), back)

    def _on_failed(self, _error: Exception) -> None:
        """The window has said why; everything here is as it was, and one may change it and try again."""
        self._late.stop()
        self._job = None
        self.progress.hide()
        for widget in (self.setup, self.middle, self.side, self.bar):
            widget.setEnabled(True)
        self._show_main()
        self.take_focus()

    def dismiss(self) -> None:
        """Stops what is under way, else leaves the file; nothing has come in."""
        if self._job is not None:
            self._job.stop()
            self.progress.say(_("Stopping…"))
            return
        self._reading = -1
        self.closed.emit()

    # Keys.

    def panes(self) -> tuple[QWidget, ...]:
        """The parts F6 goes round."""
        return (self.setup, self.bar, self.middle, self.side)

    def take_focus(self) -> None:
        widget = self.middle.currentWidget()
        if widget is self.columns and self.columns.columns.columnCount():
            kept = self.columns.focus_column()
            target: QWidget = self.columns.button(kept or 0)
        else:
            target = widget if widget in (self.differences, self.outline) else self.leave
        typing = self.setup.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        if not typing:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        places = (Place.NEW, Place.MERGE, Place.ADD)
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held:
            self.bring_in()
        elif key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3) and not held:
            choice = self.setup.places[places[key - Qt.Key.Key_1]]
            if choice.isVisible() and choice.isEnabled():
                choice.click()
        else:
            super().keyPressEvent(event)


def _answer(sheet: ImportSheet, number: int, shown: Shown) -> None:
    """An answer that knows which reading it belongs to, and may come when the sheet is gone."""
    if isValid(sheet):
        sheet.take_reading(number, shown)


def _fail(sheet: ImportSheet, number: int, error: Exception) -> None:
    if isValid(sheet):
        sheet.fail_reading(number, error)
