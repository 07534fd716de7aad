"""Exceptions: what must be answered, by kind, each with the one action that mends it."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.i18n import N_, _, counted
from app.queries.exceptions import ACCEPTABLE, KINDS, TITLES
from ui.desktop.actions import Offer
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.cells import Cell, CellRow, CellTable, Column
from ui.desktop.components.empty import EmptyState
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Body, Panel
from ui.desktop.desk import Desk, Erasing
from ui.desktop.exceptions.accepting import AcceptSheet
from ui.desktop.exceptions.choosing import Standing, Value, can_choose, choose
from ui.desktop.exceptions.reading import ExceptionShown, exceptions_shown
from ui.desktop.moments import instant, now_ms
from ui.desktop.views import View


class Look(NamedTuple):
    """How a kind is shown: sign, tone, the word on the button, and what it means."""

    sign: str
    tone: str
    mends: str
    means: str


_LOOKS = {
    "no-go ignored": Look(
        *("flag", "blocked", N_("Decide at the gate")),
        N_("Stop the work behind the gate, or say go with a reason."),
    ),
    "changed after go": Look(
        *("gate_closed", "blocked", N_("Show the gate")),
        N_(
            "The night goes on. Whoever signs has to say that what stands now is right, or the change is taken back."
        ),
    ),
    "stale signature": Look(
        *("seal_stale", "stale", N_("Sign again")),
        N_("They stay in the record. The gate needs one on what stands there now."),
    ),
    "late signature": Look(
        *("seal_stale", "late", N_("Show the gate")),
        N_("It stays in the record. An owner says that it may count, and why."),
    ),
    "conflict": Look(
        *("conflict", "conflict", N_("Choose a value")),
        N_("Written without knowing of each other. All are kept until somebody chooses."),
    ),
    "evidence missing": Look(
        *("claimed", "late", N_("Bring the proof")),
        N_("What waits for this step goes on waiting until the proof is there."),
    ),
    "kept too long": Look(
        *("clock", "late", N_("Erase what is due…")),
        N_("Nothing is erased by itself. Signatures, hashes and the order stay, whatever goes."),
    ),
    "signature does not count": Look(
        *("seal_rejected", "text2", N_("Show the gate")),
        N_("The gate does without it. An owner can vouch for the key or give the role; then it counts."),
    ),
    "refused": Look(
        *("blocked", "text2", N_("Show the log")),
        N_("It stays in the log. An owner can give the access; then it takes effect."),
    ),
}


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("About"), 320),
        Column(_("What is not right")),
        Column(_("Since"), 100),
        Column(_("Who"), 170),
    )


def _hints() -> tuple[tuple[str, str], ...]:
    return (
        ("↑ ↓", _("exception")),
        ("Enter", _("mend it")),
        ("A", _("accept")),
        ("1 2", _("keep a value")),
    )


class ExceptionsView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        theme = desk.theme
        self.found: list[ExceptionShown] = []
        self.table = CellTable(theme, _columns(), _("What must be answered"))
        self.panel = Panel(theme, 380)
        self.sheet: AcceptSheet | None = None
        self.empty = EmptyState(
            theme,
            "seal_fits",
            _("Nothing to answer"),
            _("No conflict, no stale signature, no missing proof: everything that was said holds."),
        )
        self.count = label(theme, "", "meta", "text3")
        self._lay_out()
        self.table.chosen.connect(lambda _key: self._show())
        self.table.entered.connect(lambda _key: self.mend())

    def _lay_out(self) -> None:
        self.tools = QWidget()
        line = QHBoxLayout(self.tools)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.count)
        line.addStretch(1)
        self.stack = QStackedWidget()
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.table, 1)
        self.side = QFrame()
        self.side.setProperty("edge", "left")
        self.beside = QVBoxLayout(self.side)
        self.beside.setContentsMargins(1, 0, 0, 0)
        self.beside.addWidget(self.panel)
        row.addWidget(self.side)
        self.stack.addWidget(both)
        self.stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)

    # Reading.

    def show_place(self) -> None:
        self.reload()

    def on_changes(self, _changes: Any) -> None:
        self.reload()

    def reload(self) -> None:
        if self.desk.project_id is not None:
            place = (self.desk.project_id, self.desk.run_id, self.desk.language, self.desk.zone)
            self.desk.bridge.fetch(exceptions_shown, *place, now_ms(), then=self._take)

    def _take(self, found: list[ExceptionShown]) -> None:
        self.found = found
        self.table.take(self._rows())
        self.stack.setCurrentIndex(0 if found else 1)
        self.set_hints(_hints() if found else ())
        asking = sum(one.row.asks for one in found)
        text = counted("{n} to act on", "{n} to act on", asking)
        accepted = sum(one.row.answer is not None for one in found)
        rest = len(found) - asking - accepted
        if rest:
            text = f"{text} · {counted('{n} to know of', '{n} to know of', rest)}"
        if accepted:
            text = f"{text} · {counted('{n} accepted', '{n} accepted', accepted)}"
        self.count.setText(text if found else "")
        self._show()

    def _rows(self) -> Iterable[CellRow]:
        for kind in KINDS:
            here = [one for one in self.found if one.row.kind == kind and one.row.answer is None]
            yield from self._group(kind, _(TITLES[kind]), here)
        yield from self._group(
            "accepted", _("Accepted"), [one for one in self.found if one.row.answer is not None]
        )

    def _group(self, key: str, title: str, here: list[ExceptionShown]) -> Iterable[CellRow]:
        if here:
            yield CellRow(key, heading=title, note=str(len(here)))
            yield from (self._row(one, _LOOKS[one.row.kind]) for one in here)

    def _row(self, one: ExceptionShown, look: Look) -> CellRow:
        about = f"{one.number} {one.row.title}".strip()
        since = instant(one.row.since_ms, self.desk.zone)
        sign = (look.sign, look.tone) if one.row.answer is None else ("seal_fits", "text3")
        return CellRow(
            one.key,
            (
                Cell(about, "text1", "strong", sign=sign[0], sign_tone=sign[1]),
                Cell(self._why(one), "text2"),
                Cell(since, "late" if one.is_old else "text3"),
                Cell(one.row.who, "text2", person=bool(one.row.who) and ", " not in one.row.who),
            ),
        )

    def _why(self, one: ExceptionShown) -> str:
        """Of a conflict the field and its values."""
        if not one.values:
            return one.row.text
        first = one.values[0]
        values = " ↔ ".join(value.words for value in first.values)
        return _("{field}: {values}").format(field=first.field_words, values=values)

    def chosen(self) -> ExceptionShown | None:
        key = self.table.key()
        return next((one for one in self.found if one.key == key), None)

    # One exception.

    def _show(self) -> None:
        one = self.chosen()
        body = self.panel.begin()
        if one is None:
            body.text(_("Select an exception to see what mends it."), "body", "text2")
            body.end()
            return
        look = _LOOKS[one.row.kind]
        body.text(_(TITLES[one.row.kind]), "meta", look.tone if look.tone != "text2" else "text3")
        body.text(f"{one.number} {one.row.title}".strip(), "section")
        body.text(one.row.text)
        body.text(_(look.means), "body", "text2")
        if one.row.since_ms is not None:
            body.pair(_("Since"), instant(one.row.since_ms, self.desk.zone))
        if one.row.who:
            body.pair(_("Who"), self._who(one.row.who))
        for field in one.values:
            self._values(body, field)
        if one.row.answer is not None:
            self._answer(body, one)
        if one.row.kind != "conflict" or not any(can_choose(field) for field in one.values):
            self._button(
                body, _(look.mends) if one.row.kind != "conflict" else _("Go to the step"), self.mend
            )
        if one.row.can_be_accepted:
            self._button(body, _("Accept as it is…"), self.accept, kind="", key="A")
        body.end()

    def _answer(self, body: Body, one: ExceptionShown) -> None:
        answer = one.row.answer
        assert answer is not None  # asked for where there is one
        body.heading(_("Accepted"))
        body.text(answer.reason, "strong")
        body.pair(_("Accepted by"), self._who(one.answered_by))
        body.pair(_("On"), instant(answer.when_ms, self.desk.zone))

    def _who(self, names: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.desk.theme.px(6))
        if ", " not in names:
            row.addWidget(Avatar(self.desk.theme, names))
        row.addWidget(label(self.desk.theme, names, wrap=True), 1)
        return made

    def _button(
        self, body: Body, text: str, act: Callable[[], None], kind: str = "primary", key: str = "Enter"
    ) -> None:
        line = QHBoxLayout()
        button = KeyButton(self.desk.theme, text, kind=kind, key=key)
        button.clicked.connect(lambda _on=False: act())
        line.addWidget(button)
        line.addStretch(1)
        body.column.addSpacing(self.desk.theme.px(8))
        body.add_layout(line)

    def _values(self, body: Body, field: Standing) -> None:
        body.heading(field.field_words)
        for number, value in enumerate(field.values, 1):
            body.add(self._value(field, value, number))

    def _value(self, field: Standing, value: Value, number: int) -> QFrame:
        theme = self.desk.theme
        card = QFrame()
        card.setProperty("card", "true")
        column = QVBoxLayout(card)
        column.setContentsMargins(*(theme.px(10),) * 4)
        column.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.addWidget(label(theme, value.words, "strong", wrap=True), 1)
        if value.counts:
            head.addWidget(label(theme, _("counts for now"), "meta", "text3"), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        said = " · ".join(part for part in (value.person, instant(value.when_ms, self.desk.zone)) if part)
        column.addWidget(label(theme, said, "meta", "text2", wrap=True))
        if can_choose(field):
            keep = KeyButton(theme, _("Keep this"), key=str(number))
            keep.clicked.connect(lambda _on=False: choose(self.desk, field, value))
            column.addWidget(keep, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def keep(self, number: int) -> None:
        """Keeps the value with this number of the first field that can be chosen here."""
        one = self.chosen()
        field = next((field for field in one.values if can_choose(field)), None) if one is not None else None
        if field is not None and number <= len(field.values):
            choose(self.desk, field, field.values[number - 1])

    def mend(self) -> None:
        """The one action: to the gate with its sheet, to the proof, to the step, or to the log."""
        one = self.chosen()
        if one is None:
            return
        kind, subject = one.row.kind, one.row.subject
        if kind in ACCEPTABLE:
            wish = {"stale signature": "sign", "no-go ignored": "verdict"}.get(kind, "")
            self.desk.gate_wanted = (subject, wish)
            self.desk.go_to.emit("prove/gates")
        elif kind == "evidence missing":
            self._bring(subject)
        elif kind == "kept too long":
            self.desk.erase(Erasing("due", subject, one.row.title))
        elif kind == "refused":
            self.desk.go_to.emit("prove/log")
        elif one.number:
            self.desk.choose_task(subject, self)
            self.desk.go_to.emit("plan/checklist")

    def _bring(self, task: bytes) -> None:
        """Where everything that can be missing can be brought."""
        self.desk.choose_task(task, self)
        self.desk.go_to.emit("prove/evidence")

    # Accepting.

    def accept(self) -> None:
        """What may stand as it is gets an answer that is signed."""
        one = self.chosen()
        if one is None or self.sheet is not None:
            return
        if not one.row.can_be_accepted:
            self.desk.say(_("Only what stands against a gate can be accepted, and only once."), "running")
            return
        self.sheet = AcceptSheet(self.desk, one.row, _(TITLES[one.row.kind]))
        self.sheet.setFixedWidth(self.desk.theme.px(460))
        self.sheet.closed.connect(self._close_sheet)
        self.panel.hide()
        self.beside.addWidget(self.sheet)
        self.sheet.take_focus()

    def _close_sheet(self) -> None:
        if self.sheet is not None:
            self.beside.removeWidget(self.sheet)
            self.sheet.hide()
            self.sheet.deleteLater()
            self.sheet = None
        self.panel.show()
        self.take_focus()

    # A view like any other.

    def offers(self) -> tuple[Offer, ...]:
        one = self.chosen()
        if one is None or not one.row.can_be_accepted:
            return ()
        return (Offer(N_("Accept this exception"), self.accept, "A", "prove"),)

    def unkept(self) -> str:
        return _("The acceptance") if self.sheet is not None else ""

    def panes(self) -> tuple[QWidget, ...]:
        return (self.table, self.panel)

    def take_focus(self) -> None:
        if self.sheet is not None:
            self.sheet.take_focus()
            return
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.sheet is not None:
            self._close_sheet()
        elif event.key() == Qt.Key.Key_A and self.sheet is None:
            self.accept()
        elif event.text() in ("1", "2", "3"):
            self.keep(int(event.text()))
        else:
            super().keyPressEvent(event)
