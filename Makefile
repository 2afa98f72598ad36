# Two commands do everything: `make demo` and `make test`. Both set up what they need by themselves.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.untp-crm

.PHONY: demo test lint mutation bench clean

demo: $(STAMP)
	$(BIN)/untp-crm demo --out out/demo

test: $(STAMP)
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -q -n 2 --ignore tests/equivalence --ignore tests/corpora --ignore tests/browser --ignore tests/demo --ignore tests/peers --ignore tests/live/test_reference_faults.py --ignore tests/live/test_reference_together.py
	@echo "Not run here: tests/equivalence and tests/corpora (official artefacts and corpora), tests/browser, tests/demo, tests/live/test_reference_faults.py and test_reference_together.py (every fault of the demo and of the live reference vendor, minutes), tests/peers (implementations by others, from npm). .ci/run runs them."

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

mutation: $(STAMP)
	$(BIN)/python -m pytest -q tests/vectors tests/crm/test_mutations.py tests/crm/test_extension.py tests/crm/test_bundle.py tests/graph/test_mutations.py tests/equivalence/test_mutations.py

bench: $(STAMP)
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/trust.py
	cd benchmarks/node && npm ci --no-audit --no-fund --ignore-scripts --silent
	$(BIN)/python benchmarks/node_compare.py
	$(BIN)/python benchmarks/pilot.py --consignments 1000 --compare 4000
	$(BIN)/python benchmarks/scaling.py --sizes 1000 3000 10000

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

clean:
	rm -rf out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
