"""List items of a checklist: boxes become tasks, boxes under a box its checks, all other text stays beside them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.domain.draft import CheckDraft, GateDraft, LinkDraft, Skipped, TaskDraft
from app.domain.durations import parse_minutes, parse_moment
from app.i18n import _
from app.integrations.markdown_blocks import line_of, nodes_of
from app.integrations.markdown_text import comments_of, has_box, html_text, inline_text, item_text, split_box
from app.integrations.texts import Keys, shorten, slug, title_and_rest

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_LISTS = {"bullet_list", "ordered_list"}
_LONGEST_LABEL = 40  # a longer parent item is a sentence of its own, not the start of its children's titles
_COMMENT_BLOCK = re.compile(r"<!--(.*?)(-->|\Z)", re.DOTALL)
_BOX_LINE = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]|[☐☑☒])\s", re.MULTILINE)
_FIELD_LINE = re.compile(r"(?P<label>[^:：]{2,30})\s*[:：]\s*(?P<value>\S.*)")
_FIELDS = {
    "owner": ("owner", "responsible", "assignee", "负责人", "责任人", "執行人", "执行人"),
    "minutes": ("duration", "estimated duration", "estimate", "时长", "预计时长", "耗时", "工期"),
    "due": ("due", "due date", "deadline", "截止", "截止时间", "截止日期"),
    "rollback": ("rollback", "rollback action", "back out", "回退", "回滚", "回退方案", "回滚方案"),
}
_FIELD_OF = {word: name for name, words in _FIELDS.items() for word in words}
_PLACEHOLDER = re.compile(r"\[[^\]]*\]|<[^>]*>|_{2,}|tbd|tba|n/a|待定|无", re.IGNORECASE)
_TITLE_TAIL = re.compile(r"\s*[(（](?P<inside>[^()（）]{1,60})[)）]\s*$")
_TITLE_OWNER = re.compile(r"(?:owner|responsible|负责人|责任人)\s*[:：]\s*(?P<owner>\S.*)", re.IGNORECASE)
_TITLE_MENTION = re.compile(r"\s+@(?P<owner>[\w][\w.\-]*)$")


@dataclass(slots=True)
class Shared:
    """What every section of one document adds to."""

    name: str
    skipped: list[Skipped] = field(default_factory=list)
    keys: Keys = field(default_factory=Keys)
    ticked_lines: set[int] = field(default_factory=set)  # of table rows
    has_unticked: bool = False

    def skip(self, line: int | None, reason: str) -> None:
        self.skipped.append(Skipped(line, reason))


@dataclass(slots=True)
class Stage:
    """What one section yields. `words` are its own texts with their lines, a description if there are tasks."""

    shared: Shared
    key: str
    path: tuple[str, ...]
    line: int
    tasks: list[TaskDraft] = field(default_factory=list)
    links: list[LinkDraft] = field(default_factory=list)
    gates: list[GateDraft] = field(default_factory=list)
    words: list[tuple[int, str]] = field(default_factory=list)
    in_comment: bool = False

    def add_list(self, node: "SyntaxTreeNode", offset: int = 0, label: str = "", indent: str = "") -> None:
        for number, item in enumerate(node.children, start=int(node.attrs.get("start", 1) or 1)):
            mark = f"{number}. " if node.type == "ordered_list" else "- "
            if has_box(item):
                self._add_task(item, offset, label)
            else:
                self._add_plain(item, offset, label, indent, mark)

    def add_comment(self, content: str, line: int) -> None:
        """Boxes that stand in an HTML comment are steps somebody switched off: they come in as skipped tasks."""
        for found in _COMMENT_BLOCK.finditer(content):
            start = line - 1 + content.count("\n", 0, found.start())
            inner = found[1]
            before = len(self.tasks)
            if _BOX_LINE.search(inner) and not self.in_comment:
                self._add_commented_lists(inner, start)
            note = _("Commented out in the source.")
            self.tasks[before:] = [replace(task, claim="skipped", note=note) for task in self.tasks[before:]]
            self.shared.skip(start + 1, _comment_reason(inner, len(self.tasks) - before))

    def _add_commented_lists(self, inner: str, offset: int) -> None:
        self.in_comment = True  # a comment opened in a comment is only text
        words = len(self.words)
        for node in nodes_of(inner, self.shared.name).children:
            if node.type in _LISTS:
                self.add_list(node, offset)
        del self.words[words:]
        self.in_comment = False

    def _add_task(self, item: "SyntaxTreeNode", offset: int, label: str) -> None:
        line = line_of(item, offset)
        ticked, text = split_box(item_text(item.children[0].children[0]))
        if not text:
            self.shared.skip(line, _("A box without a text."))
            return
        self.note_comments(item.children[0], offset)
        title, rest = title_and_rest(text)
        key = self.shared.keys.make(self.key, slug(label), slug(title))
        details = _Details(self, Keys())
        details.words += [rest] if rest else []
        details.add(item.children[1:], offset, "")
        task = TaskDraft(
            key=key,
            title=f"{label}: {title}" if label else title,
            instruction="\n".join(details.words).strip("\n"),
            requires=("checks",) if details.checks else (),
            checks=tuple(details.checks),
            claim="done" if ticked else None,
            line=line,
        )
        self.tasks.append(_with_title_fields(replace(task, **details.fields)))

    def _add_plain(self, item: "SyntaxTreeNode", offset: int, label: str, indent: str, mark: str) -> None:
        """An item without a box: its words stay with the section, and a short one names the boxes under it."""
        text = ""
        for child in item.children:
            if child.type in _LISTS:
                short = text.rstrip(":： ")
                inner = short if 0 < len(short) <= _LONGEST_LABEL else ""
                self.add_list(child, offset, ": ".join(filter(None, [label, inner])), indent + "  ")
                continue
            words = block_text(child)
            if child.type == "paragraph":
                self.note_comments(child, offset)
                text = text or words
            if child.type == "html_block":
                self.add_comment(child.content, line_of(child, offset))
            if words:
                self.words.append((line_of(child, offset), indented(words, indent + mark)))
                mark = " " * len(mark)

    def note_comments(self, paragraph: "SyntaxTreeNode", offset: int = 0) -> None:
        for text in comments_of(paragraph.children[0]):
            self.shared.skip(line_of(paragraph, offset), _comment_reason(text, 0))


@dataclass(slots=True)
class _Details:
    """All that stands under one box."""

    stage: Stage
    keys: Keys
    words: list[str] = field(default_factory=list)
    checks: list[CheckDraft] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)

    def add(self, nodes: Sequence["SyntaxTreeNode"], offset: int, indent: str) -> None:
        for node in nodes:
            if node.type in _LISTS:
                self._add_list(node, offset, indent)
                continue
            if node.type == "html_block":
                self.stage.add_comment(node.content, line_of(node, offset))
            if node.type == "paragraph":
                self.stage.note_comments(node, offset)
            if words := block_text(node):
                self.words.append(indented(words, indent))

    def _add_list(self, node: "SyntaxTreeNode", offset: int, indent: str) -> None:
        for number, item in enumerate(node.children, start=int(node.attrs.get("start", 1) or 1)):
            if not item.children:
                continue
            first, rest = item.children[0], item.children[1:]
            words = block_text(first)
            if first.type == "paragraph":
                self.stage.note_comments(first, offset)
            ticked, text = (
                split_box(item_text(first.children[0])) if first.type == "paragraph" else (None, words)
            )
            if ticked is not None:
                self._add_check(text, ticked=ticked, line=line_of(item, offset))
                deeper = indent
            elif first.type in _LISTS:
                self.add([first], offset, indent + "  ")
                deeper = indent + "  "
            else:
                if rest or not self._take_field(words):
                    mark = f"{number}. " if node.type == "ordered_list" else "- "
                    self.words.append(indented(words, indent + mark))
                deeper = indent + "  "
            self.add(rest, offset, deeper)

    def _add_check(self, text: str, *, ticked: bool, line: int) -> None:
        title, rest = title_and_rest(text)
        if not title:
            self.stage.shared.skip(line, _("A box without a text."))
            return
        self.checks.append(CheckDraft(self.keys.make(slug(title)), title, checked=ticked, line=line))
        self.words += [rest] if rest else []

    def _take_field(self, words: str) -> bool:
        """Takes a line such as "Owner: Ada" or "Duration: 15 min" when it can mean nothing else."""
        found = _FIELD_LINE.fullmatch(words)
        name = _FIELD_OF.get(found["label"].strip().casefold()) if found else None
        if found is None or name is None or name in self.fields:
            return False
        value = found["value"].strip()
        if name == "owner" and (role := re.fullmatch(r"\[([^\[\]]{2,40})\]", value)):
            # a template names the role in brackets where a person will stand
            if role[1].casefold() in {"name", "owner", "姓名", "person", "tbd"}:
                return False
            self.fields["role"] = role[1].strip()
            return True
        if _PLACEHOLDER.fullmatch(value):
            return False
        parsed: int | str | None = value
        if name == "minutes":
            parsed = parse_minutes(value)
        elif name == "due":
            parsed = parse_moment(value, end_of_day=True)
        if parsed is None:
            return False
        self.fields[name] = parsed
        return True


def block_text(node: "SyntaxTreeNode") -> str:
    """The words of a block that is no list: code as it stands, tables with bars, HTML without its tags."""
    if node.type in {"fence", "code_block"}:
        return node.content.rstrip("\n")
    if node.type == "html_block":
        return html_text(node.content)
    if node.type == "table":
        rows = [row for part in node.children for row in part.children]
        return "\n".join(
            " | ".join(inline_text(cell.children[0]) if cell.children else "" for cell in row.children)
            for row in rows
        )
    if node.type in {"paragraph", "heading"}:
        return inline_text(node.children[0]) if node.children else ""
    return "\n".join(filter(None, (_nested_text(child) for child in node.children)))


def _nested_text(node: "SyntaxTreeNode") -> str:
    if node.type in _LISTS:
        return "\n".join(indented(block_text(item), "- ") for item in node.children)
    return block_text(node)


def indented(words: str, first: str) -> str:
    return first + words.replace("\n", "\n" + " " * len(first))


def _with_title_fields(task: TaskDraft) -> TaskDraft:
    """Takes "(owner: Ada)", "(30 min)" and a closing "@ada" out of the title."""
    title = task.title
    changes: dict[str, Any] = {}
    while found := _TITLE_TAIL.search(title):
        inside = found["inside"].strip()
        owner = _TITLE_OWNER.fullmatch(inside)
        minutes = None if inside.isdigit() else parse_minutes(inside)
        if owner and not task.owner and "owner" not in changes and not _PLACEHOLDER.fullmatch(owner["owner"]):
            changes["owner"] = owner["owner"].strip()
        elif minutes is not None and task.minutes is None and "minutes" not in changes:
            changes["minutes"] = minutes
        else:
            break
        title = title[: found.start()].rstrip()
    mention = _TITLE_MENTION.search(title)
    if mention and not task.owner and "owner" not in changes:
        changes["owner"] = mention["owner"]
        title = title[: mention.start()].rstrip()
    return replace(task, title=title, **changes) if changes and title else task


def _comment_reason(text: str, count: int) -> str:
    if count:
        return _(
            "An HTML comment. Boxes in it that came in as skipped tasks: {count}. The rest did not: {text}"
        ).format(count=count, text=shorten(text))
    return _("An HTML comment was left out: {text}").format(text=shorten(text))
