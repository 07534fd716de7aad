"""Every text has its Chinese with the same placeholders, and what is committed is what the code asks for."""

import gettext
import importlib.util
from io import BytesIO
from types import ModuleType

import pytest
from babel.messages import Catalog, Message

from app.i18n import NC_, in_language, ngettext, set_language
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(
    not (ROOT / "resources/locale/zh_CN").is_dir(), reason="there is no catalogue yet: make translations"
)


def load_pipeline() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging/translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PIPELINE = load_pipeline()


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    chinese = PIPELINE.translated(PIPELINE.collected())
    assert isinstance(chinese, Catalog)
    return chinese


def test_every_text_has_chinese(catalog: Catalog) -> None:
    assert PIPELINE.untranslated(catalog) == []


def test_the_chinese_names_the_same_placeholders(catalog: Catalog) -> None:
    assert PIPELINE.misplaced(catalog) == []


def test_template_catalogue_and_compiled_file_are_current(catalog: Catalog) -> None:
    """Otherwise: make translations."""
    outdated = [
        path.name
        for path, content in PIPELINE.files(PIPELINE.collected(), catalog).items()
        if path.read_bytes() != content
    ]

    assert outdated == []


def test_a_missing_and_a_misplaced_translation_are_found() -> None:
    planted = Catalog(locale="zh_CN")
    planted.add("Start {task}", "开始{task}")
    planted.add("Finish {task}", "完成{tusk}")
    planted.add("Open")
    planted.add(("{count} task", "{count} tasks"), ("{number} 项任务",))

    assert PIPELINE.untranslated(planted) == ["Open"]
    assert PIPELINE.misplaced(planted) == [
        "Finish {task} -> 完成{tusk}",
        "{count} tasks -> {number} 项任务",
    ]


def test_the_compiled_bytes_are_read_by_gettext() -> None:
    planted = Catalog(locale="zh_CN")
    planted.add("Start", "开始")
    planted.add(("{count} task", "{count} tasks"), ("{count} 项任务",))

    chinese = gettext.GNUTranslations(BytesIO(PIPELINE.compiled(planted)))

    assert chinese.gettext("Start") == "开始"
    assert chinese.ngettext("{count} task", "{count} tasks", 1) == "{count} 项任务"


def test_the_program_finds_its_catalogue(catalog: Catalog) -> None:
    singles = [
        message for message in catalog if isinstance(message.id, str) and message.id and message.string
    ]
    set_language("zh")

    assert all(in_language(_key(one), "zh") == one.string for one in singles)
    assert ngettext("no such text", "no such texts", 2) == "no such texts"


def _key(message: Message) -> str:
    return NC_(message.context, str(message.id)) if message.context else str(message.id)
