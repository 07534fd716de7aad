"""When a gate is open: each condition alone closes it, and sign-offs are given to the places they fit."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.words import GateState, Presence, Status
from app.process.gates import Judgement, Rule, SignOff, judge_gate, waives

RULE = Rule((("Ops", 1), ("QA", 1)))


def _signed(person: str, role: str, **other: object) -> SignOff:
    made = SignOff(
        id=f"{person} {role} {other}".encode(),
        person=person.encode(),
        role=role,
        meaning="approved",
        level=1,
        presence=Presence.PIN.value,
        device=person.encode(),
        verifies=True,
        withdrawn=False,
        stale=False,
        sequenced=True,
    )
    return replace(made, **other)  # type: ignore[arg-type]  # fields by name


BOTH = (_signed("jun", "QA"), _signed("kim", "Ops"))


def _judged(rule: Rule = RULE, *sign_offs: SignOff, **more: object) -> Judgement:
    facts: dict[str, object] = {"criteria": {b"c": True}, "steps": {b"t": Status.DONE}}
    return judge_gate(rule, sign_offs=sign_offs or BOTH, **(facts | more))  # type: ignore[arg-type]  # same


def _kinds(judgement: Judgement) -> list[str]:
    return [one.kind for one in judgement.obstacles]


def test_with_everything_there_it_is_final_and_names_what_it_rests_on() -> None:
    judged = _judged()

    assert (judged.state, judged.obstacles) == (GateState.FINAL, ())
    assert judged.counting == {one.id for one in BOTH}


def test_without_a_receipt_it_is_open_here() -> None:
    signed = (replace(BOTH[0], sequenced=False), BOTH[1])

    assert _judged(RULE, *signed).state is GateState.OPEN_HERE
    assert _judged(ground_sequenced=False).state is GateState.OPEN_HERE


def test_each_condition_alone_closes_it() -> None:
    assert _kinds(_judged(criteria={b"c": False})) == ["criterion"]
    assert _kinds(_judged(steps={b"t": Status.CLAIMED})) == ["step"]
    assert _kinds(_judged(steps={b"t": Status.SKIPPED})) == ["step"]
    assert _kinds(_judged(conflicts=[b"t"])) == ["conflict"]
    assert _kinds(_judged(RULE, BOTH[0])) == ["sign-off"]


def test_a_waiver_stands_for_a_skipped_step() -> None:
    assert _judged(steps={b"t": Status.SKIPPED}, waived={b"t"}).state is GateState.FINAL


FLAWS: tuple[dict[str, object], ...] = (
    {"verifies": False},
    {"withdrawn": True},
    {"stale": True},
    {"expired": True},
    {"role": "Guest"},
    {"level": 0},
    {"presence": Presence.SCRIPT.value},
    {"person": b"skipped it"},
)


@pytest.mark.parametrize("chosen", range(2 ** len(FLAWS)))
def test_a_waiver_holds_only_without_a_single_flaw(chosen: int) -> None:
    """All sets of flaws there are, under the strictest rule and under one that lets scripts and authors be."""
    flaws = [flaw for number, flaw in enumerate(FLAWS) if chosen >> number & 1]
    one = replace(BOTH[0], **{name: value for flaw in flaws for name, value in flaw.items()})  # type: ignore[arg-type]  # fields by name
    strict = replace(RULE, author_may_sign=False, least_level=1, scripts_allowed=False)
    lax = replace(RULE, author_may_sign=True, least_level=0, scripts_allowed=True)

    assert waives(strict, one, {b"skipped it"}) == (not flaws)
    assert waives(lax, one, {b"skipped it"}) == all(flaw in FLAWS[5:] for flaw in flaws)


def test_a_sign_off_that_does_not_hold_counts_for_nothing() -> None:
    for flaw in (
        {"stale": True},
        {"withdrawn": True},
        {"verifies": False},
        {"expired": True},
        {"meaning": "reviewed"},
        {"meaning": "prepared"},
    ):
        judged = _judged(RULE, replace(BOTH[0], **flaw), BOTH[1])
        assert [(one.kind, one.text) for one in judged.obstacles] == [("sign-off", "QA")], flaw


def test_a_rule_may_ask_for_more() -> None:
    cases: tuple[tuple[Rule, dict[str, Any]], ...] = (
        (replace(RULE, least_level=2), {}),
        (replace(RULE, scripts_allowed=False), {"presence": Presence.SCRIPT.value}),
        (replace(RULE, different_devices=True), {"device": b"kim"}),
    )
    for rule, other in cases:
        judged = _judged(rule, replace(BOTH[0], **other), BOTH[1])
        assert judged.state is GateState.CLOSED, rule


def test_an_author_counts_only_where_the_rule_says_so() -> None:
    assert _kinds(_judged(authors={b"jun"})) == ["sign-off"]
    assert _judged(replace(RULE, author_may_sign=True), authors={b"jun"}).state is GateState.FINAL


def test_one_person_fills_one_place_unless_the_rule_lets_them_fill_two() -> None:
    both_by_jun = (_signed("jun", "QA"), _signed("jun", "Ops"))

    assert _kinds(_judged(RULE, *both_by_jun)) == ["sign-off"]
    assert _judged(replace(RULE, different_persons=False), *both_by_jun).state is GateState.FINAL


def test_places_are_given_so_that_as_many_as_possible_are_filled() -> None:
    """Jun could sign for either; Kim only for Ops: Jun takes QA."""
    signed = (_signed("jun", "Ops"), _signed("jun", "QA"), _signed("kim", "Ops"))

    assert _judged(RULE, *signed).state is GateState.FINAL
    assert _judged(RULE, *reversed(signed)).state is GateState.FINAL


def test_a_role_needed_twice_takes_two_persons() -> None:
    rule = Rule((("QA", 2),))
    short = _judged(rule, _signed("jun", "QA"))

    assert [(one.text, one.count) for one in short.obstacles] == [("QA", 1)]
    assert _judged(rule, _signed("jun", "QA"), _signed("ann", "QA")).state is GateState.FINAL


def test_a_rejection_in_force_closes_it() -> None:
    assert _kinds(_judged(RULE, *BOTH, _signed("mara", "Lead", meaning="rejected"))) == ["rejected"]
