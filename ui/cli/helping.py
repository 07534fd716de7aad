"""Help as people read it: commands in the order of a go-live, every text in the language that was asked for."""

import gettext
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from app.i18n import LOCALE, N_, _, language

SECTIONS = (
    (N_("Plan"), ("import", "projects", "project", "show", "stage", "task", "check", "export")),
    (N_("Run"), ("run", "step", "tick", "note", "attach", "incident", "decision", "handover", "exceptions")),
    (N_("Prove"), ("gate", "sign", "waive", "withdraw", "verdict", "accept", "late", "report", "verify")),
    (N_("What happened"), ("log", "undo", "redo", "revert", "conflicts", "redact", "hold", "retain")),
    (N_("People"), ("people", "person", "members", "access", "devices")),
    (N_("Workspace"), ("share", "join", "sync", "room", "serve", "backup", "restore", "doctor", "demo")),
)
# The parser looks its own headings up in the same catalogue.
PARSER_TEXTS = (
    *(N_("Options"), N_("Arguments"), N_("Commands"), N_("required"), N_("default: {default}")),
    N_("env var: {var}"),
)


class Sections(TyperGroup):
    """The root's help: its commands under headings, each with its first sentence."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        del ctx  # the parser passes it; the commands are all here
        width = max(len(name) for name in self.commands)
        for title, names in sections(self.commands):
            with formatter.section(_(title)):
                formatter.write_dl(
                    [(name.ljust(width), first_sentence(self.commands[name].help or "")) for name in names]
                )


def first_sentence(text: str) -> str:
    found = re.match(r".*?(?:\.(?= |$)|。)", text)
    return found[0] if found else text


def sections(commands: Any) -> list[tuple[str, list[str]]]:
    """Headings with the names of commands; one that nobody placed stands under the last heading."""
    placed = {name for _title, names in SECTIONS for name in names}
    found = [(title, [name for name in names if name in commands]) for title, names in SECTIONS]
    found[-1][1].extend(name for name in commands if name not in placed)
    return found


def group(help: str) -> typer.Typer:
    """A command with subcommands; alone it shows its help."""
    return typer.Typer(help=help, no_args_is_help=True, rich_markup_mode=None)


def translate(command: Any) -> None:
    """Puts the help of a command and of everything under it into the language of this process."""
    command.help = _(command.help) if command.help else command.help
    command.epilog = _(command.epilog) if command.epilog else command.epilog
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = _(parameter.help)
    for one in getattr(command, "commands", {}).values():
        translate(one)


@contextmanager
def parser_speaks() -> Iterator[None]:
    """Lets the parser find its own texts in our catalogue; it asks gettext by the environment's language."""
    before = os.environ.get("LANGUAGE")
    domain = gettext.textdomain()
    os.environ["LANGUAGE"] = "zh_CN" if language() == "zh" else "en"
    gettext.bindtextdomain("launchbook", str(LOCALE))
    gettext.textdomain("launchbook")
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            os.environ.pop("LANGUAGE", None)
        else:
            os.environ["LANGUAGE"] = before
