# answer: install and answer a question about the article (the default)    test: all that must hold before a change lands
# readme: write what the README knows from the code    lock: write constraints.txt anew    clean: remove what was installed and built
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt
QUESTION ?= Wie leidt het nieuwe superintelligentieteam van Meta?

answer: .venv/installed
	@$(BIN)/newsbot ask "$(QUESTION)"

test: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

readme: .venv/tested
	$(BIN)/python -m tests.readme

lock:
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet torch==2.13.0
	$(BIN)/pip install --quiet --editable ".[test,openai,anthropic,ollama]"
	$(BIN)/pip freeze --exclude-editable | sed "s/+cpu$$//" > constraints.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find index -mindepth 1 -not -name .gitkeep -delete

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable .
	@touch $@

.venv/tested: .venv/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable ".[test]"
	@touch $@ .venv/installed

.PHONY: answer test readme lock clean
