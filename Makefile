# Two commands on a bare machine (git, make, python3.11+ with pip):
#   make demo   the terminal chat on embedded defaults
#   make test   lint, types, import contracts and all tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Markers are rewritten only when the pins or the package's metadata change.
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check format pins bench transcript image-replay wheel clean

demo: $(READY)
	$(BIN)/drillmate console

test: check
	$(BIN)/python -m pytest -n auto

check: $(READY_DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/drillmate bank check

format: $(READY_DEV)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY_DEV)
	$(BIN)/python -m tests.benchmarks

# Prints the three days of the tests and the README anew; read the difference before it is kept.
transcript: $(READY_DEV)
	rm -f /tmp/drillmate-days.db
	$(BIN)/drillmate console --database sqlite:////tmp/drillmate-days.db \
	  --script tests/transcripts/three_days.txt > tests/transcripts/three_days.out

# Carries the Dockerfile's steps out without a container engine; needs root and debootstrap.
image-replay: $(READY_DEV)
	$(BIN)/python -m tests.image.replay

wheel: $(READY_DEV)
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Drillmate needs Python 3.11 or later; say PYTHON=python3.12 make demo"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(READY): requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Drillmate runs on (once, about a minute) ..."
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q bot
	@touch $(READY)

$(READY_DEV): requirements-dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the tests run on (once, about two minutes) ..."
	$(PIP) install --require-hashes -r requirements-dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(READY) $(READY_DEV)

# Pins every dependency with its hashes, for all platforms; no index address is written.
pins:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header pyproject.toml --group build -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header pyproject.toml --group build --group check --group bank \
	  -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
