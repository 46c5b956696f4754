# make demo and make test need nothing but python3 (3.11 or newer), make, and the package index.
# They set themselves up in .venv; PYTHON=python3.12 chooses another Python.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
LOCK_OPTIONS := --quiet --generate-hashes --strip-extras --allow-unsafe --build-deps-for editable \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

export PYTHONUTF8 := 1

.PHONY: help demo test check postgresql bench mutate setup messages docs lock clean lint types imports fresh FORCE

help: ## say what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do printf '%-16s %s\n' "$$name" "$$what"; done

demo: $(RUNTIME) ## a made-up township from untidy spreadsheets to findings, a ledger and a page
	@$(BIN)/shouwang demo $(DEMO)

test: $(DEV) ## run all tests
	@$(BIN)/python -m pytest -n 2 $(TESTS)

check: lint types imports fresh test postgresql ## all that CI does: lint, types, imports, generated files, tests on both databases

postgresql: $(DEV) ## run the server's tests on a PostgreSQL of their own, where there is one
	@$(BIN)/python scripts/with_postgresql.py $(BIN)/python -m pytest tests/server

bench: $(DEV) ## measure, as benchmarks/README.md says
	@$(BIN)/python -m benchmarks $(BENCH)

mutate: $(DEV) ## change every rule of the packs, one small thing at a time, and count what the cases notice
	@$(BIN)/python -m scripts.mutate_packs $(MUTATE)

setup: $(DEV) ## install everything for developing, and the hooks that run before a commit
	@if [ -d .git ] && [ -z "$$CI" ]; then $(BIN)/pre-commit install >/dev/null && echo "pre-commit: on"; fi

messages: $(DEV) ## renew the English messages after a change of the Chinese ones
	@$(BIN)/python scripts/messages.py

docs: $(DEV) ## renew the pages that are made from the code
	@$(BIN)/python -m shouwang.tables.pages
	@$(BIN)/python -m shouwang.policy.reference

lock: ## choose the versions anew and write both lock files (the oldest Python that we support, 3.11)
	@$(PYTHON) scripts/bootstrap.py build/lock-venv
	@build/lock-venv/bin/python -m pip --disable-pip-version-check -qq install pip-tools==7.6.2
	CUSTOM_COMPILE_COMMAND="make lock" build/lock-venv/bin/pip-compile $(LOCK_OPTIONS) $(LOCK) \
		--output-file requirements.lock pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" build/lock-venv/bin/pip-compile $(LOCK_OPTIONS) $(LOCK) --extra dev \
		--constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean: ## remove everything that make made
	rm -rf $(VENV) build dist demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

lint: $(DEV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted: run .venv/bin/ruff format ."; exit 1; }

types: $(DEV)
	@SHOUWANG_DIR=build/types $(BIN)/mypy

imports: $(DEV)
	@$(BIN)/lint-imports

fresh: $(DEV)
	@$(BIN)/python scripts/messages.py --check
	@$(BIN)/python scripts/strangers.py

# The environment is renewed when a lock file or pyproject.toml is newer, or when it was moved or its Python is gone.
$(RUNTIME): requirements.lock pyproject.toml scripts/bootstrap.py $(shell $(PYTHON) scripts/bootstrap.py --sound $(VENV) 2>/dev/null || echo FORCE)
	@echo "setting up $(VENV) …" >&2
	@$(PYTHON) scripts/bootstrap.py $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.lock
	@echo "installing what the tests need …" >&2
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
