"""From the proof of a run to the rows of the table: a heading for each stage, a cell for each thing required."""

from collections.abc import Iterable
from typing import NamedTuple

from app.domain.words import Claim, Requirement
from app.i18n import N_, _, counted
from app.queries.completeness import Completeness, StepProof, completeness
from app.storage.engine import Reader
from ui.desktop.components.cells import Cell, CellRow, Column
from ui.desktop.evidence.words import missing_words

SHOWS = (
    ("missing", N_("Missing")),
    ("coming", N_("Still to come")),
    ("whole", N_("Complete")),
    ("all", N_("All")),
)
_CLAIM = {
    Claim.FAILED: ("failed", "blocked", N_("Failed")),
    Claim.BLOCKED: ("blocked", "blocked", N_("Blocked")),
    Claim.WAITING: ("waiting", "waiting", N_("Waiting")),
    Claim.RUNNING: ("running", "running", N_("Running")),
    Claim.TODO: ("todo", "waiting", N_("To do")),
    Claim.SKIPPED: ("skipped", "waiting", N_("Skipped")),
    Claim.DONE: ("done", "done", N_("Done, counts")),
}


class Wanted(NamedTuple):
    """What is looked for; an empty owner or stage asks for all. Nobody's is the owner "-"."""

    show: str = "all"
    owner: str = ""
    stage: str = ""


class ProofShown(NamedTuple):
    """`owners` and `stages` are what there is to choose among; `lacking` how many steps lack something."""

    run: bytes
    rows: tuple[CellRow, ...]
    owners: tuple[str, ...]
    stages: tuple[tuple[str, str], ...]
    lacking: int
    coming: int
    total: int


def columns() -> tuple[Column, ...]:
    return (
        Column(_("No."), 54),
        Column(_("Task")),
        Column(_("State"), 124),
        Column(_("Note"), 52),
        Column(_("File"), 52),
        Column(_("Checks"), 70),
        Column(_("2nd person"), 84),
        Column(_("Missing"), 164),
        Column(_("Who brings it"), 158),
    )


def proof_shown(
    reader: Reader, project: bytes, run: bytes | None, language: str, wanted: Wanted
) -> ProofShown:
    found = completeness(reader, project, run, language)
    asking = [step for step in found.steps if step.asks]
    return ProofShown(
        found.run,
        tuple(_rows(found, [step for step in asking if _is_wanted(found, step, wanted)])),
        tuple(sorted({step.owner or "-" for step in asking})),
        tuple((stage.number, stage.title) for stage in found.stages),
        sum(step.lacks for step in asking),
        sum(_is_coming(step) for step in asking),
        len(asking),
    )


def _is_coming(step: StepProof) -> bool:
    return step.claim not in (Claim.DONE, Claim.SKIPPED)


def _is_wanted(found: Completeness, step: StepProof, wanted: Wanted) -> bool:
    shows = {
        "missing": step.lacks,
        "coming": _is_coming(step),
        "whole": step.claim is Claim.DONE and not step.missing,
        "all": True,
    }
    numbers = {stage.id: stage.number for stage in found.stages}
    return (
        shows[wanted.show]
        and wanted.owner in ("", step.owner or "-")
        and wanted.stage in ("", numbers.get(step.stage_id, ""))
    )


def _rows(found: Completeness, steps: list[StepProof]) -> Iterable[CellRow]:
    by_stage: dict[bytes | None, list[StepProof]] = {}
    for step in steps:
        by_stage.setdefault(step.stage_id, []).append(step)
    for stage in found.stages:
        here = by_stage.get(stage.id)
        if here:
            title = f"{stage.number}  {stage.title or _('Without a stage')}"
            yield CellRow(("stage", stage.id), heading=title, note=_note(here))
            yield from map(_row, here)


def _note(steps: list[StepProof]) -> str:
    lacking = sum(step.lacks for step in steps)
    whole = sum(step.claim is Claim.DONE and not step.missing for step in steps)
    text = _("{whole} of {total} complete").format(whole=whole, total=len(steps))
    if lacking:
        missing = counted("{n} lacks something", "{n} lack something", lacking)
        text = f"{missing} · {text}"
    return text


def _row(step: StepProof) -> CellRow:
    sign, tone, word = ("claimed", "late", N_("Claimed only")) if step.lacks else _CLAIM[step.claim]
    open_checks = step.checks_total - step.checks_passed
    missing = missing_words(step.missing, open_checks)
    return CellRow(
        step.task,
        (
            Cell(step.number, "text3"),
            Cell(step.title),
            Cell(_(word), tone if tone != "waiting" else "text2", sign=sign, sign_tone=tone),
            _thing(step, Requirement.COMMENT, step.notes),
            _thing(step, Requirement.FILE, step.files),
            _checks(step),
            _second(step),
            Cell("" if step.claim is Claim.SKIPPED else missing or "–", _missing_tone(step)),
            _bringer(step),
        ),
    )


def _missing_tone(step: StepProof) -> str:
    if step.lacks:
        return "late"
    return "text2" if step.missing else "text3"


def _is_missing(step: StepProof, requirement: Requirement) -> bool:
    return requirement in step.missing


def _thing(step: StepProof, requirement: Requirement, count: int) -> Cell:
    if requirement not in step.requires:
        return Cell(str(count) if count else "", "text3")
    if not _is_missing(step, requirement):
        return Cell(
            str(count), "text1", sign="done", sign_tone="done", spoken=_("there: {n}").format(n=count)
        )
    return _lack(step)


def _lack(step: StepProof, text: str = "") -> Cell:
    if step.claim is Claim.SKIPPED:
        return Cell(text, "text3")
    if step.lacks:
        return Cell(text, "late", sign="claimed", sign_tone="late", spoken=_("missing"))
    return Cell(text, "text3", sign="todo", sign_tone="waiting", spoken=_("still to come"))


def _checks(step: StepProof) -> Cell:
    if not step.checks_total:
        return Cell()
    text = f"{step.checks_passed}/{step.checks_total}"
    if step.checks_passed == step.checks_total:
        return Cell(text, sign="done", sign_tone="done")
    if Requirement.CHECKS in step.requires:
        return _lack(step, text)
    return Cell(text, "text3")


def _second(step: StepProof) -> Cell:
    if Requirement.SECOND not in step.requires:
        return Cell("1", "text3", spoken=_("confirmed")) if step.seconded else Cell()
    if step.seconded:
        return Cell(sign="done", sign_tone="done", spoken=_("confirmed"))
    return _lack(step)


def _bringer(step: StepProof) -> Cell:
    if not step.missing or step.claim is Claim.SKIPPED:
        return Cell()
    first = step.bringer(step.missing[0])
    if step.missing[0] is Requirement.SECOND:
        who = step.performer or step.owner
        text = _("anybody but {person}").format(person=who) if who else _("a second person")
        return Cell(text, "text2")
    return Cell(
        first or _("nobody named"), "text2" if first else "late", person=bool(step.performer or step.owner)
    )
