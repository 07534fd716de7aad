"""Collects the texts of the program, brings the Chinese catalogue up to date and compiles it (`make translations`).

Texts stand in the code as `_`, `N_`, `NC_`, `ngettext`, `counted` or `in_language`. Whoever adds some may put their Chinese into a fragment
beside the catalogue (`resources/locale/<name>.zh.po`); it fills what the catalogue does not have yet.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "resources" / "locale"
TEMPLATE = LOCALE / "launchbook.pot"
CHINESE = LOCALE / "zh_CN" / "LC_MESSAGES" / "launchbook.po"
SOURCES = ("app", "sync", "ui")
KEYWORDS = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "counted": (1, 2),
    "in_language": (1,),
    "NC_": ((1, "c"), 2),
}
COMMENT_TAGS = ("translators:",)
ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # no date in the files: the same texts give the same bytes


def _empty(locale: str | None = None) -> Catalog:
    return Catalog(
        locale=locale,
        project="Launchbook",
        version="0",
        msgid_bugs_address="none",
        last_translator="the Launchbook authors",
        language_team="the Launchbook authors",
        copyright_holder="the Launchbook authors",
        creation_date=ANY_DAY,
        revision_date=ANY_DAY,
        header_comment="# Texts of Launchbook; written by `make translations`, translated by hand.",
        fuzzy=False,
    )


def collected() -> Catalog:
    """Every text of the program, with the files in which it stands."""
    catalog = _empty()
    for folder in SOURCES:
        found = extract_from_dir(
            ROOT / folder, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=COMMENT_TAGS
        )
        for file, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
            place = (f"{folder}/{Path(file).as_posix()}", 0)
            catalog.add(message, None, [place], auto_comments=comments, context=context)
    return catalog


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN", abort_invalid=True)


def _fragments() -> Iterator[Catalog]:
    for path in sorted(LOCALE.glob("*.zh.po")):
        yield read(path)


def _english(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> list[str]:
    string = message.string or ""
    return [string] if isinstance(string, str) else [form or "" for form in string]


def _is_translated(message: Message) -> bool:
    return all(_forms(message))


def translated(template: Catalog) -> Catalog:
    """The Chinese catalogue for exactly these texts: what it had, and from the fragments what it lacked."""
    known = [read(CHINESE)] if CHINESE.is_file() else []
    known += _fragments()
    catalog = _empty("zh_CN")
    for message in template:
        if message.id:
            found = (other.get(message.id, message.context) for other in known)
            string = next(
                (_shaped(one, message) for one in found if one is not None and _is_translated(one)), None
            )
            catalog.add(
                *(message.id, string, message.locations),
                auto_comments=message.auto_comments,
                context=message.context,
            )
    return catalog


def _shaped(known: Message, message: Message) -> str | tuple[str, ...]:
    """Its Chinese as this message has it: a text with a plural has a list of forms, also where it had none elsewhere."""
    forms = _forms(known)
    return forms[0] if isinstance(message.id, str) else tuple(forms)


def compiled(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    return [_english(message) for message in catalog if message.id and not _is_translated(message)]


def misplaced(catalog: Catalog) -> list[str]:
    """Texts whose Chinese names other placeholders than the English: they would fail or show braces at run time."""
    found = []
    for message in catalog:
        if message.id and _is_translated(message):
            english = _english(message) if isinstance(message.id, str) else message.id[-1]
            if placeholders(english) != placeholders(_forms(message)[0]):
                found.append(f"{english} -> {_forms(message)[0]}")
    return found


def placeholders(text: str) -> set[str]:
    """The names in braces; `{{` is a brace."""
    return {name for _text, name, _format, _conversion in Formatter().parse(text) if name is not None}


def _text(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=110, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def files(template: Catalog, catalog: Catalog) -> dict[Path, bytes]:
    """What `make translations` writes, and what a test compares with what is committed."""
    return {TEMPLATE: _text(template), CHINESE: _text(catalog), CHINESE.with_suffix(".mo"): compiled(catalog)}


def main() -> None:
    template = collected()
    catalog = translated(template)
    for path, content in files(template, catalog).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    missing = untranslated(catalog)
    print(f"{len(template)} texts, {len(missing)} without Chinese.")
    for text in missing:
        print(f"  {text}")


if __name__ == "__main__":
    main()
