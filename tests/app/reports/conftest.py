"""The Chinese words of the papers, compiled from the catalogue's text, so that no test waits for `make translations`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app import i18n

CATALOGUE = Path(i18n.LOCALE, "zh_CN", "LC_MESSAGES", "launchbook.po")


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locale")
    target = folder / "zh_CN" / "LC_MESSAGES" / "launchbook.mo"
    target.parent.mkdir(parents=True)
    with CATALOGUE.open("rb") as source, target.open("wb") as out:
        write_mo(out, read_po(source, locale="zh_CN"))
    return folder


@pytest.fixture(autouse=True)
def chinese(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(i18n, "LOCALE", compiled)
    i18n._translations.cache_clear()
    yield
    i18n._translations.cache_clear()
