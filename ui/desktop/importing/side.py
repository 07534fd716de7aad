"""The right of the import sheet: how much comes in and what does not, or the difference one looks at in full."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.i18n import _, ngettext
from app.process.merging import Change
from app.queries.differences import CHANGE_WORDS, KIND_WORDS, DifferenceRow
from ui.desktop.components.form import Choice
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Body, Panel
from ui.desktop.importing.reading import Shown
from ui.desktop.importing.words import CHANGE_SIGN, choice_word
from ui.desktop.theme.theme import Theme

if TYPE_CHECKING:
    from app.domain.draft import Skipped

_MOST_LINES = 80
_MOST_LETTERS = 600


class SidePanel(Panel):
    chosen = Signal(bool)  # of the difference shown: theirs, or ours

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 324)
        self.theirs: Choice | None = None
        self.ours: Choice | None = None

    def show_summary(self, shown: Shown) -> None:
        body = self.begin()
        if shown.look.draft is not None:
            self._counts(body, shown)
        self._skipped(body, shown.skipped)
        body.end()

    def _counts(self, body: Body, shown: Shown) -> None:
        body.text(_("What comes in"), "meta", "text3")
        counts = shown.counts
        body.text(
            ngettext("{n} task", "{n} tasks", counts["tasks"]).format(n=f"{counts['tasks']:,}"), "title"
        )
        more = (
            (counts["stages"], ngettext("{n} stage", "{n} stages", counts["stages"])),
            (counts["checks"], ngettext("{n} check", "{n} checks", counts["checks"])),
            (counts["links"], ngettext("{n} link", "{n} links", counts["links"])),
            (counts["gates"], ngettext("{n} gate", "{n} gates", counts["gates"])),
        )
        body.text(" · ".join(text.format(n=f"{count:,}") for count, text in more if count), "body", "text2")

    def _skipped(self, body: Body, skipped: "tuple[Skipped, ...]") -> None:
        if not skipped:
            return
        count = len(skipped)
        words = ngettext(
            "{n} line does not come in as it stands", "{n} lines do not come in as they stand", count
        )
        body.heading(words.format(n=f"{count:,}"))
        for one in skipped[:_MOST_LINES]:
            name = _("Line {line}").format(line=one.line) if one.line is not None else _("The file")
            body.pair(name, label(self._theme, one.reason, "body", "text2", wrap=True))
        if count > _MOST_LINES:
            body.text(_("and {n} more").format(n=f"{count - _MOST_LINES:,}"), "meta", "text3")

    def show_difference(self, row: DifferenceRow, *, taken: bool) -> None:
        theme = self._theme
        body = self.begin()
        sign, tone = CHANGE_SIGN[row.change]
        body.signed(sign, tone, _(CHANGE_WORDS[row.change]), text_tone="text2")
        body.text(row.title, "section")
        about = " · ".join(filter(None, (_(KIND_WORDS[row.kind]), row.where)))
        body.text(about, "meta", "text3")
        if row.field:
            body.heading(row.field)
            self._value(body, _("When it last came in"), row.base)
            self._value(body, _("Here now"), row.ours)
            self._value(body, _("In the file now"), row.theirs)
        elif row.theirs:
            body.pair(_("In the file"), row.theirs)
        if row.line is not None:
            body.pair(_("Line"), str(row.line))
        body.text(_why(row), "body", "text2")
        body.heading(_("What happens"))
        self.theirs = Choice(theme, choice_word(row.change, taken=True), _does(row, taken=True), "T")
        self.ours = Choice(theme, choice_word(row.change, taken=False), _does(row, taken=False), "O")
        for choice, value in ((self.theirs, True), (self.ours, False)):
            choice.setChecked(value is taken)
            choice.clicked.connect(partial(self.chosen.emit, value))
            body.add(choice)
        body.end()

    def show_taken(self, *, taken: bool) -> None:
        choice = self.theirs if taken else self.ours
        if choice is not None:
            choice.setChecked(True)

    def _value(self, body: Body, name: str, value: str) -> None:
        shown = value if len(value) <= _MOST_LETTERS else value[:_MOST_LETTERS].rstrip() + "…"
        tone = "" if value else "text3"
        body.pair(name, label(self._theme, shown or _("empty"), "body", tone, wrap=True))


def _why(row: DifferenceRow) -> str:
    """Why it is proposed as it is."""
    if row.change is Change.GONE and row.touched:
        return _("It was changed here since it came in. It stays unless you remove it.")
    return {
        Change.NEW: _("The file has it, this project does not. It comes in unless you leave it out."),
        Change.THEIRS: _("Only the file changed it; here it stands as it came in."),
        Change.BOTH: _("The file and somebody here changed it differently. Ours stays until you decide."),
        Change.GONE: _("The file had it and has it no longer. It stays unless you remove it."),
        Change.REMOVED: _("It was deleted or left out here. It stays so unless you bring it back."),
    }[row.change]


def _does(row: DifferenceRow, *, taken: bool) -> str:
    if row.change is Change.GONE:
        return _("Undo brings it back") if taken else _("Not asked again")
    if not taken:
        return _("Not asked again until the file changes it") if row.field else _("It can come in later")
    return _("As the file says")
