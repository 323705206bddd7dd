# make serve | test | check | e2e | oracle | bench | fuzz - each sets up what it needs, once.

PORT  ?= 5432
FRESH ?=
ARGS  ?=

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN       := .venv/bin
INSTALLED := .venv/.installed
DRIVER    := .venv/driver
STATE     := var
CHECKS    := 'ruff format --check .' 'ruff check .' mypy 'pytest -q tests/test_imports.py'

.DELETE_ON_ERROR:
.PHONY: help serve test check e2e oracle bench fuzz postgresql clean

help:
	@echo 'make serve   a server on 127.0.0.1:$(PORT) with a sample database in ./$(STATE)   (PORT=6000  FRESH=1  ARGS="--log-level debug")'
	@echo 'make test    the whole test-suite                                      (ARGS="-k cursor")'
	@echo 'make check   format, lint, types, import directions'
	@echo 'make e2e     real clients only'
	@echo 'make oracle  agreement with PostgreSQL per theme and every difference  (ARGS="theme ...")'
	@echo 'make bench   side by side with PostgreSQL; results in ./$(STATE)/bench'
	@echo 'make fuzz    the fuzz tests, longer'

serve: $(INSTALLED)
	@if [ -n '$(FRESH)' ]; then $(BIN)/python tools/port_is_free.py $(PORT) && rm -rf $(STATE)/sandbox; fi
	@mkdir -p $(STATE)
	@exec $(BIN)/pgiris serve --port $(PORT) --sandbox-path $(STATE)/sandbox --users-file $(STATE)/users --sample $(ARGS)

test: $(INSTALLED) $(DRIVER) postgresql
	@$(BIN)/pytest -q $(ARGS)

check: $(INSTALLED)
	@status=0; for check in $(CHECKS); do echo "$$check"; $(BIN)/$$check || status=1; done; exit $$status

e2e: $(INSTALLED) postgresql
	@$(BIN)/pytest -q tests/e2e tests/oracle $(ARGS)

oracle: $(INSTALLED) postgresql
	@$(BIN)/python -m tests.oracle $(ARGS)

bench: $(INSTALLED) postgresql
	@$(BIN)/python -m tests.bench $(ARGS)

fuzz: $(INSTALLED)
	@HYPOTHESIS_PROFILE=long $(BIN)/pytest -q tests/fuzz --timeout 3600 $(ARGS)

$(INSTALLED): pyproject.toml
	@if [ -z '$(PYTHON)' ]; then echo 'Python 3.11 or newer is needed and none is on PATH' >&2; exit 1; fi
	@[ -x $(BIN)/python ] && $(BIN)/python -m pip --version >/dev/null 2>&1 || tools/make_venv.sh '$(PYTHON)' .venv
	@echo 'Installing pgiris and its development tools into .venv'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(DRIVER): $(INSTALLED)  # beside the other packages, as the tests' stand-in has its name
	@rm -rf $@ && $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $@.new 'intersystems-irispython>=5.4.1' \
		&& mv $@.new $@ || echo 'The driver of IRIS is not to be had; its comparison with the stand-in is skipped' >&2

postgresql:
	@tools/install_postgresql.sh

clean:
	rm -rf .venv $(STATE) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
