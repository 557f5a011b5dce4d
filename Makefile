# `make` lists the commands. Each sets up what it needs; nothing but Python 3.11+ and make has to be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
SOURCES := src scheduler worker web tests benchmarks scripts

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check bench format catalogs lock clean

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(READY) ## Make .venv with everything that the lock names

# uv comes from the lock too, with its hashes, and then installs the rest of it.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tocsin needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $(READY)

demo: $(READY) ## Show Tocsin at work on sample feeds, offline
	@$(BIN)/tocsin demo --once

run: $(READY) ## Run everything on ./watchlist.yaml, which is made if there is none
	@test -f watchlist.yaml || $(BIN)/tocsin init watchlist.yaml
	@exec $(BIN)/tocsin up

test: $(READY) ## Run the tests
	@$(BIN)/pytest -n 2

check: $(READY) ## Check format, lint, types and layers, then run the tests
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2

bench: $(READY) ## Run the benchmarks
	@for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

format: $(READY) ## Format the code and mend what can be mended
	@$(BIN)/ruff check --quiet --fix $(SOURCES) || true
	@$(BIN)/ruff format $(SOURCES)

catalogs: $(READY) ## Bring the translations up to date with the messages, and list what lacks one
	@$(BIN)/python scripts/build_catalogs.py

lock: $(READY) ## Lock the dependencies anew, with hashes and without addresses
	@$(BIN)/uv pip compile --quiet pyproject.toml --all-extras --group dev --universal --upgrade \
		--generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean: ## Remove the virtual environment and what tools left behind
	@rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
