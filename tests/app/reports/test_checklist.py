"""The printed checklist says everything its paper holds, in order, in both languages, on numbered pages."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.words import RunKind
from app.reports import checklist
from app.reports.codes import page_code
from app.reports.papers import ChecklistStage
from tests.app.reports import examples
from tests.app.reports.tools import attached, needs_poppler, pages, printed, printed_with_warnings, text

REPORT = checklist.REPORT


def test_equal_papers_give_equal_bytes() -> None:
    assert printed(REPORT, examples.a_checklist()) == printed(REPORT, examples.a_checklist())


def test_the_attached_file_binds_the_paper_to_the_record() -> None:
    paper = examples.a_checklist()
    pdf = printed(REPORT, paper)

    assert json.loads(attached(pdf)) == {
        "format": "launchbook-paper/1",
        "kind": "checklist",
        "project": "0199aa",
        "run": "Cutover weekend",
        "digest": paper.digest,
        "digest_rev": 1,
        "pages": pages(pdf),
        "statements": [],
    }


@needs_poppler
def test_both_languages_are_read_back(tmp_path: Path) -> None:
    said = text(printed(REPORT, examples.a_checklist()), tmp_path)

    for expected in (
        "Cutover checklist",
        "切换清单",
        "锁定旧 ECC 事务（SPRO/SM01）",
        "SM01: 14 transactions locked SM01：14 个事务已锁",
        "对公司代码 1000、2000、3000 执行 ZFGL_EXPORT，然后核对控制总额。",
        "Still missing: file, second person",
        "尚缺：文件、第二人",
        "12,411 ≠ 12,412",
        "rounding of company code 2000",
        "总账期初余额核对表.xlsx",
        "Quality assurance 质量保证",
    ):
        assert expected in said


@needs_poppler
def test_every_page_has_its_number_and_its_own_code(tmp_path: Path) -> None:
    paper = examples.a_checklist(stages=examples.many_lines(60))
    pdf = printed(REPORT, paper)
    count = pages(pdf)

    assert count > 2
    for page in range(1, count + 1):
        said = text(pdf, tmp_path, page=page)
        assert f"Page {page} of {count}" in said
        assert f"第 {page} 页，共 {count} 页" in said
        assert page_code(paper.digest, page) in said


@needs_poppler
def test_sixty_steps_are_all_there_in_order(tmp_path: Path) -> None:
    said = text(printed(REPORT, examples.a_checklist(("en",), stages=examples.many_lines(60))), tmp_path)

    found = [said.index(f"Load object {number} into") for number in range(1, 61)]
    assert found == sorted(found)


@needs_poppler
@pytest.mark.parametrize("languages", [("en",), ("zh",), ("zh", "en")])
def test_a_paper_speaks_only_its_languages(languages: tuple[str, ...], tmp_path: Path) -> None:
    said = text(printed(REPORT, examples.a_checklist(languages)), tmp_path)

    assert ("Cutover checklist" in said) == ("en" in languages)
    assert ("切换清单" in said) == ("zh" in languages)


@needs_poppler
def test_a_sample_says_so_on_every_page(tmp_path: Path) -> None:
    pdf = printed(REPORT, examples.a_checklist(sample=True))
    count = pages(pdf)

    assert count == 2
    for page in range(1, count + 1):
        path = tmp_path / "sample.pdf"
        path.write_bytes(pdf)
        command = ["pdftotext", "-raw", "-f", str(page), "-l", str(page), str(path), "-"]
        raw = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
        assert "SAMPLE" in "".join(raw.split())
    assert b"SAMPLE" not in printed(REPORT, examples.a_checklist())


@needs_poppler
def test_a_rehearsal_is_named_on_every_page(tmp_path: Path) -> None:
    pdf = printed(REPORT, examples.a_checklist(run="Night 2", run_kind=RunKind.REHEARSAL))

    assert all("Rehearsal 演练" in text(pdf, tmp_path, page=page) for page in (1, 2))


@needs_poppler
def test_nothing_of_a_very_long_step_is_cut(tmp_path: Path) -> None:
    title = " ".join(f"word{number}" for number in range(400))
    stage = examples.first_stage()
    lines = (replace(stage.lines[0], titles=(title,), instructions=(title + " end",)),)
    said = text(printed(REPORT, examples.a_checklist(stages=(replace(stage, lines=lines),))), tmp_path)

    assert said.count("word399") == 2
    assert said.count("word200") == 2


@needs_poppler
def test_a_stage_goes_on_under_its_own_name(tmp_path: Path) -> None:
    pdf = printed(REPORT, examples.a_checklist(stages=examples.many_lines(60)))

    assert "Stage 1 continued 续" in text(pdf, tmp_path, page=2)


@needs_poppler
def test_unprintable_characters_are_shown_and_reported(tmp_path: Path) -> None:
    pdf, warnings = printed_with_warnings(REPORT, examples.a_checklist(project="吉野家 \U00020bb7 🚀"))

    said = text(pdf, tmp_path, page=1)
    assert "[U+20BB7]" in said
    assert "[U+1F680]" in said
    assert [warning for warning in warnings if "U+20BB7" in warning]
    assert len(warnings) == 2


def test_empty_papers_print() -> None:
    empty = ChecklistStage(number="1", titles=())
    for stages in ((), (empty,)):
        pdf = printed(REPORT, examples.a_checklist(stages=stages, signatures=(), languages=("en",)))
        assert pages(pdf) == 1


def test_heavy_libraries_wait_for_the_first_paper() -> None:
    code = "import sys, app.reports, app.reports.seal; print({'reportlab', 'pyhanko', 'asn1crypto'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "set()"
