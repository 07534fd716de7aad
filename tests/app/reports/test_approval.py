"""The approval record shows every signature, above all those that no longer count."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.words import GateState
from app.i18n import in_language
from app.reports import approval
from app.reports.codes import groups
from tests.app.reports import examples
from tests.app.reports.tools import attached, needs_poppler, printed, text

REPORT = approval.REPORT


def test_equal_papers_give_equal_bytes() -> None:
    assert printed(REPORT, examples.a_gate()) == printed(REPORT, examples.a_gate())


def test_the_attached_file_names_the_statements() -> None:
    bound = json.loads(attached(printed(REPORT, examples.a_gate())))

    assert bound["statements"] == [item.id for item in examples.COUNTING]
    assert (bound["kind"], bound["gate"]) == ("gate", "0199ab")


@needs_poppler
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (GateState.CLOSED, "Closed"),
        (GateState.OPEN_HERE, "Open here, not yet sequenced"),
        (GateState.FINAL, "Open, final"),
    ],
)
def test_the_state_of_the_gate_is_in_words(state: GateState, expected: str, tmp_path: Path) -> None:
    said = text(printed(REPORT, examples.a_gate(state)), tmp_path, page=1)

    assert expected in said
    assert ("Sequenced by" in said) == (state is GateState.FINAL)


@needs_poppler
def test_signatures_that_do_not_count_are_shown_with_what_happened(tmp_path: Path) -> None:
    said = text(printed(REPORT, examples.a_troubled_gate()), tmp_path)

    counting, others = said.split("Signatures that do not count", 1)
    for message in (
        "Stale: what was signed has changed since.",
        "Withdrawn by its signer.",
        "Refused by the sequencer.",
    ):
        assert f"{message} {in_language(message, 'zh')}" in others
    assert "21:20 training completion 87.3 → 91.2 %, by Zeynep Arslan" in others
    assert "张三" in others
    assert "Hypercare manager" not in counting


@needs_poppler
def test_a_statement_prints_who_when_how_and_on_what(tmp_path: Path) -> None:
    said = text(printed(REPORT, examples.a_gate()), tmp_path)

    for expected in (
        "6 March 2026 21:34:00 UTC",
        "21:34:15 UTC",
        "Europe/Istanbul",
        "vouched by an owner",
        "company certificate",
        "PIN given here",
        "12 SoD conflicts touch no cutover step.",
        "Valid until",
        groups(examples.COUNTING[0].id, 8),
        groups(examples.DIGEST, 8),
    ):
        assert expected in said


@needs_poppler
def test_evidence_prints_its_whole_hash_and_what_came_later_is_apart(tmp_path: Path) -> None:
    said = text(printed(REPORT, examples.a_troubled_gate()), tmp_path)

    covered, later = said.split("Added later, not covered by the signatures", 1)
    assert groups(examples.sha("training"), 8) in covered
    assert groups(examples.sha("late"), 8) in later


@needs_poppler
def test_what_is_missing_has_a_line_to_sign(tmp_path: Path) -> None:
    said = text(printed(REPORT, examples.a_troubled_gate()), tmp_path)

    assert "Sign-offs still missing" in said
    assert said.count("Name and signature") == 2
    assert "Not answered" in said


@needs_poppler
def test_two_people_on_one_device_are_said(tmp_path: Path) -> None:
    statements = tuple(replace(item, device="plant laptop") for item in examples.COUNTING)
    said = text(printed(REPORT, examples.a_gate(statements=statements)), tmp_path)

    assert "plant laptop: Deniz Aksoy, Ahmet Yilmaz" in said


def test_an_empty_gate_prints() -> None:
    bare = examples.a_gate(GateState.CLOSED, rule=(), criteria=(), steps=(), statements=())
    assert printed(REPORT, bare).startswith(b"%PDF")
