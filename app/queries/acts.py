"""An entry of the log in two parts: what somebody did, and what of; and the kinds of acts one can ask for."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from app.domain import verbs
from app.domain.durations import format_minutes
from app.domain.verbs import BY_NUMBER, Verb
from app.domain.words import CheckOutcome, Meaning, VerdictWord
from app.i18n import N_, _

_DID: Mapping[Verb, str] = {
    verbs.FOUND_WORKSPACE: N_("Found workspace"),
    verbs.UNDO: N_("Undo"),
    verbs.REDO: N_("Redo"),
    verbs.REVERT: N_("Take back"),
    verbs.SEND_AGAIN: N_("Send again"),
    verbs.JOIN_WORKSPACE: N_("Join workspace"),
    verbs.OPEN_EPOCH: N_("Take over the order"),
    verbs.HAND_OVER_ORDER: N_("Hand the order over"),
    verbs.ADD_PERSON: N_("Add person"),
    verbs.ADMIT: N_("Admit person"),
    verbs.SET_ACCESS: N_("Set access"),
    verbs.GIVE_ROLE: N_("Give role"),
    verbs.TAKE_ROLE: N_("Take role"),
    verbs.ADD_KEY: N_("New key"),
    verbs.NOTE_WRONG_PIN: N_("Wrong PIN"),
    verbs.SET_PERSON: N_("Change person"),
    verbs.VOUCH: N_("Vouch for key"),
    verbs.CREATE_PROJECT: N_("New project"),
    verbs.SET_PROJECT: N_("Change project"),
    verbs.ADD_STAGE: N_("Add stage"),
    verbs.SET_STAGE: N_("Change stage"),
    verbs.DELETE_STAGE: N_("Delete stage"),
    verbs.IMPORT_DRAFT: N_("Import plan"),
    verbs.ADD_TASK: N_("Add task"),
    verbs.SET_TASK: N_("Change task"),
    verbs.MOVE_TASK: N_("Move task"),
    verbs.DELETE_TASK: N_("Delete task"),
    verbs.DELETE_TASKS: N_("Delete tasks"),
    verbs.ADD_CHECK: N_("Add check"),
    verbs.SET_CHECK: N_("Change check"),
    verbs.DELETE_CHECK: N_("Delete check"),
    verbs.ADD_TASKS: N_("Add tasks"),
    verbs.LINK_TASKS: N_("Link tasks"),
    verbs.UNLINK: N_("Remove link"),
    verbs.SET_LINK: N_("Change link"),
    verbs.SET_PREDECESSORS: N_("Change links"),
    verbs.ADD_GATE: N_("Add gate"),
    verbs.SET_GATE: N_("Change gate"),
    verbs.DELETE_GATE: N_("Delete gate"),
    verbs.REQUIRE_ROLE: N_("Require signature"),
    verbs.ADD_CRITERION: N_("Add criterion"),
    verbs.JUDGE_CRITERION: N_("Judge criterion"),
    verbs.SET_CRITERION: N_("Change criterion"),
    verbs.START_RUN: N_("Start run"),
    verbs.FINISH_RUN: N_("Finish run"),
    verbs.START_STEP: N_("Start step"),
    verbs.FINISH_STEP: N_("Finish step"),
    verbs.FAIL_STEP: N_("Fail step"),
    verbs.SKIP_STEP: N_("Skip step"),
    verbs.WAIT_STEP: N_("Pause step"),
    verbs.BLOCK_STEP: N_("Block step"),
    verbs.SET_REMAINING: N_("Set remaining"),
    verbs.RESET_STEP: N_("Reset step"),
    verbs.TICK: N_("Check"),
    verbs.ADD_NOTE: N_("Note"),
    verbs.ATTACH_FILE: N_("Attach evidence"),
    verbs.REMOVE_EVIDENCE: N_("Remove evidence"),
    verbs.SIGN: N_("Sign"),
    verbs.WITHDRAW: N_("Withdraw"),
    verbs.GIVE_VERDICT: N_("Verdict"),
    verbs.WAIVE: N_("Waive"),
    verbs.ACCEPT: N_("Accept"),
    verbs.HAND_OVER: N_("Hand over"),
    verbs.TAKE_OVER: N_("Take over"),
    verbs.WITHDRAW_HAND_OVER: N_("Take hand-over back"),
    verbs.REDACT: N_("Erase an entry"),
    verbs.REDACT_PERSON: N_("Erase a person"),
    verbs.REDACT_OBJECT: N_("Erase texts"),
    verbs.REDACT_DUE: N_("Erase what is due"),
    verbs.SET_HOLD: N_("Legal hold"),
    verbs.SET_RETENTION: N_("Retention period"),
}
_WORDS: Mapping[str, str] = {
    CheckOutcome.PASS: N_("passed"),
    CheckOutcome.FAIL: N_("did not pass"),
    CheckOutcome.NA: N_("not applicable"),
    Meaning.PREPARED: N_("prepared"),
    Meaning.REVIEWED: N_("reviewed"),
    Meaning.APPROVED: N_("approved"),
    Meaning.REJECTED: N_("rejected"),
    VerdictWord.GO: N_("go"),
    VerdictWord.NO_GO: N_("no-go"),
}
# Kinds of acts by the numbers of their verbs; what none of them holds is of the last one.
KINDS: Mapping[str, tuple[str, tuple[range, ...]]] = {
    "steps": (N_("Runs and steps"), (range(60, 70),)),
    "evidence": (N_("Checks and evidence"), (range(70, 80),)),
    "signatures": (N_("Signatures and verdicts"), (range(80, 90),)),
    "gates": (N_("Gates and criteria"), (range(50, 60),)),
    "plan": (N_("The plan"), (range(20, 50),)),
    "returns": (N_("Taken back"), (range(2, 5),)),
    "people": (N_("People and devices"), (range(1, 2), range(5, 20))),
    "other": (N_("Everything else"), ()),
}
_PLACE = re.compile(r"[\s:,：，“”\"']*\{\d\}[\s:,：，“”\"']*")


@lru_cache(maxsize=256)
def kind_of(verb: int) -> str:
    return next(
        (kind for kind, (_word, numbers) in KINDS.items() if any(verb in one for one in numbers)), "other"
    )


def did_word(verb: int) -> str:
    """What was done, in two or three words."""
    known = BY_NUMBER.get(verb)
    if known is None:
        return _("An action of a newer version ({verb})").format(verb=verb)
    if known in _DID:
        return _(_DID[known])
    said = _PLACE.sub(" ", _(known.says)).strip()
    return said[:1].upper() + said[1:]


def what_words(verb: int, args: Sequence[object], named: Callable[[object], str], language: str) -> str:
    """What of: the objects and words the commit names; `named` tells what an id stands for."""
    if verb == verbs.SET_REMAINING.number and len(args) == 2 and isinstance(args[1], int):
        return _("{task}: {length} remaining").format(
            task=named(args[0]), length=format_minutes(args[1], language)
        )
    if verb == verbs.REDACT_OBJECT.number:
        args = args[:1]  # behind it stands what has no name of its own
    parts = [named(arg) if isinstance(arg, bytes) else _(_WORDS.get(str(arg), str(arg))) for arg in args]
    if verb == verbs.LINK_TASKS.number:
        return " → ".join(parts)
    return _(", ").join(part for part in parts if part)
