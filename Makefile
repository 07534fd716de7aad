# What a developer runs. `make` alone lists it; CONTRIBUTING.md explains it.

.DEFAULT_GOAL := help
.PHONY: help install run check test prove bench peers pictures lock translations format system-desktop system-tests

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
INSTALLED := .venv/.installed
QUICK_TESTS := tests/test_house.py tests/app tests/sync tests/storage tests/simulation
UNLESS_QT_STARTS = $$($(BIN)/python -c "import PySide6.QtWidgets" 2>/dev/null || echo "-p no:pytest-qt")
PYTEST = QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -o faulthandler_timeout=300 $(UNLESS_QT_STARTS)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1#\2/p' Makefile | awk -F'#' '{printf "%-22s%s\n", $$1, $$2}'

install: $(INSTALLED) ## the environment in .venv, exactly as requirements.lock says

$(INSTALLED): requirements.lock pyproject.toml
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || sh packaging/create_environment.sh "$(PYTHON)"
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

run: install system-desktop ## open the desktop on the sample
	$(BIN)/launchbook demo

check: install ## format, lint, types, layers and quick tests in at most 60 s
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(PYTEST) -q -n 2 --dist worksteal -m "not slow" $(QUICK_TESTS)

test: install system-tests ## every test, at most 10 minutes on 2 cores
	$(PYTEST) -n 2 --dist worksteal

prove: install system-tests ## the long simulations and fault runs; goes on where it stopped
	$(BIN)/python -m tests.prove

bench: install ## measured ratios of the product to its anchors
	$(BIN)/python -m tests.bench

peers: ## what the bench puts beside the Gantt, where Chromium is: DHTMLX, from npm into build/
	npm install --silent --prefix build/peers dhtmlx-gantt@10.0.3

pictures: install system-desktop ## every screen in both languages, light and dark, into pictures/
	$(BIN)/python -m tests.pictures

lock: install ## requirements.lock anew, from pyproject.toml and the newest releases
	sh packaging/lock.sh $(BIN)

translations: install ## collect texts, update the Chinese catalogue and compile it
	$(BIN)/python packaging/translations.py

format: install ## write the code in the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

system-desktop system-tests: system-%: install
	@$(BIN)/python packaging/system_packages.py $*
