"""Handing a step over: to whom, with what they have to know; it is theirs once they take it."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.i18n import _
from app.queries.checklist import TaskRow
from app.queries.handovers import HandOverRow
from ui.desktop.components.avatar import Avatar
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk
from ui.desktop.moments import now_ms
from ui.desktop.runs.clock_words import said_moment
from ui.desktop.runs.persons import PersonButton
from ui.desktop.runs.sheet import Sheet


class HandOverSheet(Sheet):
    def __init__(self, desk: Desk, run: bytes, task: TaskRow) -> None:
        title = _("Hand over {number} {title}").format(number=task.number, title=task.title)
        super().__init__(desk, run, title, _("Hand over"), "people")
        self.task = task
        me = desk.entry.stamp.person or desk.bridge.workspace.person
        self.receiver = PersonButton(desk, _("To whom?"), _("Who takes it?"), without=me)
        self.receiver.chosen.connect(self._on_receiver)
        self.row(_("To whom"), self.receiver)
        self.note = self.text_field(
            _("What they have to know"),
            hint=_("Loads at 82 %. Please be at hand to confirm at 03:05."),
            lines=4,
        )
        self.body.text(_("It stays yours until it is taken."), "meta", "text3")
        self.close_body()

    def take_focus(self) -> None:
        """The names are there at once: type a few letters, Enter."""
        QTimer.singleShot(0, self.receiver, self._open)

    def _open(self) -> None:
        box = self.receiver.open_list()
        box.left.connect(self._on_left)

    def _on_left(self) -> None:
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_receiver(self) -> None:
        self.do.set_word(_("Hand over to {person}").format(person=self.receiver.text()))
        self._on_left()

    def act(self) -> None:
        if self.receiver.person is None:
            self.say_wrong(_("Say who takes it."), self.receiver)
            return
        said = _("{number} is offered to {person}.").format(
            number=self.task.number, person=self.receiver.text()
        )
        command = "app.commands.handovers:hand_over"
        note = self.note.toPlainText().strip()
        self.enter(command, said, self.run, self.task.id, self.receiver.person, note)


class OfferBar(QFrame):
    """What is offered to me, before anything else: who, what, what I have to know; one key takes it."""

    wants_task = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        theme = desk.theme
        self.offer: HandOverRow | None = None
        self.setProperty("layer", "canvas")
        self.setProperty("edge", "bottom")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(*(theme.px(n) for n in (20, 6, 20, 6)))
        inside = QFrame()
        inside.setProperty("box", "running")
        outer.addWidget(inside)
        row = QHBoxLayout(inside)
        row.setContentsMargins(*(theme.px(n) for n in (12, 8, 10, 8)))
        row.setSpacing(theme.px(10))
        self._who = Avatar(theme, "")
        row.addWidget(Sign(theme, "people", "running", 16), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._head = label(theme, "", "strong", "running", wrap=True)
        self._note = label(theme, "", "body", "", wrap=True)
        words.addWidget(self._head)
        words.addWidget(self._note)
        row.addLayout(words, 1)
        self.take = KeyButton(theme, _("Take it"), kind="primary", key="A")
        self.take.clicked.connect(self.accept)
        self.show_step = KeyButton(theme, _("Show the step"))
        self.show_step.clicked.connect(self._on_show)
        row.addWidget(self.show_step)
        row.addWidget(self.take)
        self.hide()

    def show_offers(self, offers: tuple[HandOverRow, ...], zone: str) -> None:
        """The oldest of those that are open for me; how many more wait behind it."""
        stamp, me = self._desk.entry.stamp, self._desk.bridge.workspace.person
        mine = [
            one for one in offers if one.is_open and one.receiver_id in (stamp.person, me) and one.receiver_id
        ]
        self.offer = mine[0] if mine else None
        self.setVisible(self.offer is not None)
        if self.offer is None:
            return
        one = self.offer
        text = _("{giver} hands {number} {title} to you, {time}").format(
            giver=one.giver or _("Somebody"),
            number=one.task_number,
            title=one.task_title,
            time=said_moment(one.given_at, now_ms(), zone),
        )
        if len(mine) > 1:
            more = _("and {n} more").format(n=len(mine) - 1)
            text = f"{text} · {more}"
        self._head.setText(text)
        self._note.setText(one.note)
        self._note.setVisible(bool(one.note))
        self.setAccessibleName(f"{text} {one.note}")

    def accept(self) -> None:
        if self.offer is None:
            return
        one, stamp = self.offer, self._desk.entry.use()
        more: dict[str, Any] = dict(stamp.words())
        if stamp.person is None and one.receiver_id != self._desk.bridge.workspace.person:
            more["on_behalf_of"] = one.receiver_id
        if more.get("on_behalf_of") is not None:
            more["reason"] = _("Typed for {person}.").format(person=one.receiver)
        self._desk.bridge.run(
            "app.commands.handovers:take_over", one.id, then=partial(self._taken, one), **more
        )

    def _taken(self, one: HandOverRow, _done: Any) -> None:
        self._desk.say(_("{number} is yours now.").format(number=one.task_number))
        self.wants_task.emit(one.task)

    def _on_show(self) -> None:
        if self.offer is not None:
            self.wants_task.emit(self.offer.task)
