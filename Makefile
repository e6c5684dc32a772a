# `make demo` and `make test` do all the set-up they need: Python 3.11+, make and the package registries suffice.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Half as many again as there are processors: tests wait for local clouds, processes and clocks.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) * 3 // 2)')
INSTALLED := $(VENV)/.installed
# Tests start hundreds of processes: none of them compiles what was changed since, also where PYTHONDONTWRITEBYTECODE is set.
COMPILE := $(BIN)/python -m compileall -q components contract local policies preview pricing runners
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest

.PHONY: demo test test-all install format schemas pages eight-weeks lint type imports workflows unit mutants bench lock clean

demo: $(INSTALLED)  ## the whole story on the local cloud: gate, apply, restores, faults, a rollback, and the report
	$(BIN)/ial demo

test: lint type imports workflows unit  ## every check

test-all: lint type imports workflows $(INSTALLED)  ## every check, and the tests that are rare and slow
	$(COMPILE)
	IAL_TEST_EVERY_LINE=1 $(PYTEST) -n $(WORKERS) --dist worksteal -m "rare or not rare"

install: $(INSTALLED)

# pip verifies each package against the hashes of the lock; the project itself goes in without its dependencies.
$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ial needs Python 3.11 or newer; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(COMPILE)
	touch $@

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schemas: $(INSTALLED)  ## write the published schemas that are made from structs
	$(BIN)/python -m runners.publishing schemas

pages: $(INSTALLED)  ## write docs/preflight.md from the reasons for which runs do not begin
	$(BIN)/python -m runners.publishing pages

eight-weeks: $(INSTALLED)  ## write docs/eight-weeks.md: what analysis says of eight rehearsed weeks
	$(BIN)/python -m runners.analysis.eight_weeks.page

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

type: $(INSTALLED)
	$(BIN)/mypy

imports: $(INSTALLED)
	$(BIN)/lint-imports

workflows: $(INSTALLED)
	$(BIN)/zizmor --offline --quiet --persona pedantic --min-severity medium .github

unit: $(INSTALLED)
	$(COMPILE)
	$(PYTEST) -n $(WORKERS) --dist worksteal

# How many of each part, or `all`; another SEED takes others.
MUTANTS ?= 40
SEED ?= 1

mutants: $(INSTALLED)  ## change the pure parts in small ways, and say which changes no test sees
	$(BIN)/python -m tests.mutants --sample $(MUTANTS) --seed $(SEED)

bench: $(INSTALLED)  ## measure speed; prints medians, asserts nothing
	$(BIN)/python -m benchmarks

lock:  ## resolve pyproject.toml anew (needs uv)
	uv pip compile --universal --generate-hashes --no-annotate --no-header --no-emit-index-url \
	  --extra local --extra dev --python-version 3.11 pyproject.toml --output-file requirements.lock

clean:
	rm -rf $(VENV) .ial build reports *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
