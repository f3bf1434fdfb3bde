# answer: install and answer a question about the article (the default)    test: all that must hold before a change lands
# lock: write constraints.txt anew    clean: remove what was installed and built
PYTHON ?= python3
BIN := .venv/bin
QUESTION ?= Wie leidt het nieuwe superintelligentieteam van Meta?

answer: .venv/installed
	@$(BIN)/newsbot ask "$(QUESTION)"

test: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

lock:
	rm -rf .venv
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet torch==2.13.0
	$(BIN)/pip install --quiet --editable ".[test,openai,anthropic,ollama]"
	$(BIN)/pip freeze --exclude-editable > constraints.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find index -mindepth 1 -not -name .gitkeep -delete

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/tested: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[test]"
	@touch $@

.PHONY: answer test lock clean
