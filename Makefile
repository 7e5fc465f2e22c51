# Needs python3 (3.11 or newer) and make; everything else is fetched into .venv and .cache.
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .cache/uv-$(UV_VERSION)/bin/uv
BIN := .venv/bin
SYNC = UV_PYTHON_DOWNLOADS=never $(UV) sync --quiet --frozen --python "$(PYTHON)"
# Tests start hundreds of processes: each would compile all that it imports, where nothing may be kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long lint types imports pytest format schemas docs dashboards pictures fixtures broker bench clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/dev.stamp ## Make .venv with all that development needs

demo: .venv/runtime.stamp ## Run the whole thing on an embedded broker, without Java or Docker; ARGS=--stay keeps it for a look around
	$(BIN)/loyalty-stream demo $(ARGS)

test: lint types imports pytest ## Run lint, types, import rules, and all tests but the long ones on real servers

test-long: .venv/dev.stamp ## Run the tests that take long, and leave what they measured in build/test-long.xml
	$(BIN)/pytest --numprocesses 2 -m long --durations 0 --junit-xml build/test-long.xml $(ARGS)

lint: .venv/dev.stamp ## Check style and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/dev.stamp ## Check types
	$(BIN)/mypy

imports: .venv/dev.stamp ## Check that imports point one way
	$(BIN)/lint-imports

pytest: .venv/dev.stamp ## Run all tests but the long ones, two at a time; ARGS="-k points -x" narrows them
	$(BIN)/pytest --numprocesses 2 -m "not long" --junit-xml build/test.xml $(ARGS)

format: .venv/dev.stamp ## Mend style and format in place
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

schemas: .venv/dev.stamp ## Write avro/ from the code
	$(BIN)/python -m loyalty_stream.ops.schemas

docs: .venv/dev.stamp ## Write docs/events.md, docs/metrics.md and docs/commands.md from the code
	$(BIN)/python -m loyalty_stream.ops.events_page
	$(BIN)/python -m loyalty_stream.ops.metrics_page
	$(BIN)/typer loyalty_stream.cli utils docs --name loyalty-stream --title Commands --output docs/commands.md

dashboards: .venv/dev.stamp ## Write deploy/grafana/dashboards from the code
	$(BIN)/python -m deploy.grafana.source.render

pictures: .venv/dev.stamp ## Take the pictures of docs/console.md anew, in Chromium
	$(BIN)/python -m tests.chromium.pictures

fixtures: .venv/dev.stamp ## Keep how this version writes its state, for later ones to read: once for each release
	$(BIN)/python -m tests.golden.released

broker: .venv/dev.stamp ## Run a real one-node Kafka for hand work until Ctrl-C
	$(BIN)/python -m tests.kafka.local

bench: .venv/dev.stamp ## Measure events/s and CPU per event on a real broker
	$(BIN)/python -m bench.run $(ARGS)

clean: ## Remove all that was built or fetched
	rm -rf .venv .cache build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is missing or older than 3.11. Install Python 3.11+, or name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv .cache/uv-$(UV_VERSION) || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv" >&2; \
	  rm -rf .cache/uv-$(UV_VERSION); exit 1; }
	.cache/uv-$(UV_VERSION)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# Two depths of one environment: --inexact leaves what the deeper one has added.
.venv/runtime.stamp: uv.lock pyproject.toml | $(UV)
	$(SYNC) --no-dev --inexact
	@touch $@

.venv/dev.stamp: uv.lock pyproject.toml | $(UV)
	$(SYNC)
	@touch .venv/runtime.stamp $@
