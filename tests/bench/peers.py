"""The Gantt of the window beside the best-known one of the web: DHTMLX 10 in a headless Chromium, the same plan in both.

It needs Chromium and `make peers` (the peer comes from npm into `build/peers`, is MIT, and is part of nothing we ship);
without them the topic says so and measures nothing. Both sides are wall time on the same machine. The peer's frames come as
fast as it can paint them: the browser runs without a frame limit, so no figure holds a wait for the screen.
"""

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtWidgets import QApplication

from tests.bench.gantts import FRAMES, ROWS_A_STEP, SIZE, chart, made, shown, theme_of_bench
from tests.bench.measure import Figure, Sample
from tests.bench.plans import Ground
from ui.desktop.gantt.reading import GanttData, joined
from ui.desktop.looks import calm_collector

ROOT = Path(__file__).parents[2]
PEER = ROOT / "build" / "peers" / "node_modules" / "dhtmlx-gantt" / "codebase"
_ROUNDS = 3
_PATIENCE_S = 300
_QUIET_MS = 400
_GOAL = 1 / 8

_PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/dhtmlxgantt.css">
<style>html,body,#chart{margin:0;width:100%;height:100%}</style><div id="chart"></div>
<script src="/dhtmlxgantt.js"></script><script>
const turn = () => new Promise(done => requestAnimationFrame(done));
(async () => {
  const plan = await (await fetch("/plan")).json();
  gantt.config.date_format = "%Y-%m-%d %H:%i";
  gantt.config.duration_unit = "minute";
  gantt.config.scales = [{unit: "day", format: "%j %M"}, {unit: "hour", step: 1, format: "%H"}];
  gantt.config.row_height = 24;
  gantt.config.bar_height = 12;
  gantt.config.readonly = true;
  gantt.init("chart");
  await turn(); await turn();
  const begun = performance.now();
  gantt.parse(plan);
  let last = performance.now();
  while (performance.now() - last < QUIET) {
    const before = performance.now();
    await turn();
    if (performance.now() - before > 25) last = performance.now();
  }
  const load = last - begun;
  const frames = [];
  for (let n = 0; n < 2 * FRAMES; n++) {
    const before = performance.now();
    const rows = ROWS * (n % 80 < 40 ? n % 40 : 80 - n % 80);
    gantt.scrollTo(null, 24 * rows);
    await turn();
    if (n >= FRAMES) frames.push(performance.now() - before);
  }
  await fetch("/result", {method: "POST", body: JSON.stringify({load, frames, tasks: gantt.getTaskCount()})});
})();
</script>"""


def peers(ground: Ground) -> Iterator[Figure]:
    """Load to quiet and frames while scrolling, for the middle and the largest plan."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None or not PEER.is_dir():
        return
    for size in ground.sizes[1:]:
        plan = made(size)
        theirs = [_beside(browser, plan, size) for _round in range(_ROUNDS)]
        ours = [_our_own(plan) for _round in range(_ROUNDS)]
        yield Figure(
            *("peer", "open", size, "ms"),
            Sample([one["load"] for one in ours]),
            "DHTMLX 10, load to quiet",
            Sample([one["load"] for one in theirs]),
            _GOAL if size >= 10_000 else None,
        )
        yield Figure(
            *("peer", "frame", size, "ms"),
            Sample([frame for one in ours for frame in one["frames"]]),
            "DHTMLX 10, frame",
            Sample([frame for one in theirs for frame in one["frames"]]),
            _GOAL if size >= 100_000 else None,
        )


# -- ours ----------------------------------------------------------------------------------------------------------


def _our_own(plan: GanttData) -> dict[str, Any]:
    """From the rows in memory to the painted widget: what the reader thread joins, then build and first paint."""
    theme = theme_of_bench()
    calm_collector()  # as the program does once its window is painted
    begun = time.perf_counter()
    widget = shown(chart(theme, joined(plan.listed, plan.times)))
    widget.viewport().repaint()
    load = (time.perf_counter() - begun) * 1000
    bar = widget.verticalScrollBar()
    frames = []
    for number in range(2 * FRAMES):
        rows = ROWS_A_STEP * (number % 40 if number % 80 < 40 else 80 - number % 80)
        before = time.perf_counter()
        bar.setValue(bar.singleStep() * rows)
        widget.viewport().repaint()
        if number >= FRAMES:
            frames.append((time.perf_counter() - before) * 1000)
    widget.close()
    widget.deleteLater()
    QApplication.processEvents()
    return {"load": load, "frames": frames}


# -- theirs --------------------------------------------------------------------------------------------------------


def plan_for_peer(plan: GanttData) -> dict[str, Any]:
    """The same stages, tasks, bars and links in the peer's words."""
    types = {"FS": "0", "SS": "1", "FF": "2", "SF": "3"}
    data: list[dict[str, Any]] = [
        {"id": (stage.id or b"").hex(), "text": stage.title, "type": "project", "open": True}
        for stage in plan.listed.stages
    ]
    for task in plan.listed.tasks:
        bar = plan.times.bars[task.id]
        assert task.stage_id is not None
        data.append(
            {
                "id": task.id.hex(),
                "text": task.title,
                "parent": task.stage_id.hex(),
                "start_date": time.strftime("%Y-%m-%d %H:%M", time.gmtime(bar.start_ms / 1000)),
                "duration": (bar.finish_ms - bar.start_ms) // 60_000,
            }
        )
    links = [
        {
            "id": link.id.hex(),
            "source": link.before.hex(),
            "target": link.after.hex(),
            "type": types[link.type],
        }
        for link in plan.times.links
    ]
    return {"data": data, "links": links}


def _beside(browser: str, plan: GanttData, size: int) -> dict[str, Any]:
    with (
        _served(json.dumps(plan_for_peer(plan)).encode()) as (port, results),
        TemporaryDirectory(ignore_cleanup_errors=True) as profile,
    ):
        window = subprocess.Popen(
            [
                *(browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-frame-rate-limit"),
                *(
                    "--disable-gpu-vsync",
                    "--no-first-run",
                    "--disable-extensions",
                    "--disable-background-networking",
                ),
                *(
                    f"--user-data-dir={profile}",
                    f"--window-size={SIZE[0]},{SIZE[1]}",
                    f"http://127.0.0.1:{port}/",
                ),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            result: dict[str, Any] = results.get(timeout=_PATIENCE_S)
        finally:
            window.kill()
            window.wait()
    assert result["tasks"] == size + len(plan.listed.stages), "the peer shows another plan"
    return result


@contextmanager
def _served(plan: bytes) -> Iterator[tuple[int, "Queue[dict[str, Any]]"]]:
    """The page, the peer's two files and the plan, on this machine alone."""
    results: Queue[dict[str, Any]] = Queue()
    page = (
        _PAGE.replace("QUIET", str(_QUIET_MS))
        .replace("FRAMES", str(FRAMES))
        .replace("ROWS", str(ROWS_A_STEP))
    )
    answers = {
        "/": ("text/html", page.encode()),
        "/plan": ("application/json", plan),
        "/dhtmlxgantt.css": ("text/css", (PEER / "dhtmlxgantt.css").read_bytes()),
        "/dhtmlxgantt.js": ("text/javascript", (PEER / "dhtmlxgantt.js").read_bytes()),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = answers.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in answers else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            results.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """A bench prints its figures alone."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port, results
    finally:
        server.shutdown()
        server.server_close()
