"""The keys of the checklist, for the status bar and F1: the five that matter first."""

from app.i18n import _

Hints = tuple[tuple[str, str], ...]


def hints_of(kind: str) -> Hints:
    return _plan() if kind == "plan" else _run()


def _plan() -> Hints:
    return (
        ("Enter", _("edit")),
        ("Ins", _("new task")),
        ("Alt →", _("next stage")),
        ("L", _("link")),
        ("Ctrl V", _("paste rows from Excel")),
        ("Alt ← →", _("to the stage before or after")),
        ("Alt ↑ ↓", _("move the selected rows")),
        ("Ctrl D", _("fill down")),
        ("Ctrl Enter", _("the same in all selected rows")),
        ("Del", _("delete")),
        ("Ctrl X", _("cut, to put elsewhere")),
        *_common(),
        ("L, Alt L", _("link: L in the state column, Alt L anywhere")),
        ("X, Alt X", _("next conflict: X in the state column, Alt X anywhere")),
        *_conflict(),
    )


def _run() -> Hints:
    return (
        ("S", _("start")),
        ("F", _("finish")),
        ("B", _("block")),
        ("N", _("note")),
        ("E", _("evidence")),
        ("O", _("for whom")),
        ("T", _("when")),
        *_common(),
        ("Alt X", _("next conflict")),
        *_conflict(),
    )


def _common() -> Hints:
    return (
        ("Space", _("details")),
        ("Ctrl C", _("copy for a spreadsheet")),
        ("Ctrl Shift C", _("copy as a Markdown list")),
        ("Alt S", _("sort by this column, again the other way, then as planned")),
        ("Ctrl F", _("filter")),
        ("Esc", _("show all")),
    )


def _conflict() -> Hints:
    return (
        ("1 2 3", _("keep that value of a conflict")),
        ("A", _("ask the authors of a conflict")),
    )
