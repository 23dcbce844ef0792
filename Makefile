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

COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-annotate
lock: ## pin every dependency again, with hashes and without naming an index
	$(COMPILE) --extra dev -o requirements.lock pyproject.toml
	$(COMPILE) -o benchmarks/vinlp.lock benchmarks/vinlp.in
	$(COMPILE) -o benchmarks/extractors.lock benchmarks/extractors.in

picture: .venv/.ready ## draw the README's pictures anew from a real run
	$(BIN)/python scripts/picture.py

clean:
	rm -rf .venv data .mypy_cache .ruff_cache .pytest_cache

SHARED ?= ../shared
score: .venv/.ready .venv/vinlp/.ready .venv/extractors/.ready ## how well and how fast the reader reads real press
	@$(BIN)/python -m benchmarks.score $(SHARED) $(SCORE)

# What is measured against has venvs of its own, so that it cannot hold back ours.
.venv/%/.ready: benchmarks/%.lock | .venv/.ready
	@$(BIN)/python -m venv .venv/$*
	@.venv/$*/bin/python -m pip install --quiet --no-deps --require-hashes -r $<
	@touch $@
