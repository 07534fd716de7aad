"""The root of the command line: global options, the subcommands, and the one place where refusals become exit codes."""

import importlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.errors import LaunchbookError
from app.i18n import LANGUAGES, N_, _, set_language
from app.settings import home_folder
from ui.cli.arguments import HOME, command_of, globals_first, value_of
from ui.cli.helping import Sections, parser_speaks, translate
from ui.cli.session import Session
from ui.crash import keep_report

EXIT_DONE, EXIT_REFUSED = 0, 1

# Which part each command stands in. A named command reads its own part only: reading all of them takes longer than
# most commands do, and the desktop needs none.
PARTS = {
    "import": "importing",
    **dict.fromkeys(("export", "report", "verify"), "files"),
    **dict.fromkeys(("projects", "show", "project", "stage", "task", "check"), "plan"),
    **dict.fromkeys(("run", "step", "tick", "note", "attach"), "running"),
    **dict.fromkeys(("incident", "decision", "handover"), "registers"),
    **dict.fromkeys(("gate", "sign", "waive", "withdraw", "verdict"), "proving"),
    **dict.fromkeys(("accept", "conflicts", "exceptions", "late"), "answering"),
    **dict.fromkeys(("log", "undo", "redo", "revert"), "history"),
    **dict.fromkeys(("people", "person", "members", "access"), "people"),
    "devices": "devices",
    "sync": "replicating",
    **dict.fromkeys(("serve", "share", "join"), "sharing"),
    "room": "rooms",
    **dict.fromkeys(("redact", "hold", "retain"), "forgetting"),
    **dict.fromkeys(("backup", "restore", "doctor", "demo"), "upkeep"),
}


def application(parts: Iterable[str]) -> typer.Typer:
    """The command line with the commands of some parts."""
    made = typer.Typer(
        name="launchbook",
        cls=Sections,
        help=N_(
            "Plan a go-live, run it minute by minute, prove it afterwards. Without a command the desktop opens. "
            "The options may stand before or after the command."
        ),
        epilog=N_(
            "PINs and passphrases are asked for, or read from LAUNCHBOOK_PASSPHRASE and LAUNCHBOOK_PIN_<ID> (id in capitals), never from "
            "an argument. Exit codes: 0 done, 1 refused with a reason, 2 wrong usage."
        ),
        no_args_is_help=False,
        invoke_without_command=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(options)
    for part in parts:
        importlib.import_module(f"ui.cli.{part}").add_to(made)
    return made


def parts_for(words: Sequence[str]) -> Iterable[str]:
    """What a line needs: help and words that are no command need all of it."""
    command = command_of(words)
    if command is None:
        return ()
    return (PARTS[command],) if command in PARTS else dict.fromkeys(PARTS.values())


def options(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help=N_("Data folder of its own."), envvar=HOME),
    ] = None,
    acting: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="PERSON", help=N_("Who acts; anybody but the first on this device gives a PIN.")
        ),
    ] = None,
    run: Annotated[
        str | None,
        typer.Option(
            metavar="RUN", help=N_("Which run: main (the default), rehearsal, live, a name or an id.")
        ),
    ] = None,
    lang: Annotated[str, typer.Option(metavar="en|zh", help=N_("Language of what is shown."))] = "en",
    *,
    as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False,
) -> None:
    if lang not in LANGUAGES:
        raise typer.BadParameter(_("It is en or zh."), param_hint="--lang")
    set_language(lang)
    context.obj = session = Session(home, acting, run, lang, as_json)
    context.call_on_close(session.close)
    if context.invoked_subcommand is None:
        from ui.desktop.entrance import run_desktop

        raise typer.Exit(run_desktop(session.folder, language=lang if "--lang" in sys.argv else None))


def run(arguments: Sequence[str]) -> int:
    """Runs one command line; returns 0 done, 1 refused with a reason, 2 wrong usage."""
    words = globals_first(arguments)
    set_language(value_of("--lang", words) or "en")
    command = typer.main.get_command(application(parts_for(words)))
    translate(command)
    try:
        with parser_speaks():
            command(words, prog_name="launchbook")
    except SystemExit as stop:  # the parser's own way to end, usage errors with their text among them
        return stop.code if isinstance(stop.code, int) else EXIT_DONE
    except LaunchbookError as error:
        _refuse(str(error), as_json="--json" in words)
        return EXIT_REFUSED
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of ours is kept and told, not thrown at people
        _refuse(_fault(error, words), as_json="--json" in words)
        return EXIT_REFUSED
    return EXIT_DONE


def _fault(error: Exception, words: Sequence[str]) -> str:
    home = value_of("--home", words) or os.environ.get(HOME)
    path = keep_report(Path(home) if home else home_folder(), error)
    said = _("The program made a mistake ({kind}). What was done before is kept, this was not done.")
    kept = _("The report is {path}.").format(path=path) if path else ""
    return f"{said.format(kind=type(error).__name__)} {kept}".strip()


def _refuse(text: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"error": text}, ensure_ascii=False))
    typer.echo(text, err=True)
