# Two commands for a newcomer: `make run` (the main job) and `make test` (all checks).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test bench schemas clean help

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

run: $(VENV)/.installed ## simulate the judgment-debtors study and write its report
	$(BIN)/scslab simulate judgment-debtors --seed 1

test: $(VENV)/.installed-dev ## style, types, import contracts, all tests
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/ruff format --check src tests benchmarks docs
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

bench: $(VENV)/.installed-bench ## the reference society beside Mesa and NumPy
	$(BIN)/python -m benchmarks.reference_society

schemas: $(VENV)/.installed ## write the JSON Schemas from the models
	$(BIN)/scslab schema study > src/scslab/study/study.schema.json
	$(BIN)/scslab schema regime > src/scslab/regimes/regime.schema.json
	$(BIN)/scslab schema safeguard > src/scslab/regimes/safeguard.schema.json
	$(BIN)/scslab schema sweep > src/scslab/study/sweep.schema.json
	$(BIN)/scslab schema instrument > src/scslab/survey/instrument/instrument.schema.json
	$(BIN)/scslab schema wave > src/scslab/study/wave.schema.json
	$(BIN)/scslab schema ledger > src/scslab/evaluation/ledger/ledger.schema.json
	$(BIN)/scslab schema paper > src/scslab/evaluation/exhibits/paper.schema.json
	$(BIN)/scslab schema design > src/scslab/lab/analyse/design.schema.json
	$(BIN)/scslab schema analysis > src/scslab/lab/analyse/analysis.schema.json

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

clean: ## remove the environment, caches and runs
	rm -rf $(VENV) runs .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
