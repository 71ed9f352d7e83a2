# The two commands of the README. Each makes what it needs the first time, from exact versions.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet install --constraint constraints.txt

.PHONY: run test format pictures words clean

run: .venv/installed  ## see the whole circle on sample people
	@$(BIN)/onward demo

test: .venv/tested-with  ## format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist loadfile

format: .venv/tested-with  ## put the code in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

pictures: .venv/tested-with  ## take the README's pictures anew
	$(BIN)/python docs/pictures.py

words: .venv/tested-with  ## bring the mails' catalogues up to date with the templates, for translators
	cd templates && ../$(BIN)/pybabel -q extract -F locale/babel.ini --omit-header --no-location -o locale/onward.pot .
	cd templates && for language in locale/*/; do \
	  ../$(BIN)/pybabel -q update -i locale/onward.pot -o $${language}LC_MESSAGES/onward.po -l $$(basename $$language) \
	    --ignore-pot-creation-date --no-fuzzy-matching --ignore-obsolete --width 100; done
	rm templates/locale/onward.pot

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Onward needs Python 3.11 or newer; name one with make PYTHON=python3.12")'
	@echo "Installing into .venv; this takes a minute or two."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) --editable .
	@touch $@

.venv/tested-with: .venv/installed
	@$(PIP) --editable '.[test]'
	@# For one file in it, axe for the browser tests; what it depends on is not needed.
	@$(PIP) --no-deps axe-playwright-python
	@touch $@
