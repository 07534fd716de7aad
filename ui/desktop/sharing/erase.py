"""Erasing for good: what goes and from where, what stays, by what right and why; an owner signs it with the PIN."""

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.domain.words import Access, Right
from app.i18n import N_, _, counted
from app.queries.retention import WHAT, Due, due
from app.storage.engine import Reader
from ui.desktop.components.form import Choice, choose_with_arrows
from ui.desktop.components.labels import label
from ui.desktop.desk import Desk, Erasing
from ui.desktop.moments import now_ms
from ui.desktop.secrets import needs_passphrase
from ui.desktop.sharing.sheet import SharingSheet

RIGHTS = (
    (
        Right.ASKED,
        N_("The person asked for it"),
        N_("They have the right that what is known of them is erased."),
    ),
    (
        Right.MISTAKE,
        N_("It should never have stood there"),
        N_("A password, a secret, the wrong person or place."),
    ),
    (Right.OTHER, N_("Another right"), N_("Say in the reason which one.")),
)
_MOST_NAMED, _MOST_LINES, _MOST_LETTERS, _MOST_SHOWN = 8, 4, 280, 60


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


_TITLES: Mapping[str, str] = {
    "object": N_("Erase this for good"),
    "entry": N_("Erase the texts of this entry for good"),
    "person": N_("Erase name and address of {name} for good"),
    "due": N_("Erase what has fallen due in {name}"),
}


class Asked(NamedTuple):
    """What decides whether it may be erased. `hold`: why it may not, "" where nothing keeps it. handle: of a person."""

    is_owner: bool
    hold: str
    handle: str = ""
    due: Due | None = None


def asked(reader: Reader, person: bytes | None, what: Erasing, now: int, language: str) -> Asked:
    from app.storage.authority import access_of

    is_owner = person is not None and access_of(reader, person) is Access.OWNER
    hold = reader.value(*_hold_of(what)) or ""
    if what.kind == "person":
        handle = reader.value("SELECT handle FROM person WHERE id = ?", (what.id,)) or ""
        return Asked(is_owner, hold, handle)
    return Asked(is_owner, hold, due=due(reader, what.id, now, language) if what.kind == "due" else None)


def _hold_of(what: Erasing) -> tuple[str, tuple[bytes, ...]]:
    """The people of a workspace belong to each of its projects."""
    held = "SELECT max(legal_hold) FROM project WHERE alive"
    match what.kind:
        case "person":
            return held, ()
        case "due":
            return f"{held} AND id = ?", (what.id,)
        case "entry":
            return f"{held} AND id IN (SELECT log FROM entry WHERE action = ?)", (what.id,)
    in_log = "SELECT e.log FROM creation c JOIN entry e ON e.rev = c.rev WHERE c.object = ?"
    return f"{held} AND id IN ({in_log})", (what.id,)


