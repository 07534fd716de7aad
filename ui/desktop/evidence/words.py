"""What is missing of a proof, by name."""

from collections.abc import Sequence

from app.domain.words import Requirement
from app.i18n import N_, _, counted

_MISSING = {
    Requirement.COMMENT: N_("note"),
    Requirement.FILE: N_("file"),
    Requirement.SECOND: N_("second person"),
}


def missing_words(missing: Sequence[Requirement], checks_open: int = 0) -> str:
    """`note, file, 2 checks`."""
    parts = []
    for one in missing:
        if one is not Requirement.CHECKS:
            parts.append(_(_MISSING[one]))
        elif checks_open:
            parts.append(counted("{n} check", "{n} checks", checks_open))
        else:
            parts.append(_("checks"))
    return _(", ").join(parts)
