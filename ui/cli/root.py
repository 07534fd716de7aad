"""The root of the command line: global options, the subcommands, and the one place where refusals become exit codes."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.errors import LaunchbookError
from app.i18n import LANGUAGES, set_language
from ui.cli import files, history, people, plan, proving, running, upkeep
from ui.cli.arguments import globals_first
from ui.cli.session import Session

EXIT_DONE, EXIT_REFUSED = 0, 1

application = typer.Typer(
    name="launchbook",
    help="Plan a go-live, run it minute by minute, prove it afterwards. Without a command: the desktop.",
    no_args_is_help=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (files, plan, running, proving, history, people, upkeep):
    part.add_to(application)


@application.callback()
def options(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="Own data folder.", envvar="LAUNCHBOOK_HOME")] = None,
    acting: Annotated[str | None, typer.Option("--as", help="Who acts: id, name or e-mail.")] = None,
    run: Annotated[
        str | None, typer.Option(help="Which run: main, rehearsal, live, a name or an id.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of what is shown: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Options that stand before or after any command."""
    if lang not in LANGUAGES:
        raise typer.BadParameter("en or zh", param_hint="--lang")
    set_language(lang)
    context.obj = Session(home, acting, run, lang, as_json)
    if context.invoked_subcommand is None:
        from ui.desktop.application import run_desktop

        raise typer.Exit(run_desktop(context.obj.folder, language=lang if "--lang" in sys.argv else None))


def run(arguments: Sequence[str]) -> int:
    """Runs one command line; returns 0 done, 1 refused with a reason, 2 wrong usage."""
    words = globals_first(arguments)
    try:
        application(words, prog_name="launchbook")
    except SystemExit as stop:  # the parser's own way to end, usage errors with their text among them
        return stop.code if isinstance(stop.code, int) else EXIT_DONE
    except LaunchbookError as error:
        _refuse(str(error), as_json="--json" in words)
        return EXIT_REFUSED
    return EXIT_DONE


def _refuse(text: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"error": text}, ensure_ascii=False))
    typer.echo(text, err=True)
