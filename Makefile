# One word per intent; the same words run here and in CI. Needs Python 3.11 or later, git and make, nothing else.
# Each environment is made once and changes only with pyproject.toml or constraints/; an interrupted step starts over.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
# Byte code is kept, whatever the shell says: a hundred short processes would each compile the package anew.
export PYTHONDONTWRITEBYTECODE :=
.PHONY: help demo test test-cluster check bench bench-peers docs docs-help coverage test-floor clean

PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$name" && break; done)
VENV := .venv
FLOOR := .venv-floor
BIN := $(VENV)/bin
PIP_OPTIONS := -q --disable-pip-version-check --no-input
INSTALL := $(BIN)/python -m pip install $(PIP_OPTIONS) -c constraints/newest.txt
WORKERS ?= 2
PYTEST := -q -n $(WORKERS)
# What `make test` runs and coverage does not: slow as plain Python, and others reach nearly all the same lines.
UNCOVERED := tests/project tests/real tests/ratios/test_contract.py tests/ratios/test_refusals.py \
	tests/ratios/test_garch_regression.py
# What the oldest set need not run again: pages, real data, and what uses long-settled functions of NumPy and SciPy alone. The
# libraries whose interfaces change (pandas, scikit-learn, statsmodels, arch, plotly, pydantic, typer) meet the rest.
# Nor that a method of ratios knows no future: which rows it reads is ours, whatever the versions, and takes a minute to try.
SETTLED := tests/project tests/real tests/pricing tests/kernels tests/policies tests/costs tests/engine tests/scenarios \
	tests/hedgers tests/attribution tests/instruments tests/effectiveness tests/accounting tests/limits tests/compare

help:  ## list the words
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1  \2/p' $(MAKEFILE_LIST)

demo: $(VENV)/demo.stamp  ## hedge 20 stocks, judge a volatility overlay, write the reports
	$(BIN)/hedgerow demo

test: $(VENV)/test.stamp  ## run the tests
	$(BIN)/python -m pytest $(PYTEST) --durations=10 --durations-min=2 -m "not cluster"

test-cluster: $(VENV)/cluster.stamp  ## run the tests on clusters of Dask and Ray that are started on this machine
	$(BIN)/python -m pytest -q -m cluster tests/compare

check: $(VENV)/check.stamp  ## style, types, import levels and forbidden calls
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/project/test_import_levels.py tests/project/test_nothing_forbidden.py

coverage: $(VENV)/test.stamp  ## coverage with the kernels run as Python: lines >= 95 %, branches >= 90 %
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest $(PYTEST) -m "not compiled and not cluster" $(UNCOVERED:%=--ignore=%) --cov=hedgerow --cov-branch \
		--cov-report=json:.coverage.json --cov-report=
	$(BIN)/python .ci/coverage_gate.py .coverage.json --lines 95 --branches 90

test-floor: $(FLOOR)/test.stamp  ## run the tests of the code with the oldest supported versions
	$(FLOOR)/bin/python -m pytest $(PYTEST) -m "not cluster" -k "not (test_ratios and altered_future)" $(SETTLED:%=--ignore=%)

bench: $(VENV)/bench.stamp  ## time every benchmark beside its peers and print one table
	$(BIN)/python benchmarks/run.py

bench-peers: $(VENV)/bench.stamp  ## the peers that need an environment of their own
	$(BIN)/python benchmarks/run.py --apart

docs: $(VENV)/docs.stamp  ## build the documentation into docs/_build/html
	$(BIN)/python -m sphinx -q -W --keep-going -d docs/_build/doctrees docs docs/_build/html
	@echo "docs/_build/html/index.html"

docs-help: $(VENV)/demo.stamp  ## write the --help texts into docs/command-line.md
	$(BIN)/python docs/_scripts/write_command_help.py

clean:  ## remove the environments and everything built
	rm -rf $(VENV) $(FLOOR) dist build htmlcov .coverage* docs/_build docs/reference/generated docs/gallery \
		docs/sg_execution_times.rst .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/python.stamp:
	@[ -n "$(PYTHON)" ] || { echo "Hedgerow needs Python 3.11 or later; install it or say make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(INSTALL) pip
	@touch $@

$(VENV)/demo.stamp: $(VENV)/python.stamp pyproject.toml constraints/newest.txt
	$(INSTALL) -e '.[samples,fast]'
	$(BIN)/hedgerow doctor --compile >/dev/null
	@touch $@

$(VENV)/test.stamp: $(VENV)/demo.stamp
	$(INSTALL) --group test
	@touch $@

$(VENV)/cluster.stamp: $(VENV)/test.stamp
	$(INSTALL) -e '.[samples,fast,cluster,ray]'
	@touch $@

$(VENV)/check.stamp: $(VENV)/test.stamp
	$(INSTALL) --group check
	@touch $@

$(VENV)/docs.stamp: $(VENV)/demo.stamp
	$(INSTALL) --group docs
	@touch $@

$(VENV)/bench.stamp: $(VENV)/demo.stamp
	$(INSTALL) -e '.[bench]'
	@touch $@

$(FLOOR)/python.stamp:
	@[ -n "$(PYTHON)" ] || { echo "Hedgerow needs Python 3.11 or later; install it or say make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(FLOOR)
	$(FLOOR)/bin/python -m pip install $(PIP_OPTIONS) -c constraints/floor.txt pip
	@touch $@

$(FLOOR)/test.stamp: $(FLOOR)/python.stamp pyproject.toml constraints/floor.txt
	$(FLOOR)/bin/python -m pip install $(PIP_OPTIONS) -c constraints/floor.txt -e '.[samples,fast]' --group test
	@touch $@
