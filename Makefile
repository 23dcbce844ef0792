# Two commands do everything: `make run` and `make test`. Both set up .venv on first use.
SHELL := /bin/sh
BIN   := .venv/bin
export DO_NOT_TRACK = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test check lint types tests lock picture score clean

run: .venv/.ready ## nightly job on the bundled sample press
	@$(BIN)/kb nightly --sample

test: check ## everything CI asks for

check: lint types tests

lint: .venv/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.ready
	$(BIN)/mypy

tests: .venv/.ready
	$(BIN)/python -m pytest $(PYTEST)

# pip compiles bytecode as it installs: without it every process pays seconds to import Prefect.
.venv/.ready: requirements.lock pyproject.toml scripts/find-python
	@python=$$(scripts/find-python) && echo "Setting up .venv with $$python (a few minutes, once)" && \
	  { test -x $(BIN)/python || $$python -m venv .venv; }
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

lock: ## pin every dependency again, with hashes and without naming an index
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --no-annotate --extra dev -o requirements.lock pyproject.toml

picture: .venv/.ready ## draw the README's pictures anew from a real run
	$(BIN)/python scripts/picture.py

clean:
	rm -rf .venv data .mypy_cache .ruff_cache .pytest_cache

SHARED ?= ../shared
score: .venv/.ready ## how well and how fast the reader reads, on real press outside the project
	$(BIN)/python -m benchmarks.names $(SHARED)
	$(BIN)/python -m benchmarks.extraction
	$(BIN)/python -m benchmarks.reading $(SHARED)/corpus/press-2024.jsonl.gz 300
