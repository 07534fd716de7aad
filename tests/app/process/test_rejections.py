"""Whose word is in force at a gate: the last one each person knew of, and of two said apart the rejection."""

from app.domain.words import GateState, IdentityLevel, Meaning, Presence, Status
from app.process.gates import Judgement, Rule, SignOff, judge_gate

ADA, BEN, CLEO = b"ada", b"ben", b"cleo"
TWO_ROLES = Rule((("QA", 1), ("Ops", 1)))


def approval(
    person: bytes,
    role: str,
    *,
    id: bytes = b"",
    meaning: Meaning = Meaning.APPROVED,
    withdrawn: bool = False,
    saw: frozenset[bytes] = frozenset(),
) -> SignOff:
    """A sign-off that counts but for what is said otherwise."""
    return SignOff(
        id=id or person + role.encode(),
        person=person,
        role=role,
        meaning=meaning,
        level=IdentityLevel.VOUCHED,
        presence=Presence.PIN,
        device=person,
        verifies=True,
        withdrawn=withdrawn,
        stale=False,
        sequenced=True,
        saw=saw,
    )


def judged(rule: Rule, *sign_offs: SignOff) -> Judgement:
    return judge_gate(rule, criteria={}, steps={b"task": Status.DONE}, sign_offs=sign_offs)


def test_a_rejection_closes_the_gate_whatever_else_is_signed() -> None:
    rejected = approval(CLEO, "QA", meaning=Meaning.REJECTED)
    judgement = judged(TWO_ROLES, approval(ADA, "QA"), approval(BEN, "Ops"), rejected)

    assert [(one.kind, one.text) for one in judgement.obstacles] == [("rejected", "QA")]


def test_who_rejected_and_then_approved_approves() -> None:
    rejected = approval(BEN, "Ops", id=b"no", meaning=Meaning.REJECTED)
    approved = approval(BEN, "Ops", id=b"yes", saw=frozenset({b"no"}))

    assert judged(TWO_ROLES, approval(ADA, "QA"), rejected, approved).state is GateState.FINAL
    assert judged(TWO_ROLES, approval(ADA, "QA"), approved, rejected).state is GateState.FINAL


def test_who_approved_and_then_rejected_rejects() -> None:
    approved = approval(BEN, "Ops", id=b"yes")
    rejected = approval(BEN, "Ops", id=b"no", meaning=Meaning.REJECTED, saw=frozenset({b"yes"}))

    assert judged(TWO_ROLES, approval(ADA, "QA"), approved, rejected).state is GateState.CLOSED


def test_of_two_words_said_apart_the_rejection_counts() -> None:
    """On two devices that did not know of each other there is no later word."""
    approved = approval(BEN, "Ops", id=b"yes")
    rejected = approval(BEN, "Ops", id=b"no", meaning=Meaning.REJECTED)

    for signed in ((approved, rejected), (rejected, approved)):
        assert judged(TWO_ROLES, approval(ADA, "QA"), *signed).state is GateState.CLOSED


def test_a_withdrawn_rejection_is_none() -> None:
    rejected = approval(CLEO, "QA", meaning=Meaning.REJECTED, withdrawn=True)

    assert judged(TWO_ROLES, approval(ADA, "QA"), approval(BEN, "Ops"), rejected).state is GateState.FINAL
