# One command each: `make demo`, `make test`, `make lint`, `make bench`. All they need is Python 3.11 or newer (and uv is used
# when it is there, because it is faster). Everything is installed into .venv, in the versions and with the hashes of
# requirements*.txt; a second run installs nothing.

VENV := .venv
BIN := $(VENV)/bin
# What was compiled is kept, whatever the environment says: the tests start a hundred processes, and each would compile
# everything anew.
export PYTHONDONTWRITEBYTECODE :=
UV := $(shell command -v uv 2>/dev/null)
# The first interpreter that is new enough; PYTHON=… on the command line overrides it.
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
# `make test TESTS=tests/access` runs a part of them; `make test PYTEST_ARGS="-k receptionist -x"` passes options on.
TESTS ?= tests
PYTEST_ARGS ?=
# One more than there are cores: a third of the time a test waits for another process.
WORKERS ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((cores < 4 ? cores + 1 : 4)))

.PHONY: help demo test test-slow lint format types imports bench counts install install-dev tmux lock clean

help: ## say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 18

demo: $(RUN_STAMP) ## a call centre to look at; everybody's password is "demo"
	@$(BIN)/wallboard demo

test: $(DEV_STAMP) tmux ## run the tests; of the long ones their short form
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not slow" $(TESTS) $(PYTEST_ARGS)

test-slow: $(DEV_STAMP) tmux ## run the long form of the soak and fault tests
	@$(BIN)/python -m pytest -m slow $(TESTS) $(PYTEST_ARGS)

lint: $(DEV_STAMP) ## style, types and the walls between the rooms
	$(BIN)/ruff check src tests benchmarks sample_data
	$(BIN)/ruff format --check src tests benchmarks sample_data
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV_STAMP) ## put the code into the project's style
	$(BIN)/ruff check --fix src tests benchmarks sample_data
	$(BIN)/ruff format src tests benchmarks sample_data

bench: $(DEV_STAMP) ## measure; every figure is a ratio of two things measured in the same run
	@for b in $(filter-out benchmarks/_%,$(wildcard benchmarks/*.py)); do \
		echo "== $$b"; $(BIN)/python $$b || exit 1; done

counts: $(DEV_STAMP) ## only the benchmarks that count instead of measuring time; CI gates on them
	@$(BIN)/python benchmarks/counts.py

install: $(RUN_STAMP) ## install what running needs into .venv

install-dev: $(DEV_STAMP) ## install what working on it needs, too

tmux: # The end-to-end tests drive the program in tmux. Installed where that is possible; otherwise they say why they skip.
	@command -v tmux >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends tmux; } \
		|| echo "tmux is not installed: the end-to-end tests will be skipped (apt-get install tmux)" >&2

lock: ## choose versions again (needs uv)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header -q -o requirements.txt
	uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes \
		--upgrade --no-emit-index-url --no-emit-find-links --no-annotate --no-header -q -c requirements.txt -o requirements-dev.txt

clean: ## forget what was installed and built
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@if [ -n "$(UV)" ]; then uv venv -q --python '>=3.11' $(VENV); \
	elif [ -n "$(PYTHON)" ]; then $(PYTHON) -m venv $(VENV); \
	else echo "Python 3.11 or newer is needed; none was found. Install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; fi

# $(1): the lock to install from. The project itself goes in last, as it is in src/, without a second look at the network.
define install_from
	@echo "installing from $(1) …"
	@if [ -n "$(UV)" ]; then \
		uv pip install -q --python $(BIN)/python --require-hashes -r $(1) \
		&& uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
		{ $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null; } \
		&& $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1) \
		&& $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
endef

$(RUN_STAMP): requirements.txt pyproject.toml | $(VENV)/bin/python
	$(call install_from,requirements.txt)
	@touch $@

$(DEV_STAMP): requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	$(call install_from,requirements-dev.txt)
	@touch $@ $(RUN_STAMP)
