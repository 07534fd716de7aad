"""An acceptance stands on the record of its gate beside the exception it answers, with what has become of it."""

from app.commands import accepting, gates, runs, signing
from app.domain.words import VerdictWord
from tests.app.reports.stories import do_the_work, record, sealed, sign, verified
from tests.factories import Plan


def after_go(plan: Plan) -> None:
    """Signed by both, go given, and then a criterion no longer holds."""
    do_the_work(plan)
    sign(plan, "jun", "QA")
    sign(plan, "kim", "Ops")
    say(plan, VerdictWord.GO)
    plan.team.run("mara", gates.judge_criterion, plan.run, plan.criterion, holds=False)


def say(plan: Plan, word: VerdictWord) -> None:
    mara = plan.team.signers["mara"]
    plan.team.run("mara", signing.give_verdict, mara, plan.run, plan.gate, word, reason="so")
    plan.team.time.pass_minutes(1)


def accept(plan: Plan, kind: str, reason: str) -> bytes:
    from app.queries.exceptions import exceptions

    rows = plan.team.workspace.read(exceptions, plan.project, plan.run, plan.team.time.now_ms)
    ground = next(one.ground for one in rows if one.kind == kind)
    signer = plan.team.signers["mara"]
    made: bytes = plan.team.run("mara", accepting.accept, signer, plan.run, plan.gate, ground, reason=reason)
    return made


def test_an_exception_names_its_answer_and_the_acceptance_is_bound(plan: Plan) -> None:
    after_go(plan)
    assert [one.answer for one in record(plan).exceptions] == [""]
    statement = accept(plan, "changed after go", "One defect, 已知")
    paper = record(plan)

    (raised,) = paper.exceptions
    assert (raised.answer, raised.answered_by) == ("One defect, 已知", "Mara Lind")
    assert raised.answered_at is not None
    (one,) = [each for each in paper.statements if each.meaning == "accepted"]
    assert (one.id, one.about, one.counts) == (statement.hex(), ("Changed after go",), True)
    assert statement.hex() in str(paper.binding["statements"])


def test_one_that_was_taken_back_stays_on_the_record_and_outdates_an_earlier_one(plan: Plan) -> None:
    after_go(plan)
    statement = accept(plan, "changed after go", "One defect")
    before = sealed(plan, record(plan))
    assert verified(plan, before).current
    plan.team.run("mara", signing.withdraw, plan.team.signers["mara"], statement, reason="More than one")

    (raised,) = record(plan).exceptions
    assert raised.answer == ""
    (one,) = [each for each in record(plan).statements if each.meaning == "accepted"]
    assert one.withdrawn
    assert not verified(plan, before).current


def test_work_behind_a_no_go_is_named_with_its_answer(plan: Plan) -> None:
    say(plan, VerdictWord.NO_GO)
    plan.team.run("ann", runs.start_step, plan.run, plan.tasks["Switch over"], reason="the shop waits")
    accept(plan, "no-go ignored", "It can be turned back")

    (raised,) = record(plan).exceptions
    assert raised.details == ("Switch over",)
    assert raised.answer == "It can be turned back"


def test_an_answer_to_what_is_no_longer_so_says_so(plan: Plan) -> None:
    say(plan, VerdictWord.NO_GO)
    plan.team.run("ann", runs.start_step, plan.run, plan.tasks["Switch over"], reason="the shop waits")
    accept(plan, "no-go ignored", "It can be turned back")
    say(plan, VerdictWord.NO_GO)

    (one,) = [each for each in record(plan).statements if each.meaning == "accepted"]
    assert one.fault == ("What it answered is no longer as it was.",)


def test_signed_anew_a_change_after_go_is_told_and_answered(plan: Plan) -> None:
    after_go(plan)
    plan.team.run("mara", gates.judge_criterion, plan.run, plan.criterion, holds=True, value="none")
    sign(plan, "jun", "QA")
    sign(plan, "kim", "Ops")

    (raised,) = record(plan).exceptions
    assert raised.texts == ("Signed content changed after go.",)
    assert raised.answer == "The gate is open again on what stands there now."