class EraseSheet(SharingSheet):
    """Says first what it does; what keeps it from being done stands in place of the fields."""

    def __init__(self, desk: Desk, owner: QObject, what: Erasing) -> None:
        title = _(_TITLES[what.kind]).format(name=what.name)
        super().__init__(desk, owner, title, _("Erase for good"))
        self.what = what
        self.choices: list[Choice] = []
        self.may = False
        place = (desk.bridge.workspace.person, what, now_ms(), desk.language)
        self._fill(desk.bridge.read(asked, *place))
        self.end_body()

    def _fill(self, found: Asked) -> None:
        self.found = found
        self.may = found.is_owner and not found.hold and (found.due is None or found.due.total > 0)
        if self.what.kind in ("object", "entry"):
            self._add_text()
        if found.due is not None and not found.hold:
            self._add_due(found.due)
        if self.may or found.due is None:
            self._add_goes_and_stays(found)
        if not self.may:
            self._say_why_not(found)
            self.do.hide()
            self.cancel.set_word(_("Close"))
            return
        self.body.box("blocked", "warning", _("It cannot be undone, by nobody and from no device."))
        self._add_fields()

    # What it is about.

    def _add_text(self) -> None:
        """The text itself as it is shown now, and where it stands."""
        frame = QFrame()
        frame.setProperty("card", "true")
        column = QVBoxLayout(frame)
        column.setContentsMargins(*(self.theme.px(n) for n in (12, 8, 12, 8)))
        column.setSpacing(self.theme.px(2))
        shown = _cut("\n".join(self.what.text.splitlines()[:_MOST_LINES]), _MOST_LETTERS)
        if shown:
            column.addWidget(label(self.theme, shown, "strong", wrap=True))
        column.addWidget(label(self.theme, self.what.name, "meta", "text3", wrap=True))
        self.body.add(frame)

    def _add_due(self, found: Due) -> None:
        body = self.body
        if not found.total:
            body.signed("tick", "done", _("Nothing has fallen due."))
            return
        body.text(_("This is what its retention period is over for:"), "body", "text2")
        kinds: dict[str, list[str]] = {}
        for one in found.texts:
            kinds.setdefault(_(WHAT[one.what]), []).append(one.text)
        for kind, texts in kinds.items():
            body.pair(kind, f"{len(texts):,} · “{_cut(texts[0].partition(chr(10))[0], _MOST_SHOWN)}”")
        self._add_named(_("Files"), found.files)
        self._add_named(_("Contacts named in no other project"), found.persons)
        if found.earlier:
            body.pair(_("Earlier versions, reasons in the log"), f"{found.earlier:,}")

    def _add_named(self, name: str, values: tuple[str, ...]) -> None:
        if values:
            more = len(values) - _MOST_NAMED
            shown = ", ".join(values[:_MOST_NAMED])
            self.body.pair(name, f"{shown} {_('and {n} more').format(n=more)}" if more > 0 else shown)

    def _add_goes_and_stays(self, found: Asked) -> None:
        body = self.body
        body.heading(_("What goes"))
        body.text(self._goes())
        body.text(
            _(
                "From this device at once: plan, log, search and files; from the server and every other device when they next "
                "exchange."
            ),
            "body",
            "text2",
        )
        body.heading(_("What stays"))
        body.text(
            _(
                "That something stood there, by whom and when, under ▮▮▮; every signature, hash and proof goes on holding."
            )
        )
        if found.handle:
            body.text(
                _("The short id {handle} stays, and what they did and signed.").format(handle=found.handle)
            )
        body.text(
            _(
                "Also what was printed, exported or backed up before; a restored backup loses it at its next exchange."
            ),
            "body",
            "text2",
        )

    def _goes(self) -> str:
        match self.what.kind:
            case "person":
                return _("Every name and e-mail address this person ever had here.")
            case "entry":
                return _("Every text and file that this entry brought, and the reason given for it.")
            case "due":
                return _("All that is listed above, in all its versions.")
        if self.what.is_file:
            return _("The file with its name, wherever the same file was attached.")
        return _("The text in all its versions, and the reason in the log where it says the same.")

    def _say_why_not(self, found: Asked) -> None:
        if found.hold:
            text = _("An owner can end the hold, in the settings of the project.")
            self.body.box(
                "late", "lock", _("A legal hold keeps it: {reason}").format(reason=found.hold), (text,)
            )
        elif not found.is_owner:
            text = _("Only an owner of the workspace erases. Ask one of them; nothing was changed.")
            self.body.box("late", "people", text)

    # What is asked.

    def _add_fields(self) -> None:
        if self.what.kind != "due":
            self._add_choices()
        hint = _("Without the text itself, and without names")
        self.reason = self.field(_("Reason; it stays in the log"), hint=hint)
        self.reason.returnPressed.connect(self._on_do)
        self.ask_secrets(_("Your PIN"), passphrase=needs_passphrase(self.desk.bridge.workspace))

    def _add_choices(self) -> None:
        self.body.column.addSpacing(self.theme.px(4))
        self.body.add(label(self.theme, _("By what right"), "meta", "text3"))
        column = QVBoxLayout()
        column.setSpacing(0)
        for _right, word, sentence in RIGHTS:
            choice = Choice(self.theme, _(word), _(sentence))
            choice.setMaximumWidth(self.theme.px(620))
            self.choices.append(choice)
            column.addWidget(choice)
        self.choices[0 if self.what.kind == "person" else 1].setChecked(True)
        choose_with_arrows(self, self.choices)
        self.body.add_layout(column)

    def right(self) -> Right:
        pairs = zip(self.choices, RIGHTS, strict=False)
        return next((right for choice, (right, *_words) in pairs if choice.isChecked()), Right.RETENTION)

    def hints(self) -> tuple[tuple[str, str], ...]:
        return super().hints() if self.may else super().hints()[2:]

    def take_focus(self) -> None:
        first = self.reason if self.may else self.cancel
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(self) -> None:
        if not self.may:
            return
        reason = self.reason.text().strip()
        if not reason:
            self.say_wrong(_("Say why: the log keeps it."), self.reason)
            return
        if not self.has_secrets():
            return
        workspace = self.desk.bridge.workspace
        if self.passphrase is not None:
            workspace.passphrase = self.passphrase.text()
        pin = self.pin.text() if self.pin is not None else ""
        self.be_busy()
        job = partial(erase_now, workspace, self.what, self.right(), reason, pin)
        self.desk.bridge.write(job, then=self._erased, failed=self.on_failed)

    def _erased(self, number: int) -> None:
        self.rest()
        text = counted(
            "{n} value is erased here. Other devices erase it at their next exchange.",
            "{n} values are erased here. Other devices erase them at their next exchange.",
            number,
        )
        self.desk.say(text)
        self.closed.emit()


def erase_now(workspace: Any, what: Erasing, right: Right, reason: str, pin: str) -> int:
    """In the writer thread: how many values went."""
    from app.commands import redacting

    signer = workspace.signer(workspace.person, pin)
    match what.kind:
        case "person":
            done = workspace.run(redacting.redact_person, what.id, signer=signer, right=right, reason=reason)
        case "entry":
            done = workspace.run(redacting.redact, what.id, signer=signer, right=right, reason=reason)
        case "due":
            done = workspace.run(redacting.redact_due, what.id, signer=signer, reason=reason)
        case _:
            done = workspace.run(
                redacting.redact_object, what.id, what.field, signer=signer, right=right, reason=reason
            )
    return int(done.result)
