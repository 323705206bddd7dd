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
NATIVE    := .venv/.native
CHECKS    := 'ruff format --check .' 'ruff check .' mypy 'pytest -q tests/test_imports.py'
CARGO_CHECKS := 'fmt --check' 'clippy --quiet --release -- --deny warnings'

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

serve: $(NATIVE)
	@if [ -n '$(FRESH)' ]; then $(BIN)/python tools/port_is_free.py $(PORT) && rm -rf $(STATE)/sandbox; fi
	@mkdir -p $(STATE)
	@exec $(BIN)/pgiris serve --port $(PORT) --sandbox-path $(STATE)/sandbox --users-file $(STATE)/users --sample $(ARGS)

test: $(NATIVE) $(DRIVER) postgresql
	@$(BIN)/pytest -q $(ARGS)

check: $(NATIVE)
	@status=0; for check in $(CHECKS); do echo "$$check"; $(BIN)/$$check || status=1; done; \
	if command -v cargo >/dev/null; then for check in $(CARGO_CHECKS); do echo "cargo $$check"; \
	        if cargo $${check%% *} --version >/dev/null 2>&1; then (cd native && cargo $$check) || status=1; else echo 'is not here'; fi; done; \
	    PGIRIS_ENCODER=native $(BIN)/python -c 'import sys; from pgiris.types import native; sys.exit(native.problem() or 0)' || status=1; \
	else echo 'cargo is not here: native/ is not checked'; fi; exit $$status

e2e: $(NATIVE) postgresql
	@$(BIN)/pytest -q tests/e2e tests/oracle $(ARGS)

oracle: $(NATIVE) postgresql
	@$(BIN)/python -m tests.oracle $(ARGS)

bench: $(NATIVE) postgresql
	@$(BIN)/python -m tests.bench $(ARGS)

fuzz: $(NATIVE)
	@HYPOTHESIS_PROFILE=long $(BIN)/pytest -q tests/fuzz --timeout 3600 $(ARGS)

# The compiled encoder is optional: without cargo, or if it cannot be built, Python does its work.
$(NATIVE): $(INSTALLED) $(wildcard native/src/*.rs) native/Cargo.toml native/Cargo.lock native/pyproject.toml
	@if command -v cargo >/dev/null; then echo 'Building the native encoder'; \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps ./native || \
	    echo 'The native encoder could not be built; Python does its work' >&2; \
	else echo 'cargo is not here: Python does the work of the native encoder'; fi
	@touch $@

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
	rm -rf .venv native/target $(STATE) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
