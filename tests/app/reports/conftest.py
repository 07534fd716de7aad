"""The Chinese words of the papers, compiled from the catalogue's text, so that no test waits for `make translations`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app import i18n
from tests.app.reports.stories import do_the_work, sign
from tests.factories import Plan, a_plan, a_team

FOLDER = Path(i18n.LOCALE)
CATALOGUE = FOLDER / "zh_CN" / "LC_MESSAGES" / "launchbook.po"


def catalogue() -> Catalog:
    """The catalogue, and what fragments beside it add until `make translations` merges them."""
    with CATALOGUE.open("rb") as source:
        known = read_po(source, locale="zh_CN")
    for fragment in sorted(FOLDER.glob("*.zh.po")):
        with fragment.open("rb") as source:
            for message in read_po(source, locale="zh_CN"):
                if message.id and not (message.id in known and known[message.id].string):
                    known[message.id] = message
    return known


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locale")
    target = folder / "zh_CN" / "LC_MESSAGES" / "launchbook.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as out:
        write_mo(out, catalogue())
    return folder


@pytest.fixture(autouse=True)
def chinese(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(i18n, "LOCALE", compiled)
    i18n._translations.cache_clear()
    yield
    i18n._translations.cache_clear()


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return a_plan(a_team(tmp_path / "workspace"))


@pytest.fixture
def signed(plan: Plan) -> Plan:
    do_the_work(plan)
    sign(plan, "jun", "QA", reason="All counts compared")
    sign(plan, "kim", "Ops")
    return plan
