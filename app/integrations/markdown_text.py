"""The inline part of Markdown as plain text: no marks, links with their address, boxes told from words."""

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_BOX = re.compile(r"(?:\[(?P<mark>[ xX\u00a0]?)\]|(?P<sign>[☐☑☒]))(?:\s+|$)")
_TAG = re.compile(r"<[^>]*>")
_COMMENT = re.compile(r"<!--(.*?)(?:-->|$)", re.DOTALL)
_LINE_TAGS = re.compile(r"<\s*(?:br|/?p|/?div|/?tr|/?ul|/?ol|/li)\b[^>]*>", re.IGNORECASE)
_ITEM_TAG = re.compile(r"<\s*li\b[^>]*>", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t]{2,}")


_SOFT = "\x1e"  # a line break in the source, until it is known what it means
_WRAPPED_AT = 60  # an editor wraps lines at 72 to 100; a shorter line ended because its author ended it


def inline_text(node: "SyntaxTreeNode") -> str:
    """Plain text of an inline node; a line break in the source is a space, a hard one a new line."""
    return _tidy("".join(_pieces(node.children or [])).replace(_SOFT, " "))


def item_text(node: "SyntaxTreeNode") -> str:
    """Plain text of a box's own paragraph: what stands on the lines below it is text under the box, not its title.

    A long line whose next one goes on in lower case was wrapped by an editor: both are the title.
    """
    title, *more = "".join(_pieces(node.children or [])).split(_SOFT)
    while more and len(title) >= _WRAPPED_AT and more[0].lstrip()[:1].islower():
        title = f"{title.rstrip()} {more.pop(0).lstrip()}"
    return _tidy("\n".join([title, *more]))


def _tidy(text: str) -> str:
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def comments_of(node: "SyntaxTreeNode") -> list[str]:
    """What stands in HTML comments within the text."""
    tags = (child.content for child in node.walk() if child.type == "html_inline")
    return [text for tag in tags for found in _COMMENT.finditer(tag) if (text := found[1].strip())]


def split_box(text: str) -> tuple[bool | None, str]:
    """Whether a list item starts with a box and whether that is ticked, and the text after it."""
    found = _BOX.match(text)
    if found is None:
        return None, text
    ticked = found["sign"] in {"☑", "☒"} if found["sign"] else (found["mark"] or " ").strip() != ""
    return ticked, text[found.end() :].strip()


def has_box(item: "SyntaxTreeNode") -> bool:
    first = item.children[0] if item.children else None
    return (
        first is not None
        and first.type == "paragraph"
        and split_box(inline_text(first.children[0]))[0] is not None
    )


def is_label(inline: "SyntaxTreeNode") -> bool:
    """A line in bold and nothing else but a colon, as people write small headings."""
    parts = [
        child for child in inline.children if not (child.type == "text" and not child.content.strip(" :："))
    ]
    return len(parts) == 1 and parts[0].type == "strong"


def html_text(content: str) -> str:
    """The words of an HTML block without its tags and comments."""
    text = _COMMENT.sub(" ", content)
    text = _ITEM_TAG.sub("\n- ", _LINE_TAGS.sub("\n", text))
    lines = (" ".join(html.unescape(_TAG.sub(" ", line)).split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(nodes: list["SyntaxTreeNode"]) -> Iterator[str]:
    for node in nodes:
        if node.type in {"text", "code_inline", "text_special"}:
            yield node.content
        elif node.type == "softbreak":
            yield _SOFT
        elif node.type == "hardbreak":
            yield "\n"
        elif node.type == "link":
            yield _link(node)
        elif node.type == "image":
            yield f"{node.content} ({node.attrGet('src') or ''})".strip()
        elif node.type == "html_inline":
            yield _break(node.content)
        else:
            yield from _pieces(node.children or [])


def _break(tag: str) -> str:
    if _ITEM_TAG.match(tag):
        return "\n- "
    return "\n" if _LINE_TAGS.match(tag) else ""


def _link(node: "SyntaxTreeNode") -> str:
    text = "".join(_pieces(node.children or [])).replace(_SOFT, " ").strip()
    address = str(node.attrGet("href") or "")
    same = {address, address.removeprefix("mailto:"), address.rstrip("/")}
    return text if not address or text in same else f"{text} ({address})".strip()
