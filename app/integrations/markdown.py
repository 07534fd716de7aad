"""Markdown checklists: headings become stages, boxes tasks, and nothing that stays outside is left unsaid."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.domain.draft import Draft, ProjectDraft, StageDraft, TaskDraft
from app.errors import ImportRefused
from app.i18n import N_, _
from app.integrations.contract import Integration
from app.integrations.markdown_blocks import Document, Section, line_of, parse
from app.integrations.markdown_items import Shared, Stage, block_text
from app.integrations.markdown_tables import add_table
from app.integrations.source import Source
from app.integrations.texts import Keys, language_of, one_line, shorten, slug

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_BOX = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\]|[☐☑☒])[ \t]", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*\|[-:| \t]*$", re.MULTILINE)
_SEPARATOR = " / "


def recognises(source: Source) -> bool:
    if source.is_zip or source.looks_like_json:
        return False
    return bool(_BOX.search(source.text) or _TABLE.search(source.text))


def read(source: Source, mapping: Mapping[str, str]) -> Draft:
    if mapping:
        raise ImportRefused(
            _(
                "{name} is a Markdown list; columns cannot be chosen in it. Nothing was changed. "
                "Import it without a mapping."
            ).format(name=source.name)
        )
    document = parse(source.text, source.name)
    shared = Shared(source.name)
    if document.front_lines:
        shared.skip(
            1, _("The front matter was left out (lines: {count}).").format(count=document.front_lines)
        )
    stages = [_stage(section, shared) for section in document.sections]
    if not any(stage.tasks for stage in stages):
        raise ImportRefused(
            _(
                "{name} has no check boxes (- [ ] ...) and no table with a tick or task column. Nothing was changed. "
                "Put a box before each line that is a task."
            ).format(name=source.name)
        )
    project = _project(document, stages, shared, source)
    skipped = sorted(shared.skipped, key=lambda entry: entry.line or 0)
    return Draft(f"markdown:{source.name}", (project,), tuple(skipped))


def _stage(section: Section, shared: Shared) -> Stage:
    key = "/".join(filter(None, map(slug, section.path))) or "start"
    stage = Stage(shared, key, section.path, section.line)
    for node in section.blocks:
        _add(stage, node)
    return stage


def _add(stage: Stage, node: "SyntaxTreeNode") -> None:
    line = line_of(node)
    if node.type in {"bullet_list", "ordered_list"}:
        stage.add_list(node)
    elif node.type == "table":
        add_table(stage, node)
    elif node.type == "blockquote" and _has_list(node):
        for child in node.children:
            _add(stage, child)
    else:
        if node.type == "html_block":
            stage.add_comment(node.content, line)
        elif node.type == "paragraph":
            stage.note_comments(node)
        if words := block_text(node):
            stage.words.append((line, words))


def _has_list(node: "SyntaxTreeNode") -> bool:
    return any(child.type in {"bullet_list", "ordered_list"} for child in node.children)


def _project(document: Document, stages: Sequence[Stage], shared: Shared, source: Source) -> ProjectDraft:
    description = _place_words(stages, shared)
    titles = _titles([stage for stage in stages if stage.tasks])
    keys = Keys()
    drafts = []
    for stage in stages:
        if not stage.tasks:
            continue
        drafts.append(
            StageDraft(
                key=keys.make(stage.key),
                title=titles[id(stage)],
                description="\n".join(words for _line, words in stage.words),
                tasks=tuple(stage.tasks),
                line=stage.line,
            )
        )
    texts = " ".join(f"{task.title} {task.instruction}" for draft in drafts for task in draft.tasks[:20])
    return ProjectDraft(
        key="project",
        name=one_line(document.name) or source.stem,
        language=language_of(texts),
        description=description,
        stages=_with_ticks(drafts, shared),
        links=tuple(link for stage in stages for link in stage.links),
        gates=tuple(gate for stage in stages for gate in stage.gates),
    )


def _titles(stages: Sequence[Stage]) -> dict[int, str]:
    """The heading path as a title, without a first heading that all stages share and that tells nothing apart."""
    paths = [stage.path for stage in stages]
    shared = len(paths) > 1 and len({path[:1] for path in paths}) == 1 and min(map(len, paths)) > 1
    return {
        id(stage): _SEPARATOR.join(stage.path[1:] if shared else stage.path) or _("Tasks") for stage in stages
    }


def _place_words(stages: Sequence[Stage], shared: Shared) -> str:
    """Finds a place for the words of sections without tasks, and returns those before any heading.

    They introduce the sections under them, so they start the description of the first such stage; a section that leads
    to no tasks is reported block by block.
    """
    description: list[str] = []
    for index, stage in reversed(list(enumerate(stages))):  # so that the outermost words come to stand first
        if stage.tasks:
            continue
        if not stage.path:
            description[:0] = [words for _line, words in stage.words]
            continue
        heir = next((later for later in _below(stages[index + 1 :], stage.path) if later.tasks), None)
        if heir is not None:
            heir.words[:0] = stage.words
            continue
        for line, words in stage.words:
            reason = _("Text under '{heading}', which has no tasks, was left out: {text}")
            shared.skip(line, reason.format(heading=stage.path[-1], text=shorten(words)))
    return "\n".join(description)


def _below(stages: Sequence[Stage], path: tuple[str, ...]) -> Iterator[Stage]:
    for stage in stages:
        if stage.path[: len(path)] != path or len(stage.path) == len(path):
            return
        yield stage


def _with_ticks(stages: Sequence[StageDraft], shared: Shared) -> tuple[StageDraft, ...]:
    """Ticks in tables as claims, unless every row of the document has one: then it is how the author draws bullets."""
    if not shared.ticked_lines:
        return tuple(stages)
    if not shared.has_unticked:
        reason = _("Every row of the tables carries a tick; it was read as a bullet, not as done.")
        shared.skip(min(shared.ticked_lines), reason)
        return tuple(stages)

    def told(task: TaskDraft) -> TaskDraft:
        return replace(task, claim="done") if task.line in shared.ticked_lines else task

    return tuple(replace(stage, tasks=tuple(map(told, stage.tasks))) for stage in stages)


INTEGRATION = Integration(
    "markdown", N_("Markdown checklist"), (".md", ".markdown", ".mdown", ".txt"), recognises, read
)
