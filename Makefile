# Two commands do everything: `make run` and `make test`. Both set up .venv on first use.
SHELL := /bin/sh
BIN   := .venv/bin
export DO_NOT_TRACK = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: run test check lint types docs tests lock picture score clean

run: .venv/.ready ## nightly job on the bundled sample press
	@$(BIN)/kb nightly --sample

test: check ## everything CI asks for

check: lint types docs tests

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.dev
	$(BIN)/mypy

docs: .venv/.dev ## the documentation as a site, in site/; a warning is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

tests: .venv/.dev
	$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile $(PYTEST)

# pip compiles bytecode as it installs: without it every process pays seconds to import Prefect.
.venv/.ready: requirements.lock pyproject.toml scripts/find-python
	@python=$$(scripts/find-python) && echo "Setting up .venv with $$python (a few minutes, once)" && \
	  { test -x $(BIN)/python || $$python -m venv .venv; }
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --no-index -e .
	@$(BIN)/python -m flows.prefect_server prepare
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.ready
	@echo "Setting up what tests and documentation need (a minute, once)"
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r $<
	@touch $@

COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-annotate
# followthemoney asks for PyICU, which has no wheel and is not needed to validate; Datasette for
# installers that every venv has.
LEFT_OUT = --no-emit-package pyicu --no-emit-package pip --no-emit-package setuptools
lock: ## pin every dependency again, with hashes and without naming an index
	$(COMPILE) --extra build -o requirements.lock pyproject.toml
	$(COMPILE) --extra dev -c requirements.lock $(LEFT_OUT) -o requirements-dev.lock pyproject.toml
	$(COMPILE) -o benchmarks/vinlp.lock benchmarks/vinlp.in
	$(COMPILE) -o benchmarks/extractors.lock benchmarks/extractors.in
	$(COMPILE) -o benchmarks/rivals.lock benchmarks/rivals.in

picture: .venv/.dev ## draw the README's pictures anew from a real run
	$(BIN)/python scripts/picture.py

clean:
	rm -rf .venv data site .mypy_cache .ruff_cache .pytest_cache

SHARED ?= ../shared
score: .venv/.ready .venv/vinlp/.ready .venv/extractors/.ready ## how well and how fast the reader reads real press
	@$(BIN)/python -m benchmarks.score $(SHARED) $(SCORE)

# What is measured against has venvs of its own, so that it cannot hold back ours.
.venv/%/.ready: benchmarks/%.lock | .venv/.ready
	@$(BIN)/python -m venv .venv/$*
	@.venv/$*/bin/python -m pip install --quiet --no-deps --require-hashes -r $<
	@touch $@
