"""What was done on this device and the sequencer did not accept: it stays in the log, and counts for nothing."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from app.domain.verbs import SEND_AGAIN
from app.i18n import N_, _
from app.queries.log import sentence
from app.storage.engine import Reader

if TYPE_CHECKING:
    from app.storage.log import Commit

# Why, by the number in the sequencer's leaf (app/storage/judging.py).
_WHY: Mapping[int, str] = {
    1: N_("the access for it was missing, or had been taken more than 72 hours before it arrived"),
    2: N_("the device had been taken out"),
    3: N_("another device had followed the invitation before"),
    4: N_("it says less had been seen than the device had said before"),
    5: N_("it reaches into a project to which the access does not"),
}


class RejectedRow(NamedTuple):
    """`reason`: the number in the sequencer's leaf (app/storage/judging.py); `when_ms`: by this device's clock."""

    action: bytes
    sentence: str
    when_ms: int
    reason: int


def rejected(
    reader: Reader, device: bytes, language: str = "en", put_away: Collection[bytes] = ()
) -> list[RejectedRow]:
    """The device's own commits that were refused for good, newest first, one row an action.

    What was sent again, or put away on this device, is not among them.
    """
    from app.storage.log import decode_body

    rows = reader.rows(
        "SELECT e.action, e.wall, e.body, l.reason FROM entry e JOIN standing_leaf l ON l.hash = e.hash "
        "WHERE e.device = ? AND e.accepted = 0 AND NOT l.accepted ORDER BY e.rev DESC",
        (device,),
    )
    over = {*put_away, *_sent_again(reader)} if rows else set()
    found: dict[bytes, RejectedRow] = {}
    for action, wall, body, reason in rows:
        if action not in over:
            commit = decode_body(body)
            found[action] = RejectedRow(
                action, sentence(reader, commit.verb, commit.args, language), wall, reason
            )
    return list(found.values())


def _sent_again(reader: Reader) -> set[bytes]:
    """The actions for which a later one stands; where that was refused too, it stands for them all the same."""
    from app.storage.log import decode_body

    rows = reader.rows("SELECT body FROM entry WHERE verb = ?", (SEND_AGAIN.number,))
    return {action for (body,) in rows for action in decode_body(body).args if isinstance(action, bytes)}


def refused_commits(reader: Reader, action: bytes) -> "list[Commit]":
    """The commits of an action that the sequencer refused for good, oldest first."""
    from app.storage.log import decode_body

    rows = reader.rows(
        "SELECT e.body FROM entry e JOIN standing_leaf l ON l.hash = e.hash "
        "WHERE e.action = ? AND e.accepted = 0 AND NOT l.accepted ORDER BY e.rev",
        (action,),
    )
    return [decode_body(body) for (body,) in rows]


def refusal_words(reason: int) -> str:
    """Why the sequencer said no."""
    why = _WHY.get(reason)
    if why is None:
        return _("Refused by rule {number}, which this version does not know.").format(number=reason)
    return _("Refused: {why}.").format(why=_(why))
