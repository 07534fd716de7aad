#!/bin/sh
# Creates .venv with the first Python that is new enough; an argument names one to try first.
# Removes only what it made itself: an environment that is there already is never touched.
set -eu

if [ -e .venv ]; then
    echo ".venv is there, but its Python or pip does not work. Remove the folder .venv, then repeat." >&2
    exit 1
fi
for name in "${1:-}" python3.11 python3.12 python3.13 python3.14 python3 python; do
    [ -n "$name" ] || continue
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        if "$name" -m venv .venv; then exit 0; fi
        rm -rf .venv
        echo "$name cannot create an environment: on Debian and Ubuntu install python3-venv, then repeat." >&2
        exit 1
    fi
done
echo "Launchbook needs Python 3.11 or newer, and none was found." >&2
echo "Install one, or name it: make install PYTHON=/path/to/python3.11" >&2
exit 1
