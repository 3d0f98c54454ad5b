# Every target sets up what it needs; nothing has to be installed before but Python 3.11 and, for `test`, the right to
# install Debian packages (or Chromium and a Chinese font being there already).
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8501
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Servers, readers and command lines are processes of their own: none compiles anew what another has compiled.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help run test check docs format bench soak lock sample screenshot clean

help: ## say what can be asked for
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.ready: requirements.lock pyproject.toml
	@bash .ci/venv $(PYTHON) $(VENV)
	@touch $@

run: $(VENV)/.ready ## set everything up and serve the dashboard on demo data
	$(BIN)/gridmuster serve --demo --port $(PORT)

test: $(VENV)/.ready ## set everything up (Debian packages too, when it may) and run every test
	@bash .ci/packages
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.ready ## architecture, style, types, names, documents, scripts
	$(BIN)/lint-imports --no-cache
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python .ci/names.py
	PYTHONPATH=. $(BIN)/python .ci/docs.py --check
	$(BIN)/oxlint --deny-warnings dashboard

docs: $(VENV)/.ready ## write the parts of the documents that the catalogues say
	PYTHONPATH=. $(BIN)/python .ci/docs.py

format: $(VENV)/.ready ## bring the source into its form
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

bench: $(VENV)/.ready ## print what was measured, beside peers measured in the same run
	@for script in tests/bench/bench_*.py; do echo "== $$script"; PYTHONPATH=. $(BIN)/python $$script || exit 1; done

soak: $(VENV)/.ready ## inject faults for a long time, read chains, add up the city, show the full-screen while data change (MINUTES=60); print figures
	PYTHONPATH=. $(BIN)/python -m tests.soak.faults
	PYTHONPATH=. $(BIN)/python -m tests.soak.imports
	PYTHONPATH=. $(BIN)/python -m tests.soak.drag
	PYTHONPATH=. $(BIN)/python -m tests.soak.sign_up
	GRIDMUSTER_TEST_CASES=1000 $(BIN)/python -m pytest -q tests/services/rules/roster/test_sign_up_out.py
	GRIDMUSTER_TEST_SIZES=city $(BIN)/python -m pytest -q tests/dashboard/test_adds_up.py
	PYTHONPATH=. $(BIN)/python -m tests.soak.screen --minutes $(or $(MINUTES),60)

sample: $(VENV)/.ready ## make the demo files under data/sample anew
	$(BIN)/python -m tests.sample

lock: $(VENV)/.ready ## pin every dependency anew, with hashes; what a server needs stands in a file of its own
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header --python-version 3.11 --quiet --upgrade --output-file requirements.lock
	echo setuptools | $(BIN)/uv pip compile pyproject.toml - -c requirements.lock --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --python-version 3.11 --quiet --output-file requirements-server.lock

screenshot: $(VENV)/.ready ## make the picture of the README from the running program
	@bash .ci/packages
	$(BIN)/python -m tests.browser.screenshot

clean: ## remove what was set up here
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
