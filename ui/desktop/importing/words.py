"""Words of the import sheet: the fields a column may go to, encodings, separators, and what a choice does."""

from collections import Counter
from typing import TYPE_CHECKING

from app.i18n import N_, _, counted
from app.process.merging import Change
from ui.desktop.importing.reading import Place, Shown

if TYPE_CHECKING:
    from app.integrations.looking import TableLook

# The fields of a table's columns, in the order of the menu; a line between what names, who, when, what, and how it stands.
FIELD_GROUPS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("title", N_("Task")), ("stage", N_("Stage")), ("number", N_("Number")), ("group", N_("Sub-group"))),
    (
        *(("owner", N_("Owner")), ("role", N_("Role")), ("accountable", N_("Accountable"))),
        ("deputy", N_("Deputy")),
    ),
    (
        *(("minutes", N_("Duration")), ("start", N_("Not before")), ("due", N_("Due"))),
        ("predecessors", N_("Waits for")),
    ),
    (
        *(("priority", N_("Priority")), ("stream", N_("Stream")), ("instruction", N_("Instruction"))),
        *(("checks", N_("Checks")), ("rollback", N_("Rollback")), ("rollback_minutes", N_("Rollback time"))),
        ("link", N_("Web link")),
    ),
    (("status", N_("Done so far")), ("note", N_("Note"))),
)
FIELDS = {name: word for group in FIELD_GROUPS for name, word in group}
SURE = {
    "given": N_("chosen by you"),
    "sure": N_("known by its header"),
    "likely": N_("guessed from its header"),
    "doubtful": N_("few of its cells fit"),
    "": N_("not imported"),
}
SURE_SIGN = {
    "given": ("mark", "accent"),
    "sure": ("tick", "done"),
    "likely": ("eye", "text2"),
    "doubtful": ("warning", "late"),
    "": ("cross", "text3"),
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "gb18030": "GB 18030",
    "cp1252": "Windows-1252",
}
DELIMITERS = {
    ",": N_("comma"),
    ";": N_("semicolon"),
    "\t": N_("tab"),
    "|": N_("bar |"),
    "，": N_("Chinese comma ，"),
}
CHANGE_SIGN = {
    Change.NEW: ("plus", "done"),
    Change.THEIRS: ("download", "accent"),
    Change.BOTH: ("conflict", "conflict"),
    Change.GONE: ("na", "late"),
    Change.REMOVED: ("undo", "text3"),
}
_TAKES = {
    Change.NEW: N_("Bring in"),
    Change.THEIRS: N_("Take theirs"),
    Change.BOTH: N_("Take theirs"),
    Change.GONE: N_("Remove"),
    Change.REMOVED: N_("Bring back"),
}
_KEEPS = {
    Change.NEW: N_("Leave out"),
    Change.THEIRS: N_("Keep ours"),
    Change.BOTH: N_("Keep ours"),
    Change.GONE: N_("Keep"),
    Change.REMOVED: N_("Stays removed"),
}


def field_word(name: str) -> str:
    return _(FIELDS[name]) if name in FIELDS else name


def choice_word(change: Change, *, taken: bool) -> str:
    """What happens with a difference as it is decided."""
    return _(_TAKES[change] if taken else _KEEPS[change])


def main_word(shown: Shown | None, differences: int, taken: int) -> str:
    """What the one main button does now."""
    if shown is None or shown.look.draft is None:
        return _("Bring it in")
    if shown.place is Place.MERGE:
        if not differences:
            return _("Nothing to merge")
        if not taken:
            return _("Keep all as it is here")
        return counted("Merge {n} change", "Merge {n} changes", taken)
    count = shown.counts["tasks"]
    return counted("Bring in {n} task", "Bring in {n} tasks", count)


def columns_note(table: "TableLook") -> str:
    """How many columns come in, and how many of them somebody should look at."""
    how = Counter(column.sure for column in table.columns if column.field)
    parts = [_("{used} of {all} columns").format(used=how.total(), all=len(table.columns))]
    if how["likely"]:
        parts.append(_("{n} guessed").format(n=how["likely"]))
    if how["doubtful"]:
        parts.append(_("{n} doubtful").format(n=how["doubtful"]))
    return " · ".join(parts)
