#!/bin/sh
# Writes requirements.lock for every system and Python we support: releases with hashes, and no host.
# Takes the newest releases that pyproject.toml allows. setuptools builds the project itself without isolation.
set -eu
bin=$1

"$bin/python" -m pip install --quiet uv
echo "setuptools>=77" | "$bin/uv" pip compile pyproject.toml - --quiet --extra dev --universal --upgrade \
    --generate-hashes --no-emit-index-url --no-header --no-annotate --output-file requirements.lock
