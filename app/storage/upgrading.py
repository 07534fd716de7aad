"""A file whose rows were made by a version with other fields: they are made anew from the log, by this version's rules."""

from app.storage.engine import Writer
from app.storage.epochs import leaf_of
from app.storage.judging import Refusal, judge
from app.storage.log import Commit
from app.storage.rebuild import rebuild


def make_anew(writer: Writer, made_by: int) -> None:
    """Replays the log; `made_by` is the SCHEMA_REV of the version that judged it.

    That version let in what later ones did without knowing which access their verbs take. Now it is known, and what it does
    not cover counts for nothing here, as on every device that knew from the start.
    """

    def judged(name: bytes, commit: Commit) -> bool | None:
        if commit.schema_rev <= made_by:
            return None
        leaf = leaf_of(writer, name)
        if leaf is not None and not leaf.accepted:
            return False
        found = judge(writer, commit)
        return None if found is None else found is Refusal.ACCEPTED

    rebuild(writer, judged)
