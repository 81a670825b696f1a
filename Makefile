# Every target installs what it needs into .venv first; again only when pyproject.toml changed.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: check test demo bench hammer update

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(READY)
	$(BIN)/pytest

# Plays the tutorial in a new folder, demo/: from a first quote to recognised revenue.
demo: $(READY)
	$(BIN)/python tools/demo.py

# Ratios to a yardstick measured in the same run; see bench/run.py.
bench: $(READY)
	$(BIN)/python -m bench.run

# The full size of the tests that stop programs and try many values; takes long.
hammer: $(READY)
	Q2C_HAMMER=1 $(BIN)/pytest

# Rewrites the outputs that sessions keep. Read the difference before you commit it.
update: $(READY)
	Q2C_UPDATE=1 $(BIN)/pytest -q tests/test_sessions.py tests/test_tutorial.py
	git diff --stat tests/sessions docs/tutorial.md

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "q2c needs Python 3.11 or later; name one: make PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@
