"""One entry of the log in full: who, when, what it changed from what to what, and what takes it back."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from app.i18n import _, ngettext
from ui.desktop.checklist.values import field_word, value_words
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Body
from ui.desktop.desk import Desk
from ui.desktop.log.details import Details
from ui.desktop.log.model import LogRow
from ui.desktop.moments import local, long_day


def fill_entry(
    body: Body, desk: Desk, row: LogRow | None, found: Details | None, take_back: Callable[[], object]
) -> None:
    if row is None:
        body.text(_("No entry selected"), "section")
        text = _("Everything anybody did stands here, signed and chained; nothing can be taken out.")
        body.text(text, "body", "text2")
        body.end()
        return
    moment = local(row.when_ms, desk.zone)
    body.text(_("Entry {n}").format(n=f"{row.entry:,}"), "meta", "text3")
    body.text(row.did, "section")
    body.pair(_("Who"), row.who)
    body.pair(_("When"), _("{day}, {time}").format(day=long_day(moment), time=row.time))
    if row.why:
        body.pair(_("Why"), row.why)
    body.pair(_("Device"), row.device)
    body.pair(_("Contains"), ngettext("{n} change", "{n} changes", row.ops).format(n=f"{row.ops:,}"))
    code = label(desk.theme, f"{row.code[:8]} … {row.code[-8:]}", "fixed")
    code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    body.pair(_("Entry code"), code)
    if found is not None and found.changes:
        body.heading(_("Changed"))
        body.add_layout(_changes(desk, found))
    body.heading(_("Order"))
    if row.final:
        body.signed("seal_fits", "done", _("Has its official number and a receipt"), text_tone="done")
    else:
        body.signed("seal_none", "strong", _("Waits for the sequencer's number"))
    if row.undoable:
        _offer_return(body, desk, take_back)
    body.end()


def _changes(desk: Desk, found: Details) -> QGridLayout:
    """Three columns: the field, what stood there, what stands there."""
    theme = desk.theme
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(5))
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(2, 1)
    for number, change in enumerate(found.changes):
        before = value_words(change.field, change.before, desk.language, desk.zone)
        after = value_words(change.field, change.after, desk.language, desk.zone)
        grid.addWidget(
            label(theme, field_word(change.field), "meta", "text3"), number, 0, Qt.AlignmentFlag.AlignTop
        )
        grid.addWidget(label(theme, before, "body", "text2", wrap=True), number, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(theme, after, "strong", wrap=True), number, 2, Qt.AlignmentFlag.AlignTop)
    return grid


def _offer_return(body: Body, desk: Desk, take_back: Callable[[], object]) -> None:
    line = QHBoxLayout()
    button = KeyButton(desk.theme, _("Take this back"), icon="undo", key="U")
    button.clicked.connect(lambda _on=False: take_back())
    line.addWidget(button)
    line.addStretch(1)
    body.column.addSpacing(desk.theme.px(8))
    body.add_layout(line)
    note = _("What others changed since is left as it is and listed. Taking back is an entry of its own.")
    body.text(note, "meta", "text3")
