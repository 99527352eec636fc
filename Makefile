# Tonne: every command starts here. A fresh machine needs Python 3.11 or later, make and git.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
# Tests run as they are; those that fail run once more, made to say what they compared.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --quiet --numprocesses auto
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
    --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(UPGRADE)

.DEFAULT_GOAL := help
.PHONY: help setup run replay test tests bench chaos storm match screens lint types format lock parts audit clean

help:  ## Say what each command does.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/ready  ## Make .venv with the locked dependencies and Tonne itself; the second time is instant.

run: setup  ## Live the EU scheme again up to April 2013, and serve its market and people until Ctrl-C.
	@$(BIN)/tonne demo run

replay: setup  ## Live the EU scheme's years 2005 to 2012 again, and print the totals.
	@$(BIN)/tonne replay eu_ets --years 2005-2012

test: setup  ## Check everything: style, types, the directions of imports, and all tests.
	@echo "== 1 of 4: ruff check"
	@$(BIN)/ruff check .
	@echo "== 2 of 4: ruff format"
	@$(BIN)/ruff format --check .
	@echo "== 3 of 4: lint-imports"
	@$(BIN)/lint-imports
	@echo "== 4 of 4: mypy --strict, and pytest beside it"
	@$(MAKE) --no-print-directory --jobs=2 types tests
	@echo "== all green"

tests: setup
	@$(BIN)/python tests/chromium.py
	@$(PYTEST) --dist worksteal --assert=plain \
	    || { $(PYTEST) --last-failed --last-failed-no-failures=none; exit 1; }

bench: setup  ## Measure our speed beside PostgreSQL's own yardstick, in one run.
	@$(BIN)/python bench/run.py

chaos: setup  ## Kill, cut off and confuse two registries and their log at length; SEED=2 does it otherwise.
	@PYTHONPATH=tests $(BIN)/python tests/chaos.py --transfers 3000 --incidents 60 --seed $(or $(SEED),1)

storm: setup  ## Kill an engine of an exchange and its server at length; SEED=2 does it otherwise.
	@PYTHONPATH=tests $(BIN)/python tests/storm.py --batches 3000 --incidents 60 --seed $(or $(SEED),1)

match: setup  ## Put a million random orders to the book and to a slow one; SEED=2 puts others.
	@PYTHONPATH=tests $(BIN)/python tests/order_streams.py --messages 1000000 --seed $(or $(SEED),1)

screens: setup  ## Look at every screen in all four languages in Chromium; make test does so in two.
	@TONNE_ALL_SCREENS=1 $(PYTEST) tests/browser/test_every_screen.py

lint: setup  ## Check the style and the directions of imports.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: setup  ## Check the types of the program and of its tests.
	@$(BIN)/mypy --strict --explicit-package-bases src tests bench

format: setup  ## Put every file into the house's form.
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: setup  ## Write the locked dependencies anew from pyproject.toml; UPGRADE=--upgrade takes newer ones.
	@$(COMPILE) --output-file requirements/run.txt pyproject.toml
	@$(COMPILE) --constraint requirements/run.txt --output-file requirements/dev.txt \
	    pyproject.toml requirements/dev.in
	@! grep -nE '^-|://|@ ' requirements/*.txt || { echo "a lock names versions and hashes only"; exit 1; }
	@$(BIN)/python tests/parts.py

parts: setup  ## Write the list of all parts anew, in the form of CycloneDX; make lock does so too.
	@$(BIN)/python tests/parts.py

audit: setup  ## Ask whether a locked part has a known hole; it asks others, so no test does.
	@$(PYTHON) -m venv --clear build/audit
	@build/audit/bin/python -m pip --disable-pip-version-check --no-input -qq install 'pip-audit>=2.10,<3'
	@build/audit/bin/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
	    --requirement requirements/run.txt --requirement requirements/dev.txt

clean:  ## Remove .venv and everything else that was made here, but not the books.
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/ready: requirements/dev.txt pyproject.toml
	@command -v $(PYTHON) > /dev/null \
	    || { echo "Tonne needs Python 3.11 or later; $(PYTHON) was not found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Tonne needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
	    echo "If a later one has another name, say so: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12"; exit 1; }
	@$(BIN)/python -m pip --version > /dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || { \
	    rm -rf .venv; \
	    echo "Python could not make .venv. On Debian and Ubuntu: apt install python3-venv, and again."; exit 1; }
	@echo "Setting up .venv; the first time takes a minute or two."
	@$(PIP) install --require-hashes --requirement requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
