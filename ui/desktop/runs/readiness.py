"""Starting a rehearsal or the live run, and ending one: what is not ready, a way to each, a reason where one is due."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.words import RunKind
from app.i18n import _, ngettext
from app.queries.projects import RunRow, runs
from app.queries.readiness import MUST, Finding, ready_to_finish, ready_to_start
from app.storage.engine import Reader
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.form import Choice
from ui.desktop.components.labels import Sign, label
from ui.desktop.components.panel import Body, Panel
from ui.desktop.desk import Desk
from ui.desktop.moments import now_ms
from ui.desktop.runs.clock_words import parse_moment
from ui.desktop.runs.kinds import kind_mark, run_name
from ui.desktop.runs.sheet import Sheet

# Where a finding is mended; what names tasks goes to the first of them.
_PLACES = {
    "no-tasks": "plan/checklist",
    "no-t0": "settings",
    "no-window": "settings",
    "no-return": "settings",
    "role-unheld": "settings",
    "no-key": "settings",
    "misfit": "plan/gantt",
    "circle": "plan/gantt",
    "rehearsal-gate": "prove/gates",
    "gate-closed": "prove/gates",
    "no-go": "prove/gates",
}
_IN_PLAN = ("no-owner", "no-minutes", "no-rollback", "conflict", "circle")
_IN_RUN = ("running", "blocked", "failed", "claimed", "to-do", "hand-over", "rehearsal-failed")
_SHOWN = 12


class Ready(NamedTuple):
    """What was found for a kind, and which runs there were: the next rehearsal has the next number."""

    kind: str
    findings: tuple[Finding, ...]
    runs: tuple[RunRow, ...]


def ready(reader: Reader, project: bytes, kind: RunKind, now: int, language: str) -> Ready:
    return Ready(
        kind.value, ready_to_start(reader, project, kind, now, language), tuple(runs(reader, project))
    )


def unready(reader: Reader, run: bytes, now: int, language: str) -> tuple[Finding, ...]:
    return ready_to_finish(reader, run, now, language)


class FindingList(Panel):
    """What stands against it: what must be answered first, each with the way to where it is mended."""

    def __init__(self, desk: Desk, leave: Callable[[], object]) -> None:
        super().__init__(desk.theme, layer="panel")
        self._desk, self._leave = desk, leave
        self.findings: tuple[Finding, ...] = ()

    def musts(self) -> int:
        return sum(one.severity == MUST for one in self.findings)

    def take(self, findings: tuple[Finding, ...], good: str) -> None:
        self.findings = findings
        body = self.begin()
        musts = [one for one in findings if one.severity == MUST]
        rest = [one for one in findings if one.severity != MUST]
        if not findings:
            body.signed("done", "done", good, text_tone="done")
        self._fill(body, _("Must be answered"), musts, "blocked")
        self._fill(body, _("Should be answered"), rest, "late")
        body.end()

    def _fill(self, body: Body, title: str, found: list[Finding], tone: str) -> None:
        if not found:
            return
        theme = self._theme
        head = QHBoxLayout()
        head.setSpacing(theme.px(8))
        head.addWidget(label(theme, title, "section"))
        head.addWidget(label(theme, str(len(found)), "body", "text3"))
        head.addStretch(1)
        body.add_layout(head)
        for one in found[:_SHOWN]:
            body.add(self._line(one, tone))
        if len(found) > _SHOWN:
            body.text(_("and {n} more").format(n=len(found) - _SHOWN), "meta", "text3")
        body.column.addSpacing(theme.px(8))

    def _line(self, one: Finding, tone: str) -> QFrame:
        theme = self._theme
        card = QFrame()
        card.setProperty("card", "blocked" if tone == "blocked" else "true")
        card.setAccessibleName(f"{one.text} {one.detail}")
        row = QHBoxLayout(card)
        row.setContentsMargins(*(theme.px(n) for n in (10, 6, 6, 6)))
        row.setSpacing(theme.px(8))
        row.addWidget(Sign(theme, "warning", tone, 16), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(theme, one.text, "strong" if tone == "blocked" else "body", wrap=True))
        if one.detail:
            words.addWidget(label(theme, one.detail, "meta", "text3", wrap=True))
        row.addLayout(words, 1)
        if self._way(one) is not None:
            go = KeyButton(theme, _("Show"), kind="quiet", tail="right")
            go.setAccessibleDescription(one.text)
            go.clicked.connect(partial(self._go, one))
            row.addWidget(go, 0, Qt.AlignmentFlag.AlignTop)
        return card

    def _way(self, one: Finding) -> str | None:
        if one.kind in _IN_PLAN and one.subjects:
            return "plan/checklist"
        if one.kind in _IN_RUN and one.subjects:
            return "run/cockpit"
        return _PLACES.get(one.kind)

    def _go(self, one: Finding, *_pressed: bool) -> None:
        way = self._way(one)
        if way is None:
            return
        self._leave()
        if way in ("plan/checklist", "run/cockpit") and one.subjects:
            self._desk.choose_task(one.subjects[0])
        self._desk.go_to.emit(way)


class ReasonedSheet(Sheet):
    """With what was found on the right; the reason is asked for where a must is open, and only then."""

    def __init__(self, desk: Desk, run: bytes | None, title: str, do: str) -> None:
        super().__init__(desk, run, title, do, "run")
        self.found = FindingList(desk, self.closed.emit)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.removeWidget(self.panel)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.panel, 5)
        row.addWidget(self.found, 6)
        column.insertLayout(0, row, 1)
        self.known = False

    def add_reason(self) -> None:
        self.reason_head = label(self.theme, _("Why all the same"), "meta", "text3")
        self.body.add(self.reason_head)
        self.reason = self.text_field(_("Why all the same"), lines=2, named=False)
        self.show_reason(wanted=False)

    def show_reason(self, *, wanted: bool) -> None:
        for widget in (self.reason, self.reason_head):
            widget.setVisible(wanted)

    def show_findings(self, findings: tuple[Finding, ...], good: str) -> None:
        self.known = True
        self.found.take(findings, good)
        self.show_reason(wanted=self.found.musts() > 0)

    def reason_given(self) -> str | None:
        """The reason, "" where none is due; None (and said so) where it is missing."""
        if not self.known:
            return None
        text = self.reason.toPlainText().strip()
        if self.found.musts() and not text:
            count = self.found.musts()
            wrong = ngettext(
                "{n} point must be answered first. Say why you go on all the same.",
                "{n} points must be answered first. Say why you go on all the same.",
                count,
            )
            self.say_wrong(wrong.format(n=count), self.reason)
            return None
        return text


class StartSheet(ReasonedSheet):
    def __init__(self, desk: Desk, project: bytes, kind: RunKind) -> None:
        super().__init__(desk, None, _("Start a run"), _("Start"))
        self._project = project
        self.kind = kind
        self._offered = ""
        theme = self.theme
        self.kinds = {
            RunKind.REHEARSAL: Choice(
                theme, _("Rehearsal"), _("Everything may be tried; nothing of it is the go-live"), "1"
            ),
            RunKind.LIVE: Choice(theme, _("Live run"), _("The go-live itself: everything counts"), "2"),
        }
        for one, choice in self.kinds.items():
            choice.setMaximumWidth(theme.px(620))
            choice.clicked.connect(partial(self.choose, one))
            self.body.add(choice)
        self.name = self.field(_("Name of the run"))
        self.begins = self.field(_("It begins"), hint=_("now, 22:00, -15, yesterday 23:50"))
        self.add_reason()
        self.close_body()
        self.entry.hide()
        for edit in (self.name, self.begins):
            edit.returnPressed.connect(self._on_do)
        self.choose(kind)

    def take_focus(self) -> None:
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name.selectAll()

    def choose(self, kind: RunKind, *_pressed: bool) -> None:
        self.kind, self.known = kind, False
        self.kinds[kind].setChecked(True)
        self.head.setText(_("Start a rehearsal") if kind is RunKind.REHEARSAL else _("Start the live run"))
        self._name_button()
        place = (self._project, kind, now_ms(), self.desk.language)
        self.desk.bridge.fetch(ready, *place, then=self._take)

    def _take(self, found: Ready) -> None:
        if found.kind != self.kind.value:
            return  # the other kind was chosen meanwhile
        if self.name.text() == self._offered:  # nobody typed one
            own = sum(run.kind == self.kind for run in found.runs) + 1
            text = _("Rehearsal {n}") if self.kind is RunKind.REHEARSAL else _("Live run")
            self._offered = text.format(n=own)
            self.name.setText(self._offered)
            if self.name.hasFocus():
                self.name.selectAll()
        self.show_findings(found.findings, _("Nothing stands against it."))
        self._name_button()

    def _name_button(self) -> None:
        """The button names the consequence."""
        if self.kind is RunKind.LIVE:
            self.do.set_word(_("Start the live run"))
        else:
            name = self.name.text().strip() or _("Rehearsal")
            self.do.set_word(_("Start {run}").format(run=name))

    def act(self) -> None:
        reason = self.reason_given()
        if reason is None:
            return
        text, now = self.begins.text().strip(), now_ms()
        at = parse_moment(text, now, self.desk.zone) if text else None
        if text and (at is None or at > now):
            wrong = _("“{text}” is no time that has passed. Try 02:10, -15 or yesterday 23:50.")
            self.say_wrong(wrong.format(text=text), self.begins)
            return
        name = self.name.text().strip()
        said = _("{mark}: {run} has begun.").format(
            mark=kind_mark(self.kind.value), run=name or self.do.text()
        )
        more: dict[str, Any] = {"reason": reason} if reason else {}
        if at is not None:
            more["at"] = at
        self.enter("app.commands.runs:start_run", said, self._project, self.kind, name, **more)

    def entered(self, done: Any) -> None:
        super().entered(done)
        self.desk.look_at(self._project, done.result)


class EndSheet(ReasonedSheet):
    """What is still open; afterwards the run protocol can be printed at once."""

    def __init__(self, desk: Desk, run: RunRow, printed: Callable[[bytes], object]) -> None:
        title = _("End {run}").format(run=run_name(run))
        super().__init__(desk, run.id, title, title)
        self._row, self._print = run, printed
        self.body.text(_("Nothing more can happen in it afterwards; what happened stays."), "body", "text2")
        self.add_reason()
        self.close_body()
        self.entry.whom.hide()
        self.desk.bridge.fetch(unready, run.id, now_ms(), self.desk.language, then=self._take)

    def take_focus(self) -> None:
        self.do.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, findings: tuple[Finding, ...]) -> None:
        self.show_findings(findings, _("Everything is over, and everything counts."))
        if self.found.musts():
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        reason = self.reason_given()
        if reason is None:
            return
        more: dict[str, Any] = {"reason": reason} if reason else {}
        self.enter("app.commands.runs:finish_run", "", self._row.id, **more)

    def entered(self, done: Any) -> None:
        super().entered(done)
        said = _("{run} has ended.").format(run=run_name(self._row))
        self.desk.say(said, "done", _("Print the run protocol…"), partial(self._print, self._row.id))
