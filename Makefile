# Everything a person types here works on a fresh machine with python3 (3.11 or newer) and make.
.PHONY: run test check fix bench setup setup-dev lock translations calendar classifier
PYTHON ?= python3
BIN := .venv/bin

run: setup            ## start the bot; without BOT_TOKEN, the playground
	$(BIN)/huashu run

test: setup-dev       ## run the tests
	$(BIN)/pytest --ignore=tests/web
	$(BIN)/pytest tests/web -n 0   # a browser and a real bot beside each other: they want the machine for themselves

check: setup-dev      ## what CI runs: format, lint, types, import contract, catalogues, tests
	$(BIN)/ruff format --check bot tests
	$(BIN)/ruff check bot tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot.locales.make --check
	$(MAKE) test

fix: setup-dev        ## put the code in order
	$(BIN)/ruff format bot tests
	$(BIN)/ruff check --fix bot tests

bench: setup-dev      ## print the figures of this machine
	$(BIN)/python -m tests.bench

translations: setup-dev  ## bring bot/locales up to date with the texts in the code
	$(BIN)/python -m bot.locales.make

calendar: setup-dev   ## seed phrasebook/calendar.yaml with the years the library knows
	$(BIN)/python -m tests.seed_calendar

classifier: setup-dev   ## learn bot/checks/classifier.npz from phrasebook/drafts
	$(BIN)/python -m bot.checks.make_classifier

lock: setup-dev       ## lock the newest versions that fit pyproject.toml
	$(BIN)/uv pip compile $(LOCK) --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(LOCK) --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
LOCK := --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q

setup: .venv/ready
setup-dev: .venv/ready-dev

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新的版本。"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
