"""Time to x, ticks of the axis, rows and links: without a window."""

import itertools
import random
from zoneinfo import ZoneInfo

from app.queries.timeline import LinkRow
from ui.desktop.gantt.layout import HOUR_MS, LinkIndex, Scale, axis, snapped, wall_text
from ui.desktop.gantt.links import End, head_lines, route

SATURDAY = 1_772_838_000_000  # 2026-03-07 00:00 in Berlin


def test_what_stands_under_the_mouse_stays_there_when_one_zooms() -> None:
    scale = Scale(SATURDAY, 24.0)
    for factor in (0.01, 0.5, 1.25, 40.0):
        zoomed = scale.zoomed(factor, 300)
        assert abs(zoomed.moment(300) - scale.moment(300)) < 2 * HOUR_MS / zoomed.px_per_hour + 1


def test_the_axis_goes_from_minutes_to_months() -> None:
    seen = []
    for px_per_hour in (2400.0, 300.0, 30.0, 3.0, 1.2, 0.2, 0.05):
        found = axis(Scale(SATURDAY, px_per_hour), 900, "Europe/Berlin", "en")
        seen.append((found.lower[0].text, found.step_ms))
        xs = [Scale(SATURDAY, px_per_hour).x(tick.ms) for tick in found.lower]
        assert min((b - a for a, b in itertools.pairwise(xs)), default=99) >= 25
    assert [step // 60_000 for _text, step in seen] == [5, 10, 60, 720, 1440, 10080, 10080]
    assert seen[0][0] == "00:00"
    assert seen[2][0] == "00"


def test_days_begin_at_midnight_where_the_project_is_also_when_clocks_change() -> None:
    found = axis(Scale(SATURDAY + 21 * 24 * HOUR_MS, 30.0), 2000, "Europe/Berlin", "en")
    assert [wall_text(tick.ms, "Europe/Berlin")[11:] for tick in found.upper] == ["00:00"] * len(found.upper)
    assert ZoneInfo("Europe/Berlin") is not None


def test_moves_keep_to_the_grid() -> None:
    assert snapped(SATURDAY + 7 * 60_000, HOUR_MS) == SATURDAY
    assert snapped(SATURDAY + 8 * 60_000, HOUR_MS) == SATURDAY + 15 * 60_000


def test_the_index_finds_just_the_links_through_a_range_of_rows() -> None:
    chance = random.Random(3)
    places = {bytes([n // 256, n % 256]): n for n in range(600)}
    tasks = list(places)
    links = [
        LinkRow(bytes([n % 256, n // 256, 1]), chance.choice(tasks), chance.choice(tasks), "FS", 0)
        for n in range(900)
    ]
    index = LinkIndex(links, places)
    for first in (0, 17, 300, 580):
        last = first + 30
        wanted = sorted(
            link.id
            for link in links
            if min(places[link.before], places[link.after]) <= last
            and max(places[link.before], places[link.after]) >= first
        )
        assert sorted(link.id for link in index.through(first, last)) == wanted


def test_links_run_upright_and_level_from_end_to_end_for_all_four_kinds() -> None:
    for at_finish in (True, False):
        for into_finish in (True, False):
            for x in (20.0, 98.0, 102.0, 400.0):
                for y in (-48.0, 48.0):
                    before, after = End(100.0, 0.0, 6.0, at_finish), End(x, y, 6.0, into_finish)
                    corners, way = route(before, after)
                    assert corners[0] == (100.0, 0.0)
                    assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(corners))
                    assert abs(corners[-1][0] - x) < 8
                    assert abs(corners[-1][1] - y) <= 6
                    assert head_lines(corners[-1], way)
