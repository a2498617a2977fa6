# Needs Python 3.11 or later and make. Everything else is installed into .venv, pinned with hashes.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: run test prove check format bench herd turnout pictures translations lock clean

run: .venv/runtime
	@HEADWATER_DEVELOPMENT=1 HEADWATER_PUBLIC_URL=$${HEADWATER_PUBLIC_URL:-http://127.0.0.1:$(PORT)} PORT=$(PORT) $(BIN)/flask --app wsgi serve --demo

test: .venv/development
	@$(BIN)/python -m pytest -n 2 --dist worksteal

# The long proofs at full count, each printing its table.
prove: .venv/development
	@HEADWATER_PROVE=1 $(BIN)/python -m pytest -m prove -s

check: .venv/development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/flask --app wsgi content check --strict
	$(BIN)/python -m tests.translations

format: .venv/development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/development
	@$(BIN)/python -m bench

# 500 people sit a quiz at once; takes about two minutes.
herd: .venv/development
	@$(BIN)/python -m bench.herd

# 500 people answer a campaign within a minute, all from one network address.
turnout: .venv/development
	@$(BIN)/python -m bench.turnout

pictures: .venv/development
	@$(BIN)/python docs/pictures/take.py

translations: .venv/development
	$(BIN)/python -m tests.translations --write

lock: .venv/development
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Headwater needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Set PYTHON=…")'
	@$(PYTHON) -m venv .venv

.venv/runtime: .venv/bin/python requirements.lock
	@echo "Installing (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/development: .venv/bin/python requirements-dev.lock
	@echo "Installing the tools (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ .venv/runtime

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis
