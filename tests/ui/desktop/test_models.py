"""Every model of a view is put before Qt's own tester: one that Qt finds wrong breaks only on somebody's machine."""

import ast
import re
from pathlib import Path

from tests.conftest import ROOT

_KIND = re.compile(r"QAbstract(Item|List|Table)Model|QStandardItemModel|Q\w*ProxyModel|QStringListModel")


def models_of(source: str) -> list[str]:
    """Classes of a module that stand on one of Qt's models."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and any(_KIND.search(ast.unparse(one)) for one in node.bases)
    ]


def has_test(source: str, name: str) -> bool:
    """A test that asks for Qt's tester names the class, or a helper of its file does."""
    return "qtmodeltester" in source and re.search(rf"\b{name}\b", source) is not None


def test_every_model_is_put_before_qts_tester() -> None:
    made = [
        (path, name)
        for path in sorted((ROOT / "ui/desktop").rglob("*.py"))
        for name in models_of(path.read_text("utf-8"))
    ]
    tests = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    assert len(made) >= 2
    assert [
        f"{path.relative_to(ROOT)}: {name}"
        for path, name in made
        if not any(has_test(source, name) for source in tests)
    ] == []


def test_a_model_nobody_tests_is_found() -> None:
    assert models_of("class Rows(QtCore.QAbstractTableModel): ...") == ["Rows"]
    assert models_of("class Rows(QAbstractListModel): ...\nclass View(QListView): ...") == ["Rows"]
    assert not has_test("def test_rows(): Rows()", "Rows")
    assert not has_test("def test_rows(qtmodeltester): OtherRows()", "Rows")
    assert has_test("def test_rows(qtmodeltester): qtmodeltester.check(Rows())", "Rows")
