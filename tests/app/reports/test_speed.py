"""Ten thousand items cost little more than drawing their texts on bare pages."""

import io
import time
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from app.reports import checklist, moments
from app.reports.fonts import font
from app.reports.papers import ChecklistPaper
from tests.app.reports import examples
from tests.app.reports.tools import printed


def bare(paper: ChecklistPaper) -> int:
    """The same rows without layout, boxes, signs, codes or line breaks."""
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=1, invariant=1)
    y = 800.0
    for line in (line for stage in paper.stages for line in stage.lines):
        assert line.planned_start is not None
        assert line.planned_finish is not None
        canvas.setFont(font(bold=True).name, 8)
        canvas.drawString(42, y, line.number)
        canvas.drawString(70, y, line.titles[0])
        canvas.setFont(font(bold=False).name, 8)
        canvas.drawString(240, y, line.owner)
        span = moments.span(line.planned_start, line.planned_finish, paper.zone, "en")
        canvas.drawString(300, y, span)
        canvas.drawString(390, y, line.status.value)
        canvas.drawString(240, y - 11, "15 min")
        canvas.line(42, y - 14, 550, y - 14)
        y -= 30
        if y < 80:
            canvas.showPage()
            y = 800.0
    canvas.save()
    return len(out.getvalue())


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@pytest.mark.slow
def test_ten_thousand_steps_cost_at_most_half_more_than_a_bare_canvas() -> None:
    paper = examples.a_checklist(("en",), stages=examples.many_lines(10_000))
    font(bold=True)
    rounds = [
        (seconds(lambda: printed(checklist.REPORT, paper)), seconds(lambda: bare(paper))) for _ in range(3)
    ]
    ours, theirs = (min(times) for times in zip(*rounds, strict=True))

    assert ours <= 1.5 * theirs
    assert ours <= 3.5


@pytest.mark.slow
def test_a_thousand_items_take_at_most_65_kilobytes() -> None:
    """An item is a step or a check of it, as they stand on a real checklist."""
    stages = examples.with_checks(examples.many_lines(2_500), 3)
    pdf = printed(checklist.REPORT, examples.a_checklist(("en",), stages=stages))

    assert len(pdf) <= 10 * 65_000
