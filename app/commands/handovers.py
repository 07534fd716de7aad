"""A step goes from one person to another, and counts as theirs once they took it (DESIGN section 5)."""

from app.commands.moments import end_of, moment_of
from app.commands.registry import command
from app.commands.runs import current_attempt, ensure_step
from app.domain import verbs
from app.domain.person import Person
from app.domain.run import Attempt, HandOver, Step
from app.domain.words import Claim
from app.errors import Refused
from app.i18n import _
from app.storage.transaction import Transaction


@command(verbs.HAND_OVER)
def hand_over(
    tx: Transaction, run: bytes, task: bytes, receiver: bytes, note: str = "", *, at: int | None = None
) -> bytes:
    """Offers a step to somebody: what they have to know stands in the note. It stays the giver's until it is taken."""
    step = ensure_step(tx, run, task)
    log = tx.get(Step, step).log
    tx.get(Person, receiver)
    giver = tx.on_behalf_of or tx.author.person
    if receiver == giver:
        raise Refused(_("A step is handed over to somebody else."))
    _number, claim = current_attempt(tx, step)
    if claim in (Claim.DONE, Claim.SKIPPED):
        raise Refused(_("This step is over. There is nothing to hand over."))
    if tx.row(
        "SELECT 1 FROM hand_over WHERE step = ? AND alive AND taken_at IS NULL AND withdrawn_at IS NULL",
        (step,),
    ):
        raise Refused(_("This step is offered to somebody already. Take that back first."))
    given = moment_of(tx, log, at)
    values = {"step": step, "giver": giver, "receiver": receiver, "note": note.strip(), "given_at": given}
    made = tx.create(HandOver, values, log=log)
    tx.about(task, receiver)
    return made


@command(verbs.TAKE_OVER)
def take_over(tx: Transaction, offer: bytes, *, at: int | None = None, reason: str = "") -> None:
    """The receiver takes the step, or somebody types it for them and says why. From now on it is theirs."""
    found = _open_offer(tx, offer)
    if (tx.on_behalf_of or tx.author.person) != found.receiver:
        raise Refused(_("Only the person it is offered to takes it, or somebody on their behalf."))
    if tx.author.person != found.receiver and not (reason or tx.reason).strip():
        raise Refused(_("Say why you take it on their behalf (a reason)."))
    tx.reason = tx.reason or reason
    taken = end_of(tx, found.log, found.given_at, at)
    tx.set(HandOver, offer, "taken_at", taken)
    number, claim = current_attempt(tx, found.step)
    if number and claim in (Claim.RUNNING, Claim.WAITING, Claim.BLOCKED):
        from app.domain.ids import attempt_id

        tx.set(Attempt, attempt_id(found.step, number), "performer", found.receiver)


@command(verbs.WITHDRAW_HAND_OVER)
def withdraw_hand_over(tx: Transaction, offer: bytes, *, at: int | None = None) -> None:
    """Takes an offer back that nobody took; it stays in the record of the run."""
    found = _open_offer(tx, offer)
    withdrawn = end_of(tx, found.log, found.given_at, at)
    tx.set(HandOver, offer, "withdrawn_at", withdrawn)


def _open_offer(tx: Transaction, offer: bytes) -> HandOver:
    found = tx.get(HandOver, offer)
    tx.about(tx.value("SELECT task FROM step WHERE id = ?", (found.step,)) or offer, found.receiver or b"")
    if found.taken_at is not None:
        raise Refused(_("This step was taken over already."))
    if found.withdrawn_at is not None:
        raise Refused(_("This hand-over was taken back."))
    return found
