# The verbs of the project; plain `make` lists them.
# Every verb but `help` and `clean` first sees to the environment in .venv.

PYTHON ?= python3
UV ?= $(shell command -v uv 2>/dev/null)
LOCK_UV := uv==0.13.9

BIN := .venv/bin
PY := $(BIN)/python
STAMP := .venv/.ready
RECORDS := $(notdir $(patsubst %/ties.csv,%,$(wildcard data/raw/*/ties.csv)))

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help env report test test-all check format lab build dictionary architecture front docs wheel fuzz guards mutate bench compat determinism coverage lock clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(STAMP) ## create .venv and install the locked dependencies, once

report: $(STAMP) ## write reports/: HTML, PDF, figures and tables of each record, and a comparison
	$(BIN)/ties report

# A file of tests stays in one process, since its tests share what was made for them.
PYTEST := $(PY) -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

test: $(STAMP) ## run the tests of what the package does: minutes
	$(PYTEST) -m "not slow"

test-all: check test ## run every check: browser, killed runs, wheel, site and whole reports too
	$(PYTEST) -m slow

check: $(STAMP) ## lint, format and types only: quick
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(STAMP) ## put imports and layout in order
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lab: $(STAMP) ## open the notebooks in JupyterLab
	$(BIN)/ties lab

build: $(STAMP) ## rebuild data/processed from data/raw
	@for record in $(RECORDS); do $(BIN)/ties build --data $$record || exit 1; done

dictionary: $(STAMP) ## rewrite the data dictionary and the data package from the models
	$(PY) -m ties.schema.dictionary

architecture: $(STAMP) ## draw docs/images/architecture.svg from the imports
	$(PY) -m validation.architecture

front: $(STAMP) ## write the answer and its picture into README.md and docs/index.md
	$(PY) -m validation.front

docs: $(STAMP) ## build the documentation site into build/site, without network
	$(PY) -m sphinx --quiet --fail-on-warning --keep-going --builder html docs build/site
	@echo "build/site/index.html"

wheel: $(STAMP) ## build the wheel and the source archive into dist/
	$(PY) -m build --no-isolation

fuzz: $(STAMP) ## fuzz every parser for a minute each
	$(PY) -m pip install --quiet atheris==3.0.0
	PYTHONPATH=fuzz $(PY) fuzz/run.py --seconds $(or $(SECONDS_EACH),60)

guards: $(STAMP) ## take away each guard that docs/security.md tells of, and see that a test fails
	$(PY) -m tests.security.guards

mutate: $(STAMP) ## change the code and see whether a test notices; hours, or ONLY="ties.dates*"
	$(PY) -m pip install --quiet "mutmut==3.8.1"
	CI=true nice -n 19 $(BIN)/mutmut run $(ONLY)
	$(BIN)/mutmut results

bench: $(STAMP) build/lifelines/.ready ## time everything beside what else one could pick; takes an hour or more
	$(PY) -m pip install --quiet "duckdb==2.0.0" "polars==2.1.0"
	$(PY) benchmarks/bench.py $(if $(MEASURED_ON),--measured-on $(MEASURED_ON)) $(if $(SIZES),--sizes $(SIZES))

# lifelines asks for an older pandas than ours, so it has an environment of its own.
build/lifelines/.ready: | $(STAMP)
	$(PY) -m venv --clear --without-pip build/lifelines
	$(PY) -m pip --python build/lifelines/bin/python install --quiet "lifelines==0.30.3" "pyarrow==26.0.1"
	@touch $@

compat: $(STAMP) ## run the tests with the oldest and newest libraries, on every Python here; or ONLY=oldest
	$(PY) -m pip install --quiet "nox[uv]==2026.10.20"
	$(BIN)/nox $(if $(ONLY),--sessions $(ONLY))

determinism: $(STAMP) ## make everything with one thing around it changed, and compare the bytes
	$(PY) -m validation.determinism

coverage: $(STAMP) ## run the tests and show the lines that none of them reached
	$(PY) -m pytest --cov

clean: ## remove what the other verbs made, but keep .venv and data/
	rm -rf build dist reports .coverage htmlcov .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Debian's python3 comes without ensurepip; then pip has to come from elsewhere.
# pip is in the lock, so whichever way the environment began, it ends the same.
# Python compiles what it comes to use; to compile all that is installed takes longer than the rest.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "ties needs Python 3.11 or newer; name one with: make env PYTHON=python3.11" >&2; exit 1; }
	@if [ -x $(PY) ]; then :; \
	elif [ -n "$(UV)" ]; then "$(UV)" venv --quiet --python "$(PYTHON)" .venv; \
	elif $(PYTHON) -c 'import ensurepip' 2>/dev/null; then $(PYTHON) -m venv .venv; \
	elif $(PYTHON) -c 'import pip, venv' 2>/dev/null; then $(PYTHON) -m venv --without-pip .venv; \
	else echo "Python has neither pip nor ensurepip. On Debian: apt-get install python3-venv" >&2; exit 1; fi
	@echo "installing the locked dependencies into .venv (a minute the first time)"
	@if [ -n "$(UV)" ]; then \
	  "$(UV)" pip install --quiet --python $(PY) --require-hashes -r requirements.lock; \
	elif $(PY) -c 'import pip' 2>/dev/null; then \
	  $(PY) -m pip install --quiet --no-compile --require-hashes -r requirements.lock; \
	else \
	  $(PYTHON) -m pip --python $(PY) install --quiet --no-compile --require-hashes -r requirements.lock; \
	fi
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The locks name packages, versions and hashes, and no address: they work with any index.
# They keep extras (`coverage[toml]`), since an older pip takes the newest version for those.
COMPILE = "$$uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 \
  --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links \
  --custom-compile-command "make lock"

# Where uv is not on the path, it is installed into a folder of its own.
FIND_UV = uv="$(UV)"; \
	if [ -z "$$uv" ]; then \
	  $(PYTHON) -m venv build/uv && build/uv/bin/pip install --quiet "$(LOCK_UV)" && uv=build/uv/bin/uv || exit 1; \
	fi

lock: ## choose dependencies anew; UPGRADE=1 takes the newest
	@$(FIND_UV); \
	$(COMPILE) $(if $(UPGRADE),--upgrade) --all-extras --group dev -o requirements.lock && \
	$(COMPILE) -c requirements.lock -o requirements-core.lock
