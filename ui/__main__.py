"""Entry point: a subcommand runs on the command line, no subcommand opens the desktop."""

import sys


def main() -> int:
    """Starts Launchbook with this process's arguments; returns the exit code."""
    from ui.cli.root import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
