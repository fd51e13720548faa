# Two commands are enough: `make run` and `make test`. Both set up what is missing (Debian packages, .venv, locked
# dependencies) and are silent about it afterwards. On Windows: packaging/windows/run.ps1.

PYTHON ?=
ARGS ?=
export PYTHON
VENV = .venv/bin/python
SETUP = sh packaging/bootstrap.sh

.PHONY: run test test-faults test-servers bench screenshots package lint format i18n lock clean help

# The window. More options: make run ARGS="--demo"
run:
	@$(SETUP) run
	@sh packaging/with-screen.sh $(VENV) main.py $(ARGS)

# Everything a change must pass. One test or folder: make test ARGS="tests/core -k outbox"
# Plain tests run offscreen on two workers; those marked `gui` run in a private Xvfb which tests/conftest.py starts, so
# one closing line counts them all. A worker stuck in native code is killed (timeout_method) and the others go on.
test:
	@$(SETUP) test
	@$(VENV) -m pytest -n 2 --dist loadgroup -o timeout_method=thread $(ARGS)

# The long fault runs: kill -9 at random instants, every statement as a crash point. Prints the counts.
test-faults:
	@$(SETUP) test
	@$(VENV) -m pytest -m faults -s -o faulthandler_timeout=0 tests/faults $(ARGS)

# Against real servers started by tests/servers (the first time they are installed, see tests/servers/README.md).
test-servers:
	@$(SETUP) test
	@$(VENV) -m pytest -m servers -s -v -o faulthandler_timeout=0 tests/servers $(ARGS)

# Each figure beside its reference and target.
bench:
	@$(SETUP) test
	@sh packaging/with-screen.sh $(VENV) -m tests.bench $(ARGS)

# Every screen of the demo, light and dark, es and en.
screenshots:
	@$(SETUP) run
	@QT_QPA_PLATFORM=offscreen $(VENV) main.py screenshots $(or $(ARGS),docs/screenshots)

# The one-folder program in dist/cmdesk, followed by its self-test.
package:
	@$(SETUP) package
	@$(VENV) packaging/build.py $(ARGS)

lint:
	@$(SETUP) test
	@$(VENV) -m pytest tests/quality $(ARGS)

format:
	@$(SETUP) test
	@$(VENV) -m ruff check --fix --quiet . ; $(VENV) -m ruff format --quiet .

# Source strings and resources/i18n/parts/*.po into the catalogues.
i18n:
	@$(SETUP) test
	@$(VENV) packaging/i18n.py $(ARGS)

# New versions: make lock ARGS=--upgrade
lock:
	@$(SETUP) test
	@sh packaging/lock.sh $(ARGS)

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +

help:
	@echo "make run | test | test-faults | test-servers | bench | screenshots | package | lint | format | i18n | lock | clean"
