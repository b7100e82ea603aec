# What can be done here; needs python3 (3.11 or newer), git and make, and makes the rest itself.

BIN := .venv/bin
READY := .venv/.ready
PEERS := .venv/.peers-ready
PACKAGES := commands events aggregates projections services
# Only root may install a broker to measure beside, or take pictures of disks, to see what a power cut would leave there.
BROKER := $(if $(filter 0,$(shell id -u)),java maven kcat)
PICTURES := $(if $(filter 0,$(shell id -u)),xfs)
# Each has servers of its own: PostgreSQL, and what its share of the tests needs.
WORKERS ?= 2
# In CI nothing is skipped.
STRICT := $(if $(CI),-p tests.no_skips)
export PYTHON ?= python3

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo serve test coverage lint format bench soak system-packages clean

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

demo: $(READY) ## Start Zeren with a sample company in a fresh database
	@$(BIN)/zeren demo

serve: $(READY) ## Start Zeren on the database in .zeren, or on ZEREN_DATABASE_URL
	@$(BIN)/zeren serve

test: system-packages lint ## Check everything: lint, types, import contracts, all tests, coverage of the domain
	@$(BIN)/pytest $(STRICT) --numprocesses=$(WORKERS) tests/domain --cov --cov-report=term-missing:skip-covered --cov-fail-under=100
	@$(BIN)/pytest $(STRICT) --numprocesses=$(WORKERS) --ignore=tests/domain

coverage: system-packages ## Show what no test reaches in any package; measuring takes as long again as the tests
	@$(BIN)/pytest --numprocesses=$(WORKERS) $(addprefix --cov=,$(PACKAGES)) --cov-report=term-missing:skip-covered

lint: $(READY) ## Check style, types and who imports whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(READY) ## Format the code, and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(PEERS) ## Measure on this machine
	@scripts/system-packages $(BROKER)
	@$(BIN)/python -m benchmarks

soak: $(READY) ## Break everything under load, many times, and count what was lost
	@scripts/system-packages $(PICTURES)
	@$(BIN)/python -m soak

clean: ## Remove the environment and all caches; the database in .zeren stays
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

system-packages:
	@scripts/system-packages java maven npm chromium curl kcat pgbouncer chinese-fonts $(PICTURES)

$(READY): uv.lock pyproject.toml scripts/make-environment
	@scripts/make-environment
	@touch $@

$(PEERS): $(READY)
	@scripts/make-environment bench
	@touch $@
