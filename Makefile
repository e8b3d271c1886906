# `make` alone lists what there is. A fresh Debian needs python3 (3.11 or later), python3-venv and
# make. Some tests need more (nodejs and npm; postgresql; libreoffice-calc; Spark, see
# install-spark) and are skipped without it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BENCH := .venv-benchmarks
SIZE ?= small
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install install-spark demo benchmark test test-quick lint format table rules pictures build package-test pyodide-test lock clean

help:
	@echo "make demo          score the leads of the examples, and say why"
	@echo "make test          the whole test suite"
	@echo "make test-quick    the suite without the tests that build and install distributions"
	@echo "make lint          ruff (lint, format) and mypy"
	@echo "make format        lay the code out, and apply ruff's safe fixes"
	@echo "make table         grammar/score.table.json, after a change of the grammar"
	@echo "make rules         the pages of docs/rules/, after a change of a rule or of the page of a code"
	@echo "make pictures      the pictures of terminal output in docs/, after a change of what is printed"
	@echo "make install-spark Spark into the environment, for its tests (400 MB; needs Java 17)"
	@echo "make benchmark     us beside the peers: many leads, one lead, Spark; SIZE=full for all of it"
	@echo "make build         wheel and sdist, into dist/"
	@echo "make package-test  wheel, sdist and editable install, each in a fresh environment"
	@echo "make pyodide-test  the wheel in Pyodide, installed by micropip"
	@echo "make lock          requirements/dev.lock anew from pyproject.toml"
	@echo "make clean         remove builds, caches and $(VENV)"

# The stamp stands for: everything of the lock, and this checkout, are installed.
$(INSTALLED): pyproject.toml requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "leadscore needs Python 3.11 or later; name one: make PYTHON=python3.11 ..." >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) \
	  || { echo "No virtual environment could be made; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --requirement requirements/dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

install: $(INSTALLED)

install-spark: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --requirement requirements/spark.lock

demo: $(INSTALLED)
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash examples/demo.sh

test: $(INSTALLED)
	$(BIN)/python -m pytest

test-quick: $(INSTALLED)
	$(BIN)/python -m pytest -m "not packaging"

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(INSTALLED)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

table: $(INSTALLED)
	$(BIN)/python grammar/make_table.py

rules: $(INSTALLED)
	$(BIN)/python -m tests.docs.rules

pictures: $(INSTALLED)
	$(BIN)/python -m tests.docs.pictures

build: $(INSTALLED)
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist

package-test: $(INSTALLED)
	$(BIN)/python -m pytest tests/packaging/test_distributions.py

pyodide-test: $(INSTALLED)
	$(BIN)/python -m pytest tests/packaging/test_pyodide.py

# An environment of its own: a peer wants older libraries than the lock has.
$(BENCH)/.installed: pyproject.toml requirements/benchmarks.txt
	@test -x $(BENCH)/bin/pip || $(PYTHON) -m venv --clear $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --requirement requirements/benchmarks.txt --editable .
	@touch $@

benchmark: $(BENCH)/.installed
	$(BENCH)/bin/python -m benchmarks.many_leads --size $(SIZE) --growth
	$(BENCH)/bin/python -m benchmarks.one_lead_peers
	$(BENCH)/bin/python -m benchmarks.spark --size $(SIZE)

# The newest versions that pyproject.toml admits, as a fresh environment resolves them. pip reads
# dependency groups from version 25.1 on, which Debian's is not.
lock:
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet "pip>=25.1"
	.venv-lock/bin/python -m pip install --quiet --group dev --editable .
	{ echo "# Exact versions of everything that a developer's environment holds; made by: make lock"; \
	  .venv-lock/bin/python -m pip freeze --exclude-editable; } > .venv-lock/dev.lock
	mv .venv-lock/dev.lock requirements/dev.lock
	rm -rf .venv-lock

clean:
	rm -rf build dist $(VENV) .venv-lock $(BENCH) benchmarks/.data .mypy_cache .pytest_cache .ruff_cache .hypothesis
	rm -rf tests/packaging/node_modules
	find dsl excel_addin tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
