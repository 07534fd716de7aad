"""The Chinese words of the papers, compiled for the tests so that they do not wait for the whole catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app import i18n

CATALOGUE = Path(__file__).with_name("papers.zh_CN.po")


@pytest.fixture(autouse=True)
def chinese(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("locale")
    target = folder / "zh_CN" / "LC_MESSAGES" / "launchbook.mo"
    target.parent.mkdir(parents=True)
    with CATALOGUE.open("rb") as source, target.open("wb") as out:
        write_mo(out, read_po(source, locale="zh_CN"))
    monkeypatch.setattr(i18n, "LOCALE", folder)
    i18n._translations.cache_clear()
    yield
    i18n._translations.cache_clear()
