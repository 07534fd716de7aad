"""One entry of the log in full: who, when, what it changed from what to what, its proof, and what takes it back."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from app.i18n import _, counted
from app.storage.erased import MARK
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import label
from ui.desktop.components.more import MoreButton
from ui.desktop.components.panel import Body
from ui.desktop.desk import Desk
from ui.desktop.log.details import Details, StatedShown
from ui.desktop.log.model import LogRow
from ui.desktop.log.words import (
    changed_field,
    changed_value,
    counts_word,
    identity_word,
    said_word,
    unusual_word,
)
from ui.desktop.moments import day_name, local, long_day


class EntryActs(NamedTuple):
    """What the buttons do."""

    copy: Callable[[], object]
    take_back: Callable[[], object]
    erase: Callable[[], object]


def fill_entry(
    body: Body, desk: Desk, row: LogRow | None, found: Details | None, acts: EntryActs, checked: str = ""
) -> None:
    """`checked` says that the whole chain was verified, and when."""
    if row is None:
        body.text(_("No entry selected"), "section")
        text = _("Everything anybody did stands here, signed and chained; nothing can be taken out.")
        body.text(text, "body", "text2")
        return
    body.text(_("Entry {n}").format(n=f"{row.entry:,}"), "meta", "text3")
    body.text(_("{who}: {did}").format(who=row.line.who, did=row.line.did), "section")
    if row.line.what:
        body.text(row.line.what, "body", "text2")
    if row.line.tail:
        body.text(f"“{row.line.tail}”", "body", "text2")
    if found is not None and found.changes:
        body.add_layout(_changes(desk, found))
    if found is not None:
        for one in found.stated:
            _statement(body, desk, one)
    _times(body, desk, row)
    _proof(body, desk, row, found, checked)
    _buttons(body, desk, row, acts)


def moment_words(desk: Desk, ms: int) -> str:
    moment = local(ms, desk.zone)
    return f"{day_name(moment)} {moment.strftime('%H:%M:%S')}"


def _times(body: Body, desk: Desk, row: LogRow) -> None:
    act = row.line.act
    body.column.addSpacing(desk.theme.px(4))
    moment = local(act.when_ms, desk.zone)
    body.pair(_("Written"), _("{day}, {time}").format(day=long_day(moment), time=row.time))
    if act.happened_ms is not None:
        body.pair(_("Happened"), moment_words(desk, act.happened_ms))
    if row.line.behalf:
        body.pair(_("On behalf of"), row.line.behalf)
    device = row.line.device
    if "late" in act.unusual:
        clock = moment_words(desk, act.arrived_ms)
        device = _("{device}, arrived {moment}").format(device=device, moment=clock)
    body.pair(_("Device"), device)
    if act.unusual:
        body.pair(_("Unusual"), "; ".join(unusual_word(one) for one in act.unusual))


def _code(code: bytes) -> str:
    text = code.hex()
    return f"{text[:4]} {text[4:8]} … {text[-8:-4]} {text[-4:]}"


def _proof(body: Body, desk: Desk, row: LogRow, found: Details | None, checked: str) -> None:
    theme = desk.theme
    code = label(theme, _code(row.line.hash), "fixed")
    code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    body.pair(_("Entry code"), code)
    if found is not None and found.follows is not None:
        before = f"{found.follows:,} · {_code(found.follows_hash)}"
        body.pair(_("Follows"), label(theme, before, "fixed"))
    body.pair(
        _("Contains"),
        counted("{n} change", "{n} changes", row.line.act.ops),
    )
    if found is not None:
        holds = _("the device's signature holds") if found.holds else _("the signature does not hold")
        body.signed(
            "seal_fits" if found.holds else "seal_rejected",
            "done" if found.holds else "blocked",
            holds,
            text_tone="done" if found.holds else "blocked",
            second=checked,
        )
    if row.final:
        second = ""
        if found is not None and found.received_ms is not None:
            second = _("receipt of {moment}").format(moment=moment_words(desk, found.received_ms))
        body.signed("seal_fits", "done", _("Has its official number"), text_tone="done", second=second)
    else:
        body.signed("seal_none", "strong", _("Waits for the sequencer's number"))


def _changes(desk: Desk, found: Details) -> QGridLayout:
    """Three columns: the field, what stood there, what stands there."""
    theme = desk.theme
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(5))
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(2, 1)
    top = Qt.AlignmentFlag.AlignTop
    place, of = 0, ""
    for change in found.changes:
        if change.of and change.of != of:
            of = change.of
            grid.addWidget(label(theme, of, "meta", "text2", wrap=True), place, 0, 1, 3, top)
            place += 1
        before = changed_value(change.field, change.before, desk.language, desk.zone)
        after = changed_value(change.field, change.after, desk.language, desk.zone)
        grid.addWidget(label(theme, changed_field(change.field), "meta", "text3"), place, 0, top)
        grid.addWidget(label(theme, before, "body", "text2", wrap=True), place, 1, top)
        grid.addWidget(label(theme, after, "strong", wrap=True), place, 2, top)
        place += 1
    if found.more:
        more = counted("and {n} more change", "and {n} more changes", found.more)
        grid.addWidget(label(theme, more, "meta", "text3"), place, 0, 1, 3)
    return grid


def _statement(body: Body, desk: Desk, one: StatedShown) -> None:
    said = said_word(one.meaning)
    if one.role:
        said = _("{meaning}, in the role {role}").format(meaning=said, role=one.role)
    body.pair(_("Stated"), said)
    body.pair(
        _("By"), ", ".join(part for part in (one.person, identity_word(one.level, one.presence)) if part)
    )
    if one.digest:
        code = one.digest.hex().upper()[:16]
        words = " ".join(code[at : at + 4] for at in range(0, 16, 4))
        body.pair(_("Content code"), label(desk.theme, words, "fixed"))
    if one.counts != 1:
        body.pair(_("Today"), counts_word(one.counts))


def _buttons(body: Body, desk: Desk, row: LogRow, acts: EntryActs) -> None:
    line = QHBoxLayout()
    line.setSpacing(desk.theme.px(8))
    copy = KeyButton(desk.theme, _("Copy entry"), key="C")
    copy.clicked.connect(lambda _on=False: acts.copy())
    line.addWidget(copy)
    if row.line.undoable:
        button = KeyButton(desk.theme, _("Take this back"), icon="undo", key="U")
        button.clicked.connect(lambda _on=False: acts.take_back())
        line.addWidget(button)
    if row.line.tail not in ("", MARK):
        more = MoreButton(desk.theme, body, row.line.tail, (_("Erase its texts for good…"), acts.erase))
        line.addWidget(more)
    line.addStretch(1)
    body.column.addSpacing(desk.theme.px(8))
    body.add_layout(line)
    if row.line.undoable:
        note = _("What others changed since is left as it is and listed. Taking back is an entry of its own.")
        body.text(note, "meta", "text3")


def entry_text(desk: Desk, row: LogRow, found: Details | None) -> str:
    """The entry as plain text, for a mail or a ticket."""
    act = row.line.act
    moment = local(act.when_ms, desk.zone)
    lines = [
        _("Entry {n}").format(n=f"{row.entry:,}"),
        f"{long_day(moment)}, {row.time} {desk.zone}",
        _("{who}: {did}").format(who=row.who, did=row.did),
        row.what,
    ]
    for change in found.changes if found is not None else ():
        before = changed_value(change.field, change.before, desk.language, desk.zone)
        after = changed_value(change.field, change.after, desk.language, desk.zone)
        lines.append(f"{changed_field(change.field)}: {before} → {after}")
    lines += [f"{_('Device')}: {row.line.device}", f"{_('Entry code')}: {row.line.hash.hex()}"]
    return "\n".join(line for line in lines if line)
