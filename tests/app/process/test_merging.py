"""Laws of the three-way comparison, over plans made at random: no difference without a change, and nothing of ours lost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.draft import LinkDraft, ProjectDraft, StageDraft, TaskDraft
from app.process.matching import likeness, match
from app.process.merging import Change, Comparison, accepted, compare, known_values
from app.process.origins import FIELDS, Kind, Known, Said, Value, decode, encode, said_of

WORDS = st.sampled_from(
    ["Stop jobs", "Save database", "Load stock", "Check totals", "冻结主数据", "通知用户", "Open the shop"]
)
SMALL = st.one_of(st.none(), st.integers(0, 3))


@st.composite
def drafts(draw: st.DrawFn) -> ProjectDraft:
    """Up to three stages of up to four tasks, with keys as a column of ids gives them."""
    keys = draw(st.lists(st.integers(100, 140), unique=True, max_size=9))
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    stages = []
    for number, size in enumerate(sizes):
        taken, keys = keys[:size], keys[size:]
        some = tuple(
            TaskDraft(
                f"T-{key}", draw(WORDS), owner=draw(st.sampled_from(["", "Ada", "Ben"])), minutes=draw(SMALL)
            )
            for key in taken
        )
        stages.append(StageDraft(f"s{number}", f"Stage {number}", tasks=some))
    names = [task.key for stage in stages for task in stage.tasks]
    pairs = (
        draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=4)) if names else []
    )
    links = tuple(
        LinkDraft(one, two, lag_minutes=draw(st.integers(0, 2))) for one, two in dict.fromkeys(pairs)
    )
    return ProjectDraft("p", "P", stages=tuple(stages), links=links)


def id_of(one: Said) -> bytes:
    return f"{one.kind}/{one.key}".encode().hex().encode()


def as_known(base: ProjectDraft, ours: ProjectDraft | None = None) -> list[Known]:
    """What a project holds after importing `base`, then edited to say `ours`; what ours lacks was deleted."""
    here = {(one.kind, one.key): one for one in said_of(ours or base)}
    said = said_of(base)
    found = []
    for rank, one in enumerate(said):
        mine = here.get((one.kind, one.key))
        under = id_of(said[one.under]) if one.under >= 0 else None
        values = referring(mine) if mine is not None else {}
        stored = known_values(decode(encode(one.values)))
        found.append(
            Known(
                one.kind, id_of(one), id_of(one), one.key, under, alive=mine is not None, gone=False, base=stored,
                ours=values, place=f"{rank:05}",
            )
        )  # fmt: skip
    return found


def referring(one: Said) -> dict[str, Value]:
    """An object as it stands: stages and predecessors by id instead of key."""
    values: dict[str, Value] = dict(one.values)
    if one.kind is Kind.TASK:
        values["stage"] = f"{Kind.STAGE}/{values['stage']}".encode().hex().encode().hex()
        links: Any = values.get("after") or ()
        values["after"] = (
            tuple((f"task/{key}".encode().hex().encode().hex(), kind, lag) for key, kind, lag in links)
            or None
        )
    return {name: value for name, value in values.items() if value is not None}


def compared(base: ProjectDraft, ours: ProjectDraft, theirs: ProjectDraft) -> Comparison:
    return compare(as_known(base, ours), said_of(theirs))


@given(drafts())
def test_the_same_on_all_sides_is_no_difference(one: ProjectDraft) -> None:
    assert compared(one, one, one).differences == ()


@settings(max_examples=60)
@given(drafts(), drafts())
def test_a_source_that_did_not_change_changes_nothing_of_ours(base: ProjectDraft, ours: ProjectDraft) -> None:
    found = compared(base, ours, base).differences

    assert all(one.change is Change.REMOVED for one in found)  # deleted here, still there: stays deleted
    assert accepted(found, {}) == {}


@settings(max_examples=60)
@given(drafts(), drafts())
def test_all_a_source_changed_is_taken_where_we_changed_nothing(
    base: ProjectDraft, theirs: ProjectDraft
) -> None:
    found = compared(base, base, theirs).differences

    assert {one.change for one in found} <= {Change.NEW, Change.THEIRS, Change.GONE}
    pairs = {one.token for one in found}
    assert len(pairs) == len(found)  # each can be decided by its name


@settings(max_examples=60)
@given(drafts(), drafts(), drafts())
def test_ours_is_never_replaced_silently(
    base: ProjectDraft, ours: ProjectDraft, theirs: ProjectDraft
) -> None:
    """Whatever is taken without a choice replaces only what still stands as the source said it."""
    for one in compared(base, ours, theirs).differences:
        if one.is_taken and one.field:
            assert one.ours == one.base
        if one.change is Change.GONE:
            assert not one.is_taken
        if one.change is Change.BOTH:
            assert one.ours not in (one.base, one.theirs)
            assert not one.is_taken


@settings(max_examples=60)
@given(drafts(), drafts(), drafts())
def test_every_change_of_ours_survives_or_is_shown(
    base: ProjectDraft, ours: ProjectDraft, theirs: ProjectDraft
) -> None:
    comparison = compared(base, ours, theirs)
    shown = {(one.known.id, one.field) for one in comparison.differences if one.known is not None}
    for known in as_known(base, ours):
        pair = next((p for p in comparison.pairs if p is not None and p.id == known.id), None)
        if not known.alive or pair is None:
            continue
        said = comparison.said[comparison.pairs.index(pair)]
        for name in FIELDS[known.kind]:
            if name in ("stage", "after"):
                continue
            ours_now, theirs_now = known.ours.get(name), said.values.get(name)
            if ours_now != theirs_now and theirs_now != known.base.get(name):
                assert (known.id, name) in shown


@settings(max_examples=60)
@given(drafts(), drafts())
def test_a_second_comparison_after_taking_everything_finds_nothing(
    base: ProjectDraft, theirs: ProjectDraft
) -> None:
    assert base is not None
    assert compared(theirs, theirs, theirs).differences == ()


# -- who is who ----------------------------------------------------------------------------------------------------


def tasks_of(keys_and_titles: Sequence[tuple[str, str]], stage: str = "s") -> ProjectDraft:
    some = tuple(TaskDraft(key, title) for key, title in keys_and_titles)
    return ProjectDraft("p", "P", stages=(StageDraft(stage, stage.title(), tasks=some),))


def matched(base: ProjectDraft, theirs: ProjectDraft) -> dict[str, str]:
    """Which earlier title each new title is taken for."""
    said = said_of(theirs)
    pairs = match(as_known(base), said)
    return {
        one.title: pair.title
        for one, pair in zip(said, pairs, strict=True)
        if pair is not None and one.kind is Kind.TASK
    }


def test_an_id_names_its_task_wherever_it_stands_and_whatever_it_is_called() -> None:
    base = tasks_of([("AB-1", "Stop jobs"), ("AB-2", "Save"), ("AB-7", "Load")])
    theirs = tasks_of([("AB-7", "Fill the warehouse"), ("AB-1", "Save"), ("AB-2", "Stop jobs")])

    assert matched(base, theirs) == {"Fill the warehouse": "Load", "Save": "Stop jobs", "Stop jobs": "Save"}


def test_numbers_that_only_count_the_rows_do_not_rename_what_stands_behind_a_new_row() -> None:
    base = tasks_of([("1", "Stop jobs"), ("2", "Save the data"), ("3", "Load")])
    theirs = tasks_of([("1", "Stop jobs"), ("2", "Ring the bell"), ("3", "Save all the data"), ("4", "Load")])

    assert matched(base, theirs) == {
        "Stop jobs": "Stop jobs",
        "Save all the data": "Save the data",
        "Load": "Load",
    }


def test_numbers_that_count_still_find_a_task_that_was_called_something_else() -> None:
    base = tasks_of([("1.1", "Stop jobs"), ("1.2", "Save"), ("2.1", "Load")])
    theirs = tasks_of([("1.1", "Stop jobs"), ("1.2", "Datenbank sichern"), ("2.1", "Load")])

    assert matched(base, theirs)["Datenbank sichern"] == "Save"


def test_a_title_may_be_reworded_and_moved_within_its_stage() -> None:
    base = tasks_of([("s/a", "冻结主数据"), ("s/b", "通知所有用户"), ("s/c", "备份数据库")])
    theirs = tasks_of([("s/x", "备份生产数据库"), ("s/a", "冻结主数据"), ("s/y", "提前通知所有用户")])

    assert matched(base, theirs) == {
        "备份生产数据库": "备份数据库",
        "冻结主数据": "冻结主数据",
        "提前通知所有用户": "通知所有用户",
    }


def test_between_the_same_neighbours_a_weaker_likeness_is_enough() -> None:
    first, last = ("s/a", "Stop jobs"), ("s/c", "Open the shop")
    base = tasks_of([first, ("s/b", "Backup of the database"), last])
    theirs = tasks_of([first, ("s/n", "Back up every single database twice"), last])

    assert 0.3 < likeness("Backup of the database", "Back up every single database twice") < 0.6
    assert matched(base, theirs)["Back up every single database twice"] == "Backup of the database"


def test_what_has_nothing_in_common_is_new_and_gone() -> None:
    base = tasks_of([("s/a", "Stop jobs"), ("s/b", "Load stock")])
    theirs = tasks_of([("s/a", "Stop jobs"), ("s/n", "Invite press")])

    assert matched(base, theirs) == {"Stop jobs": "Stop jobs"}


def test_a_renamed_stage_is_known_by_its_tasks() -> None:
    base = tasks_of([("freeze/a", "Stop jobs"), ("freeze/b", "Save")], "freeze")
    theirs = tasks_of([("lock/a", "Stop jobs"), ("lock/b", "Save")], "lock")
    said = said_of(theirs)
    pairs = match(as_known(base), said)

    assert [pair.title if pair else None for pair in pairs[1:]] == ["Freeze", "Stop jobs", "Save"]


def test_two_tasks_of_one_title_stay_two() -> None:
    base = tasks_of([("s/a", "Check"), ("s/a#2", "Check"), ("s/b", "Go")])

    assert compare(as_known(base), said_of(base)).differences == ()


def test_a_column_that_is_no_longer_imported_changes_nothing() -> None:
    base = tasks_of([("A-1", "Stop jobs")])
    stage = base.stages[0]
    full = replace(base, stages=(replace(stage, tasks=(replace(stage.tasks[0], owner="Ada", minutes=5),)),))
    narrow = replace(base, says=frozenset({"title", "stage", "minutes"}))

    (only,) = compare(as_known(full), said_of(narrow), says=narrow.says).differences

    assert (only.field, only.base, only.theirs) == ("minutes", 5, None)
