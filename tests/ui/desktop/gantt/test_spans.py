"""Which part of the time a Gantt opens on."""

from tests.bench.gantts import made
from ui.desktop.gantt.layout import HOUR_MS
from ui.desktop.gantt.spans import first_look, plan_span


def test_a_short_plan_opens_whole() -> None:
    data = made(20)
    assert plan_span(data.times)[1] - plan_span(data.times)[0] <= 30 * HOUR_MS

    assert first_look(data, 30) == plan_span(data.times)


def test_a_long_plan_opens_on_the_time_of_its_first_rows() -> None:
    data = made(2000)
    tasks = data.listed.tasks[:27]
    bars = [data.times.bars[task.id] for task in tasks]

    data = data._replace(times=data.times._replace(now_ms=min(bar.start_ms for bar in bars) + HOUR_MS))
    first, last = first_look(data, 28)

    assert first <= min(bar.start_ms for bar in bars)
    assert last >= max(bar.finish_ms for bar in bars)
    assert last - first <= 31 * HOUR_MS


def test_a_long_plan_under_way_opens_on_now() -> None:
    data = made(2000)
    now = data.times.start_ms + 50 * HOUR_MS
    first, last = first_look(data._replace(times=data.times._replace(now_ms=now)), 28)

    assert first < now < last
    assert last - first <= 31 * HOUR_MS


def test_without_bars_in_sight_the_whole_plan_is_shown() -> None:
    data = made(2000)

    assert first_look(data, 0) == plan_span(data.times)
