.DEFAULT_GOAL := help
VENV := .venv
PYTHON := $(VENV)/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
THREADS ?= 4
# What asks a database nothing, or nothing that another would answer in another way.
ON_ANY_DATABASE := $(addprefix tests/,e2e deploy fields images demo/test_loaddemo.py selling/test_html.py selling/test_isolation.py \
	$(addprefix test_,docs.py html.py isolation.py observing.py settings.py) \
	$(addprefix accounts/test_,mail_server.py mails.py rights.py) \
	$(addprefix caching/test_,acting.py admission.py columns.py dependencies.py poisoning.py protocol.py) \
	$(addprefix security/test_,csrf.py expressions.py headers.py markup.py redirects.py sessions.py))

.PHONY: help run serve test test-postgres coverage mutants lighthouse lint format lock services bench bench-scale screenshots

help: ## Show the commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-13s %s\n", $$1, $$2 }'

run: export DEBUG ?= 1
run: $(VENV)/.runtime ## Start the shop for development, with the demo shop if the database is empty
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py loaddemo --if-empty
	@$(PYTHON) manage.py runserver $(HOST):$(PORT)

serve: $(VENV)/.runtime ## Start the production server (HOST, PORT, WORKERS, THREADS)
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py collectstatic --no-input --verbosity 0
	@$(PYTHON) -m storefront.preflight
	@exec env WORKERS=$(WORKERS) THREADS=$(THREADS) $(VENV)/bin/granian storefront.wsgi:application --interface wsgi --respawn-failed-workers --respawn-interval 15 --no-ws \
		--host $(HOST) --port $(PORT) --workers $(WORKERS) --blocking-threads $(THREADS)

test: $(VENV)/.development ## Run all tests (REQUIRE_SERVICES=1: a missing service is a failure)
	@$(PYTHON) -m pytest -q --numprocesses auto --dist loadgroup

test-postgres: $(VENV)/.development ## Run the tests that a database could change on a throw-away PostgreSQL
	@ls -d $(ON_ANY_DATABASE) >/dev/null # or what was moved would not be left out
	@$(PYTHON) -m tests.postgres -q --numprocesses auto $(ON_ANY_DATABASE:%=--ignore %) $(PYTEST)

coverage: PYTEST = --cov shop
coverage: test-postgres ## Run the same, and see that they cover the shop (takes half as long again)

mutants: $(VENV)/.development ## Put small faults into the cache and what else must not fail, and see that tests notice (an hour)
	@$(PYTHON) -m tests.mutants

lighthouse: $(VENV)/.development tests/lighthouse/node_modules ## Ask Lighthouse about home, category and product on the production server
	@$(PYTHON) -m tests.lighthouse

lint: $(VENV)/.development ## Check style, types, imports, templates and migrations
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/lint-imports --no-cache
	@$(VENV)/bin/djlint templates --lint --quiet
	@DEBUG=1 $(VENV)/bin/mypy --no-error-summary
	@DEBUG=1 $(PYTHON) manage.py makemigrations --check --dry-run --verbosity 1

format: $(VENV)/.development ## Format the code
	@$(VENV)/bin/ruff check --fix-only --quiet .
	@$(VENV)/bin/ruff format .

bench: $(VENV)/.development ## Measure, as ratios in one run; the tables go to docs/benchmarks.md
	@$(PYTHON) bench/pages.py
	@$(PYTHON) bench/speed.py
	@$(PYTHON) bench/ratio.py

bench-scale: $(VENV)/.development ## Measure cold pages of up to 1,000,000 products on PostgreSQL, 100,000 on SQLite (a quarter of an hour)
	@$(PYTHON) bench/scale.py
	@$(PYTHON) bench/scale.py --database sqlite

screenshots: $(VENV)/.development ## Walk from sign-up to a reviewed product, and take the pictures of the guides
	@$(PYTHON) -m docs.screenshots

lock: $(VENV)/.development ## Write the locked requirements from the .in files
	@$(VENV)/bin/pip install --quiet uv
	@for name in requirements requirements-observe requirements-dev; do \
		$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-strip-extras --no-emit-index-url --no-header $$name.in --output-file $$name.txt; done

services: ## Install what tests use of the system: memcached, PostgreSQL, Chromium, nginx, Varnish, npm (Debian, Ubuntu)
	@apt-get update -qq
	@DEBIAN_FRONTEND=noninteractive apt-get install -y -qq memcached postgresql chromium \
		nginx varnish varnish-modules $$(command -v npm >/dev/null || echo npm) >/dev/null
	@# Takes a third less time than a Chromium that draws windows nobody sees; Ubuntu has none.
	@apt-get install -y -qq chromium-headless-shell >/dev/null 2>&1 || true

$(VENV)/bin/python:
	@python3 -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the shop needs …"
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what tests need …"
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime

tests/lighthouse/node_modules: tests/lighthouse/package-lock.json
	@cd tests/lighthouse && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@
