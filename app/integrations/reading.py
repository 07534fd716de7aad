"""The one way in: a file becomes a draft by whichever format knows it, or is refused with a sentence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from app.domain.draft import Draft, Skipped
from app.domain.durations import parse_moment
from app.errors import ImportRefused
from app.i18n import _
from app.integrations.contract import Integration
from app.integrations.source import ENCODINGS, Source, load
from app.integrations.texts import one_line

ENCODING = "encoding"  # among the fields of a mapping
_NO_MAPPING: Mapping[str, str] = MappingProxyType({})


def read_with(
    integrations: tuple[Integration, ...],
    path: Path,
    mapping: Mapping[str, str] = _NO_MAPPING,
    project_name: str | None = None,
    t0: str | None = None,
) -> Draft:
    source = with_encoding(load(path), mapping)
    with guarded(source):
        draft = choose(integrations, source).read(source, columns_of(mapping))
    return _named(draft, project_name, t0)


def with_encoding(source: Source, mapping: Mapping[str, str]) -> Source:
    """The source read as a person says, when they know better than its bytes: encoding=gb18030."""
    given = mapping.get(ENCODING, "").casefold()
    if not given:
        return source
    if given not in ENCODINGS:
        raise ImportRefused(
            _("Text can be read as {known}, not as {text}. Nothing was changed.").format(
                known=", ".join(ENCODINGS), text=given
            )
        )
    return replace(source, encoding=given)


def columns_of(mapping: Mapping[str, str]) -> dict[str, str]:
    return {name: header for name, header in mapping.items() if name != ENCODING}


@contextmanager
def guarded(source: Source) -> Iterator[None]:
    try:
        yield
    except RecursionError:
        raise ImportRefused(
            _(
                "{name} is nested too deeply to be a plan. Nothing was changed. "
                "Check whether the right file was chosen."
            ).format(name=source.name)
        ) from None


def choose(integrations: tuple[Integration, ...], source: Source) -> Integration:
    """By suffix and content; the content alone when the suffix promises something else or nothing."""
    claiming = [entry for entry in integrations if source.suffix in entry.suffixes]
    for entry in claiming:
        if entry.recognises(source):
            return entry
    for entry in integrations:
        if entry not in claiming and _knows(entry, source):
            return entry
    if len(claiming) == 1:
        return claiming[0]  # its reader can say best what is missing
    suffixes = sorted({suffix for entry in integrations for suffix in entry.suffixes})
    raise ImportRefused(
        _(
            "{name} is in no format that can be imported, or holds no tasks. Nothing was changed. "
            "Known formats: {suffixes}. A table needs a header row with a column for the task."
        ).format(name=source.name, suffixes=", ".join(suffixes))
    )


def _knows(entry: Integration, source: Source) -> bool:
    try:
        return entry.recognises(source)
    except ImportRefused:  # what is no valid JSON may still be something else
        return False


def _named(draft: Draft, project_name: str | None, t0: str | None) -> Draft:
    """The name and T-0 a person gave win over the file's, as long as there is one project to give them to."""
    name = one_line(project_name or "")
    moment = parse_moment(t0, zone=draft.projects[0].zone) if t0 else None
    if t0 and moment is None:
        raise ImportRefused(
            _("{text} is no date and time. Nothing was changed. Write T-0 like 2026-03-06 22:00.").format(
                text=t0
            )
        )
    if not name and moment is None:
        return draft
    if len(draft.projects) > 1:
        reason = _("The given name or T-0 was not used, since the file holds {count} projects.")
        left = Skipped(None, reason.format(count=len(draft.projects)))
        return replace(draft, skipped=(left, *draft.skipped))
    project = draft.projects[0]
    given = replace(project, name=name or project.name, t0=moment or project.t0, said=project)
    return replace(draft, projects=(given,))
