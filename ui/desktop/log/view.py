"""The audit log: every action newest first, looked through by filter; the chosen one in full, and the project as it stood."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.i18n import N_, _, counted, ngettext
from app.queries.moments import MomentShown
from app.queries.projects import RunRow, runs
from ui.desktop.actions import Offer
from ui.desktop.checklist.model import Index
from ui.desktop.components.panel import Panel
from ui.desktop.components.working import WorkingLine
from ui.desktop.desk import Desk, Erasing
from ui.desktop.log.asking import Asking
from ui.desktop.log.cells import WHO
from ui.desktop.log.details import Details, details
from ui.desktop.log.entry import EntryActs, entry_text, fill_entry, moment_words
from ui.desktop.log.filters import FilterBar
from ui.desktop.log.model import LogModel, LogRow
from ui.desktop.log.moment import MomentActs, fill_moment
from ui.desktop.log.offer import MomentOffer
from ui.desktop.log.proving import LogTools
from ui.desktop.log.reading import PageShown
from ui.desktop.log.table import KEYS, LogTable
from ui.desktop.log.whole import WholeMoment
from ui.desktop.views import View

_PAGE = 300
_NARROW = 1150


class LogView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hints = (
            ("Space", _("show me this moment")),
            ("← →", _("step through time")),
            ("/", _("filter")),
            ("U", _("take this back")),
            ("Esc", _("back to now")),
        )
        theme = desk.theme
        self._wanted: bytes | None = None  # an action to stand on once its entry is read
        self.model = LogModel(self)
        self.table = LogTable(theme, self.model)
        self.filters = FilterBar(desk)
        self.working = WorkingLine(theme, desk.bridge)
        self.asking = Asking(desk)
        self.logtools = self.tools = LogTools(desk, WorkingLine(theme, desk.bridge))
        self.offer = MomentOffer(theme, self.table)
        self.whole = WholeMoment(desk)
        self.panel = Panel(theme, 420)
        self.moment: MomentShown | None = None
        self._found = 0
        self._details: Details | None = None
        self._checked = ""
        self._asked = False
        self._lay_out()
        self._connect()
        self._show()

    # Building.

    def _lay_out(self) -> None:
        listed = QWidget()
        inside = QVBoxLayout(listed)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.filters)
        inside.addWidget(self.table, 1)
        self.left = QStackedWidget()
        self.left.addWidget(listed)
        self.left.addWidget(self.whole)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.working)
        left.addWidget(self.logtools.working)
        left.addWidget(self.left, 1)
        side = QFrame()
        side.setProperty("edge", "left")
        beside = QVBoxLayout(side)
        beside.setContentsMargins(1, 0, 0, 0)
        beside.addWidget(self.panel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(side)

    def _connect(self) -> None:
        self.filters.changed.connect(self._on_filter)
        self.filters.left.connect(self.take_focus)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.offer.asked.connect(self.toggle_moment)
        self.whole.closed.connect(self.toggle_everything)
        self.logtools.verified.connect(self._on_verified)
        self.working.given_up.connect(self.back_to_now)
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(60)
        self._look.timeout.connect(self._ask_details)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the words keep their room."""
        super().resizeEvent(event)
        narrow = event.size().width() < self.desk.theme.px(_NARROW)
        self.panel.setFixedWidth(self.desk.theme.px(340 if narrow else 420))
        self.table.setColumnWidth(WHO, self.desk.theme.px(130 if narrow else 190))

    # Reading.

    def show_place(self) -> None:
        is_new = self.asking.look_at(self.desk.project_id)
        if is_new:
            self.moment = None
            self.left.setCurrentIndex(0)
        if self.desk.project_id is not None:
            self.desk.bridge.fetch(runs, self.desk.project_id, then=self._take_runs)
        self.reload()
        if is_new:
            self.asking.prepare()

    def on_changes(self, _changes: Any) -> None:
        self.reload()

    def _take_runs(self, found: list[RunRow]) -> None:
        self.filters.take_runs(found)

    def reload(self) -> None:
        """As many lines as there were, so that one stays where one is."""
        self._asked = True
        self.asking.page(self.filters.filter, max(_PAGE, self.model.count()), 0, "", self._take)

    def _on_filter(self) -> None:
        self.logtools.wanted = self.filters.filter
        self.table.verticalScrollBar().setValue(0)
        self._asked = True
        self.asking.page(self.filters.filter, _PAGE, 0, "", self._take)

    def _on_scrolled(self, value: int) -> None:
        """The next page when the end comes into view."""
        count = self.model.count()
        if not self._asked and count < self._found and value >= self.table.verticalScrollBar().maximum() - 20:
            self._asked = True
            self.asking.page(self.filters.filter, _PAGE, count, self.model.last_day(), self._take_more)

    def _take(self, page: PageShown) -> None:
        self._asked = False
        chosen = self.chosen()
        top = self.table.verticalScrollBar().value()
        self.offer.forget()
        self.model.take(page.rows)
        self._count(page)
        asked, self._wanted = self._wanted, None
        wanted = asked or (chosen.action if chosen is not None else None)
        row = self.model.find(wanted) if wanted is not None else -1
        if row < 0:
            row, top = self.model.neighbour(-1, 1), 0
        if row >= 0:
            self.table.selectRow(row)
            if asked is None:
                self.table.verticalScrollBar().setValue(top)
            self._look.start()
        else:
            self._show()

    def _take_more(self, page: PageShown) -> None:
        self._asked = False
        if page.offset == self.model.count():  # nothing was filtered or written meanwhile
            self.model.append(page.rows)
            self._count(page)

    def _count(self, page: PageShown) -> None:
        self._found = page.found
        self.filters.take(page.facets)
        self.logtools.set_total(page.total)
        total = counted("{n} entry", "{n} entries", page.total)
        text = _("{found} of {total}").format(found=f"{page.found:,}", total=total)
        self.filters.count.setText(text if page.found != page.total else total)

    # One entry.

    def chosen(self) -> LogRow | None:
        index = self.table.currentIndex()
        if not index.isValid() or index.row() >= self.model.rowCount():
            return None
        row = self.model.row_at(index.row())
        return row if isinstance(row, LogRow) else None

    def _on_current(self, current: Index, _previous: Index) -> None:
        row = self.chosen()
        sentence = ""
        if row is not None:
            clock = moment_words(self.desk, self.asking.moment_of(row))
            sentence = _("everything as it stood at {time}, as this computer knew it").format(time=clock)
        self.offer.open(current.row() if row is not None else -1, sentence)
        self._look.start()

    def _ask_details(self) -> None:
        row = self.chosen()
        self._details = None
        self._show()
        if row is not None:
            place = (row.action, row.rev, self.desk.language)
            self.desk.bridge.fetch(details, *place, then=self._take_details)
            if self.moment is not None and self.moment.rev != row.line.act.last_rev:
                self.show_moment()

    def _take_details(self, found: Details) -> None:
        row = self.chosen()
        if row is not None and row.action == found.action:
            self._details = found
            self._show()

    def _on_verified(self, words: str) -> None:
        self._checked = words
        self._show()

    def _show(self) -> None:
        body = self.panel.begin()
        row = self.chosen()
        if self.moment is not None:
            tasks = row.line.act.tasks if row is not None else frozenset()
            steps = MomentActs(self.earlier, self.later, self.back_to_now, self.toggle_everything)
            fill_moment(body, self.desk, self.moment, tasks, steps)
        acts = EntryActs(self.copy_entry, self.take_back, self.erase)
        fill_entry(body, self.desk, row, self._details, acts, self._checked)
        body.end()

    # The moment.

    def toggle_moment(self) -> None:
        if self.moment is not None:
            self.back_to_now()
        else:
            self.show_moment()

    def show_moment(self) -> None:
        row = self.chosen()
        if row is not None:
            clock = moment_words(self.desk, self.asking.moment_of(row))
            words = _("Going back to {time}…").format(time=clock)
            self.working.begin(words, partial(self.asking.moment_job, row), self._take_moment)

    def _take_moment(self, found: MomentShown | None) -> None:
        if found is None:
            self.desk.say(_("This project was not there yet."), "late")
            self.back_to_now()
            return
        self.moment = found
        self.whole.take(found)
        self._show()
        self.panel.verticalScrollBar().setValue(0)

    def back_to_now(self) -> None:
        self.moment = None
        self.left.setCurrentIndex(0)
        self._show()
        self.take_focus()

    def toggle_everything(self) -> None:
        """The list, or in its place every step as it stood."""
        if self.moment is None:
            return
        self.left.setCurrentIndex(1 - self.left.currentIndex())
        self.take_focus()

    def earlier(self) -> None:
        self._step(1)

    def later(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        row = self.model.neighbour(self.table.currentIndex().row(), step)
        if row >= 0:
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))

    # What one can do with an entry.

    def copy_entry(self) -> None:
        row = self.chosen()
        if row is not None:
            QGuiApplication.clipboard().setText(entry_text(self.desk, row, self._details))
            self.desk.say(_("Entry {n} is in the clipboard.").format(n=f"{row.entry:,}"))

    def take_back(self) -> None:
        row = self.chosen()
        if row is not None and row.line.undoable and self.moment is None:
            self.desk.bridge.run("app.commands.history:revert", row.action, then=self._taken_back)

    def _taken_back(self, done: Any) -> None:
        kept = len(done.result or ())
        text = _("Taken back.")
        if kept:
            left = ngettext(
                "{n} value was changed since and stays.", "{n} values were changed since and stay.", kept
            )
            text = f"{text} {left.format(n=kept)}"
        self.desk.say(text, "late" if kept else "done")

    def erase(self) -> None:
        row = self.chosen()
        if row is not None:
            at = f"{_('Entry {n}').format(n=f'{row.entry:,}')} · {row.who}: {row.did}"
            self.desk.erase(Erasing("entry", row.action, at, row.line.tail))

    # A view like any other.

    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(N_("Show me this moment"), self.show_moment, "Space", "eye"),
            Offer(N_("Filter the log"), self.filters.words.setFocus, "/", "filter"),
            Offer(N_("Take this entry back"), self.take_back, "U", "undo"),
        )

    def show_matching(self, text: str) -> None:
        self.filters.words.setText(text)

    def show_thing(self, id: bytes) -> None:
        row = self.model.find(id)
        self._wanted = id if row < 0 else None  # the entries are still on their way
        if row >= 0:
            self.table.selectRow(row)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.filters, self.table, self.panel)

    def take_focus(self) -> None:
        shown = self.table if self.left.currentIndex() == 0 else self.whole.table
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def escape(self) -> None:
        if self.moment is not None or self.working.is_working():
            self.working.give_up()
            self.back_to_now()
        elif self.filters.is_on():
            self.filters.show_all()
        self.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = KEYS.get(Qt.Key(event.key()))
        if event.text() == "/":
            self.filters.words.setFocus()
        elif name is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            getattr(self, name)()
        else:
            super().keyPressEvent(event)
