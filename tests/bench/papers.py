"""The printed checklist beside the same lines drawn on a bare canvas with the same typeface."""

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from app.reports import checklist as report
from app.reports.fonts import NAMES, font
from app.reports.papers import ChecklistPaper
from app.reports.records import checklist_paper
from tests.bench.measure import Figure, Sample, interleaved
from tests.bench.plans import Ground

_CANVAS = "bare canvas, 5 columns"
_COLUMNS = (40, 80, 340, 420, 480)


def measured(ground: Ground, size: int, rounds: int) -> list[Figure]:
    plan = ground.plan(size)
    workspace, now = plan.team.workspace, plan.team.time.now_ms
    made: dict[str, int] = {}

    def gather() -> ChecklistPaper:
        return workspace.read(checklist_paper, plan.project, plan.run, ("en",), "Mara Lind", now)

    paper = gather()
    lines = [
        (line.number, line.titles[0], line.owner, str(line.minutes or ""), "[ ]")
        for stage in paper.stages
        for line in stage.lines
    ]

    def render() -> None:
        out = io.BytesIO()
        report.render(paper, out)
        made["product"] = out.tell()

    taken = interleaved(
        rounds, {"query": gather, "render": render, _CANVAS: lambda: made.update(canvas=_draw(lines))}
    )
    goal = 65_000 * max(size, 1000) / 1000 / made["canvas"]
    return [
        Figure("pdf", "paper from the workspace", size, "ms", taken["query"], _CANVAS, taken[_CANVAS]),
        Figure("pdf", "checklist rendered", size, "ms", taken["render"], _CANVAS, taken[_CANVAS], 1.5),
        Figure("pdf", "bytes", size, "B", Sample([made["product"]]), _CANVAS, Sample([made["canvas"]]), goal),
    ]


def _draw(lines: Sequence[tuple[str, ...]]) -> int:
    font(bold=False)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1)
    top = A4[1] - 60
    for first in range(0, len(lines), 50):
        canvas.setFont(NAMES[0], 8)
        for row, line in enumerate(lines[first : first + 50]):
            for x, text in zip(_COLUMNS, line, strict=True):
                canvas.drawString(x, top - row * 14, text)
            canvas.line(40, top - row * 14 - 3, 555, top - row * 14 - 3)
        canvas.showPage()
    canvas.save()
    return out.tell()


def pdf(ground: Ground) -> list[Figure]:
    small = measured(ground, ground.sizes[0], ground.rounds)
    large = measured(ground, ground.size, max(1, ground.rounds // 3)) if ground.size > ground.sizes[0] else []
    return small + large
