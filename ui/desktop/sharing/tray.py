"""How the exchange with the server stands, and what the server refused: each with its reason, to send again or put away."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from app.i18n import _, counted
from app.queries.devices import device_words
from app.queries.rejected import RejectedRow, refusal_words, rejected
from app.queries.wanted import DELETED, Wanted, WantedChange, wanted
from app.storage.engine import Reader
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.components.panel import Body
from ui.desktop.desk import Desk
from ui.desktop.frame.exchanging import told
from ui.desktop.log.words import changed_field, changed_value
from ui.desktop.moments import local
from ui.desktop.sharing.sheet import ExchangeTold, quiet_button

_MOST_CHANGES, _MOST_LETTERS, _MOST_NAMED = 3, 120, 60


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


class Tray(NamedTuple):
    """What was refused, newest first, and the revision it was painted at; by action what it wanted. device: this one."""

    rows: tuple[RejectedRow, ...]
    rev: int
    wanted: Mapping[bytes, Wanted] = {}
    device: str = ""


def tray(reader: Reader, workspace: Any, language: str) -> Tray:
    from sync.client.put_away import put_away

    away = put_away(workspace.folder)
    rows = tuple(rejected(reader, workspace.device.id, language, away))
    found: dict[bytes, Wanted] = {}
    made: Mapping[bytes, str] = {}
    for row in reversed(rows):  # what a later one changes an earlier one may have made
        found[row.action] = wanted(reader, row.action, language, _MOST_CHANGES, made)
        made = found[row.action].names
    named = tuple(row._replace(sentence=_with_names(row.sentence, made)) for row in rows)
    return Tray(named, reader.rev, found, device_words(reader).get(workspace.device.id, ""))


def _with_names(sentence: str, made: Mapping[bytes, str]) -> str:
    """No row has what a refused action made: its sentence names it by the digits of its id."""
    for thing, name in made.items():
        sentence = sentence.replace(thing.hex()[:8], name)
    return sentence


class TraySheet(ExchangeTold):
    """`show` goes to an entry of the log; `put_away` is told when something is not to be looked after any more."""

    def __init__(
        self,
        desk: Desk,
        owner: QObject,
        show: Callable[[bytes], object],
        put_away: Callable[[], object],
    ) -> None:
        title = _("Exchange with the server")
        super().__init__(desk, owner, title, _("Send all again as new"), "synced")
        self._show_entry, self._told_away = show, put_away
        self.found = Tray((), 0)
        self.status: Any = None
        self._refusal = ""  # why the last sending did not work, over the next painting
        self.again: dict[bytes, KeyButton] = {}
        self.away: dict[bytes, KeyButton] = {}
        self.cancel.set_word(_("Close"))
        self.do.hide()
        desk.bridge.changed.connect(self._on_changed)
        self._fill()
        self.reload()

    def hints(self) -> tuple[tuple[str, str], ...]:
        """The main button is there only where several were refused."""
        return super().hints()[1:]

    def is_typed(self) -> bool:
        return False

    def take_focus(self) -> None:
        first = next(iter(self.again.values()), self.cancel)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def note_exchange(self, status: Any) -> None:
        self.status = status
        self._fill()

    def _on_changed(self, _changes: Any) -> None:
        self.reload()

    def reload(self) -> None:
        bridge = self.desk.bridge
        bridge.fetch(tray, bridge.workspace, self.desk.language, then=self._take)

    def _take(self, found: Tray) -> None:
        self.found = found
        self.do.setVisible(len(found.rows) > 1)
        self._fill()

    # What is shown.

    def _fill(self) -> None:
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self.again.clear()
        self.away.clear()
        body = self.body = self.panel.begin()
        body.add(label(self.theme, _("Exchange with the server"), "title", wrap=True))
        place = self._place()
        if place is None:
            body.text(
                _("This workspace is shared through no server; everything is on this computer."),
                "body",
                "text2",
            )
            share = partial(self.desk.wished.emit, "share")
            body.add_layout(
                self._buttons_row(quiet_button(self, _("Share this workspace…"), "people", share))
            )
        else:
            self._add_state(body, place.url)
            self._add_refused(body)
        self.end_body()
        self.say_wrong(self._refusal)
        self._refusal = ""
        if had_focus:
            self.take_focus()

    def _place(self) -> Any:
        from sync.client.place import load_place

        return load_place(self.desk.bridge.workspace.folder)

    def _add_state(self, body: Body, url: str) -> None:
        if self.status is None:
            body.signed("clock", "waiting", _("Asking the server…"), second=url)
            return
        sign, tone, words, more = told(self.status, self.desk.zone)
        body.signed(sign, tone, words, second=more or url)
        if self.found.device:
            body.pair(_("This device"), self.found.device)
        waiting = self.status.waiting
        if more:
            body.pair(_("Server"), url)
        body.pair(
            _("Still to send"), counted("{n} entry", "{n} entries", waiting) if waiting else _("nothing more")
        )
        if self.status.reached_ms:
            at = local(self.status.reached_ms, self.desk.zone).strftime("%Y-%m-%d %H:%M:%S")
            body.pair(_("Last reached"), at)

    def _add_refused(self, body: Body) -> None:
        body.heading(_("Refused by the server"))
        if not self.found.rows:
            body.signed(
                "tick", "done", _("Nothing was refused."), second=_("What you do here is sent by itself.")
            )
            return
        body.text(
            _(
                "These entries stay in the log and have no effect. Sent again they are done anew, as you, against what stands now."
            ),
            "body",
            "text2",
        )
        for row in self.found.rows:
            body.add(self._card(row))

    def _card(self, row: RejectedRow) -> QFrame:
        theme = self.theme
        card = QFrame()
        card.setProperty("card", "true")
        card.setAccessibleName(row.sentence)
        outer = QHBoxLayout(card)
        outer.setContentsMargins(*(theme.px(n) for n in (12, 8, 8, 8)))
        outer.setSpacing(theme.px(8))
        outer.addWidget(Sign(theme, "warning", "late", 16), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        words.addWidget(label(theme, row.sentence, "strong", wrap=True))
        when = local(row.when_ms, self.desk.zone).strftime("%Y-%m-%d %H:%M")
        words.addWidget(label(theme, f"{when} · {refusal_words(row.reason)}", "meta", "text3", wrap=True))
        self._add_wanted(words, row)
        again = KeyButton(theme, _("Send again as new"), icon="redo")
        away = KeyButton(theme, _("Put away"), kind="quiet", icon="cross")
        log = KeyButton(theme, _("Audit log"), kind="quiet", tail="right")
        for button, act in ((again, self._send), (away, self._put_away), (log, self._show)):
            button.setAccessibleDescription(row.sentence)
            button.clicked.connect(partial(act, row))
        self.again[row.action], self.away[row.action] = again, away
        words.addSpacing(theme.px(4))
        words.addLayout(self._buttons_row(again, away, log))
        outer.addLayout(words, 1)
        return card

    def _add_wanted(self, words: QVBoxLayout, row: RejectedRow) -> None:
        """The field, what stood there, what was written; the thing it belongs to only where the sentence does not name it."""
        found = self.found.wanted.get(row.action)
        if found is None or not found.changes:
            return
        theme, grid = self.theme, QGridLayout()
        grid.setContentsMargins(0, theme.px(4), 0, theme.px(2))
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(3))
        grid.setColumnMinimumWidth(0, theme.px(96))
        grid.setColumnStretch(1, 1)
        for place, change in enumerate(found.changes):
            field = _("Deleted") if change.field == DELETED else changed_field(change.field)
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(label(theme, field, "meta", "text3", wrap=True), place, 0, top)
            grid.addWidget(
                label(theme, self._change_words(change, row), "meta", "text1", wrap=True), place, 1
            )
        words.addLayout(grid)
        if found.more:
            words.addWidget(label(theme, _("and {n} more").format(n=found.more), "meta", "text3"))

    def _change_words(self, change: WantedChange, row: RejectedRow) -> str:
        of = "" if change.of in row.sentence else _cut(change.of, _MOST_NAMED)
        if change.field == DELETED:
            return of or change.of
        after = self._value_words(change.field, change.after)
        if change.before:
            before = ", ".join(self._value_words(change.field, one) for one in change.before)
            after = _("{before} → {after}").format(before=before, after=after)
        return f"{of} · {after}" if of else after

    def _value_words(self, field: str, value: Any) -> str:
        """One line: a long text is read in the log."""
        words = changed_value(field, value, self.desk.language, self.desk.zone)
        return _cut(" ".join(words.split()), _MOST_LETTERS)

    def _buttons_row(self, *buttons: KeyButton) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self.theme.px(8))
        for button in buttons:
            row.addWidget(button)
        row.addStretch(1)
        return row

    # What is done.

    def act(self) -> None:
        self._send_all(tuple(reversed(self.found.rows)))

    def _send(self, row: RejectedRow, _on: bool = False) -> None:  # noqa: FBT001, FBT002 - a signal's argument
        self._send_all((row,))

    def _send_all(self, rows: tuple[RejectedRow, ...]) -> None:
        job = partial(send_all, self.desk.bridge.workspace, [row.action for row in rows], self.found.rev)
        self.be_busy()
        self.desk.bridge.write(job, then=partial(self._sent, len(rows)), failed=self.on_failed)

    @Slot(object)
    def on_failed(self, error: Exception) -> None:
        """What was sent before it stands."""
        super().on_failed(error)
        self._refusal = self.wrong.text()
        self.reload()

    def _sent(self, count: int, kept: int) -> None:
        self.rest()
        text = counted("{n} entry was done again as new.", "{n} entries were done again as new.", count)
        if kept:
            left = counted(
                "{n} value was left out: what it belongs to was deleted meanwhile.",
                "{n} values were left out: what they belong to was deleted meanwhile.",
                kept,
            )
            text = f"{text} {left}"
        self.desk.say(text, "late" if kept else "done")
        self.reload()

    def _put_away(self, row: RejectedRow, _on: bool = False) -> None:  # noqa: FBT001, FBT002 - a signal's argument
        from sync.client.put_away import add_put_away

        folder = self.desk.bridge.workspace.folder
        self.desk.bridge.write(partial(add_put_away, folder, row.action), then=self._is_away)

    def _is_away(self, _done: Any) -> None:
        self.desk.say(_("Put away. The log keeps it."))
        self._told_away()
        self.reload()

    def _show(self, row: RejectedRow, _on: bool = False) -> None:  # noqa: FBT001, FBT002 - a signal's argument
        self._show_entry(row.action)


def send_all(workspace: Any, actions: list[bytes], seen: int) -> int:
    """In the writer thread, the earliest first: what is later may rest on it. Returns how many values were left out."""
    from app.commands.resending import send_again

    kept = 0
    for number, action in enumerate(actions):
        # what this very sending changes meanwhile is known to whoever sends
        done = workspace.run(send_again, action, seen=seen if number == 0 else None)
        kept += len(done.result)
    return kept
