"""Entry point: a subcommand runs on the command line, no subcommand opens the desktop."""

import sys


def main() -> int:
    """Starts Launchbook with this process's arguments; returns the exit code."""
    from ui.cli.arguments import opens_desktop

    words = sys.argv[1:]
    if (line := opens_desktop(words)) is not None:
        from ui.desktop.entrance import run_desktop

        return run_desktop(line.home, line.language, sample=line.sample)
    from ui.cli.root import run

    return run(words)


if __name__ == "__main__":
    raise SystemExit(main())
