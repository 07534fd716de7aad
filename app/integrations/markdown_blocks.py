"""Markdown text as sections: a heading path, and the blocks under it that are neither heading nor markup."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from app.errors import ImportRefused
from app.i18n import _
from app.integrations.markdown_text import has_box, inline_text, is_label

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

LARGEST_TEXT = 2_000_000
LONGEST_LINE = 100_000
MOST_BRACKETS = 60_000  # one that is never closed costs the inline parser about 50 microseconds
DEEPEST = 60  # levels of tokens; a list item takes two, so 29 lists in each other
_LABEL_LEVEL = 7  # a bold line before a list of boxes is a heading below all headings
_FRONT_LINES = 200


@dataclass(slots=True)
class Section:
    path: tuple[str, ...]
    line: int
    blocks: list["SyntaxTreeNode"] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    name: str = ""  # the first top heading, else the title of the front matter
    front_lines: int = 0
    sections: list[Section] = field(default_factory=list)


def parse(text: str, name: str) -> Document:
    document = Document()
    front, body = _front_matter(text)
    document.front_lines = front.count("\n") + 1 if front else 0
    sections = list(_sections(nodes_of(body, name).children, document))
    document.sections = [section for section in sections if section.blocks]
    if not document.name and (title := re.search(r"^title:\s*(.+?)\s*$", front, re.MULTILINE)):
        document.name = title[1].strip("'\"")
    return document


def nodes_of(text: str, name: str) -> "SyntaxTreeNode":
    """The tree of blocks, refused where the parser would need long or would silently stop at its depth limit."""
    from markdown_it.tree import SyntaxTreeNode

    if len(text) > LARGEST_TEXT or text.count("[") > MOST_BRACKETS or _longest(text) > LONGEST_LINE:
        raise ImportRefused(
            _(
                "{name} is larger or has longer lines than any checklist. Nothing was changed. "
                "Split it, or check whether the right file was chosen."
            ).format(name=name)
        )
    tokens = _parser().parse(text)
    if any(token.level >= DEEPEST - 1 for token in tokens):
        raise ImportRefused(
            _(
                "{name} has lists or quotations nested more than {depth} deep. Nothing was changed. "
                "Flatten the list and import it again."
            ).format(name=name, depth=DEEPEST // 2 - 1)
        )
    return SyntaxTreeNode(tokens)


def line_of(node: "SyntaxTreeNode", offset: int = 0) -> int:
    """1-based line the node starts in."""
    return (node.map[0] if node.map else 0) + 1 + offset


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    options = {"html": True, "maxNesting": DEEPEST}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


def _longest(text: str) -> int:
    return max(map(len, text.split("\n")))


def _front_matter(text: str) -> tuple[str, str]:
    """The lines between two "---" at the very start, and the rest with as many empty lines before it."""
    lines = text.split("\n", _FRONT_LINES)
    if lines[0].rstrip() != "---":
        return "", text
    for index, line in enumerate(lines[1:_FRONT_LINES], start=1):
        if line.rstrip() in {"---", "..."}:
            front = "\n".join(lines[: index + 1])
            return front, "\n" * (index + 1) + "\n".join(lines[index + 1 :])
    return "", text


def _sections(nodes: list["SyntaxTreeNode"], document: Document) -> Iterator[Section]:
    headings: list[tuple[int, str]] = []
    section = Section((), 1)
    for index, node in enumerate(nodes):
        level = _level(node, nodes[index + 1] if index + 1 < len(nodes) else None)
        if level is None:
            if node.type != "hr":
                section.blocks.append(node)
            continue
        yield section
        title = inline_text(node.children[0]).rstrip(":： ") if node.children else ""
        headings = [entry for entry in headings if entry[0] < level]
        if level == 1 and not document.name:
            document.name, title = title, ""
        if title:
            headings.append((level, title))
        section = Section(tuple(text for _level, text in headings), line_of(node))
    yield section


def _level(node: "SyntaxTreeNode", following: "SyntaxTreeNode | None") -> int | None:
    if node.type == "heading":
        return int(node.tag[1:])
    if (
        node.type == "paragraph"
        and is_label(node.children[0])
        and following is not None
        and _holds_boxes(following)
    ):
        return _LABEL_LEVEL
    return None


def _holds_boxes(node: "SyntaxTreeNode") -> bool:
    if node.type not in {"bullet_list", "ordered_list"}:
        return False
    return any(has_box(inner) for inner in node.walk() if inner.type == "list_item")
