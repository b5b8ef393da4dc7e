# Sargs. `make` alone lists the targets. Needs Python 3.11 or newer with venv, and make; everything else is installed
# into .venv or started by the targets themselves. `make PYTHON=python3.12 run` picks another Python.

PYTHON ?= python3
PORT ?= 8000
REDIS_PORT ?= 6390
SHELL := /bin/sh
PATH := $(CURDIR)/.venv/bin:$(PATH)
PYTHONUNBUFFERED := 1
# honcho hands every process another PORT of its own, so the page's port has its own name.
HTTP_PORT := $(PORT)
export PATH HTTP_PORT REDIS_PORT PYTHONUNBUFFERED

# With REDIS_URL set, that server is used and none is started.
PROCESSES := $(if $(REDIS_URL),,broker) web worker beat

.PHONY: help run test test-sqlite test-services check lint types imports migrations schema-check compose deploy tree \
        e2e bench format schema reset clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

# --- run -------------------------------------------------------------------------------------------------------------

run: export DEBUG ?= 1
run: export REDIS_URL ?= redis://127.0.0.1:$(REDIS_PORT)/0
run: .venv/.run  ## the whole service with demonstration data on http://127.0.0.1:8000 (PORT, REDIS_PORT)
	@mkdir -p var
	@python -c "$$CHECK_PORTS" $(PORT) $(if $(filter broker,$(PROCESSES)),$(REDIS_PORT))
	@python manage.py migrate --verbosity 0
	@python manage.py seed_demo
	@echo "Sargs: http://127.0.0.1:$(PORT)  (Ctrl-C stops everything)"
	@$(SUPERVISE)

# Ctrl-C reaches make, this shell and honcho together; `kill` often reaches make alone, which then waits for its child
# without telling it. So the shell also looks whether make is gone or (on Linux) holds SIGHUP or SIGINT while it waits.
define SUPERVISE
python -m honcho start $(PROCESSES) & honcho=$$!; asked=; \
stop() { [ "$$asked" ] || kill -TERM $$honcho 2>/dev/null; asked=1; }; \
trap stop HUP INT TERM; \
while kill -0 $$honcho 2>/dev/null; do \
  sleep 1; \
  kill -0 $$PPID 2>/dev/null || stop; \
  ! grep -qs '^SigBlk:.*[1235679abdef]$$' /proc/$$PPID/status || stop; \
done; \
wait $$honcho; code=$$?; [ "$$asked" ] || exit $$code
endef

define CHECK_PORTS
import socket, sys
for port in sys.argv[1:]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', int(port)))
        except (OSError, ValueError, OverflowError) as error:
            sys.exit(f'Port {port} cannot be used ({error}). Choose others: make run PORT=8001 REDIS_PORT=6391')
endef
export CHECK_PORTS

# --- prove -----------------------------------------------------------------------------------------------------------

# The lanes decide themselves which database and broker they use.
ALONE := env -u DATABASE_URL -u REDIS_URL -u DEBUG -u SECRET_KEY

test: test-sqlite test-services  ## everything that needs no browser: SQLite, then PostgreSQL and Valkey

test-sqlite: .venv/.dev
	$(ALONE) python -m pytest -n auto tests --ignore=tests/e2e --ignore=tests/services

test-services: .venv/.dev
	$(ALONE) python -m pytest tests/services

e2e: .venv/.dev  ## the browser: Playwright and axe in the system's Chromium
	$(ALONE) python -m pytest -n auto tests/e2e

bench: .venv/.dev  ## every file in bench/; each prints one JSON object
	@for file in bench/*.py; do $(ALONE) python "$$file" || exit; done

check: lint types imports tree migrations schema-check deploy compose  ## everything that finds faults without running the service

lint: .venv/.dev
	python -m ruff format --check .
	python -m ruff check .

types: .venv/.dev
	$(ALONE) python -m mypy

imports: .venv/.dev
	$(ALONE) lint-imports --no-cache

tree: .venv/.dev
	$(ALONE) python -m pytest -q tests/test_architecture.py

migrations: .venv/.dev
	$(ALONE) python manage.py makemigrations --check --dry-run

schema-check: .venv/.dev
	@mkdir -p var
	$(ALONE) python manage.py spectacular --validate --fail-on-warn --file var/openapi.yaml
	@diff -u docs/openapi.yaml var/openapi.yaml || { echo "The API differs from docs/openapi.yaml: make schema, and read the change."; exit 1; }

# As in production, with names that no machine has.
deploy: .venv/.dev
	$(ALONE) DEBUG=0 ALLOWED_HOSTS=sargs.example CSRF_TRUSTED_ORIGINS=https://sargs.example \
	  SECRET_KEY="$$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	  python manage.py check --deploy --fail-level WARNING

compose:
	@if docker compose version >/dev/null 2>&1; then compose="docker compose"; \
	elif command -v docker-compose >/dev/null; then compose="docker-compose"; \
	elif [ "$$CI" ]; then echo "docker-compose is missing: apt install docker-compose"; exit 1; \
	else echo "docker-compose.yml: not looked at, docker-compose is not installed here"; exit 0; fi; \
	SECRET_KEY=only-read-not-run POSTGRES_PASSWORD=only-read-not-run $$compose config --quiet && echo "docker-compose.yml: valid"

# --- work ------------------------------------------------------------------------------------------------------------

format: .venv/.dev  ## put the code into the project's form
	python -m ruff format .
	python -m ruff check --fix .

schema: .venv/.dev  ## write docs/openapi.yaml from the code
	$(ALONE) python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

reset:  ## throw the demonstration data away (var/)
	rm -rf var

clean: reset  ## and the virtual environment
	rm -rf .venv

# --- .venv: a stamp for each set of requirements ---------------------------------------------------------------------

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Sargs needs Python 3.11 or newer, this is " + sys.version.split()[0] + ". Another one: make PYTHON=python3.12 run")'
	@$(PYTHON) -m venv .venv || { echo "venv is missing (Debian: apt install python3-venv)"; exit 1; }

.venv/.run: requirements.txt | .venv/bin/python
	python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@
