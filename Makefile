STORES ?= bucket
ARGS ?=
HOME ?= $(CURDIR)/build/home
LANG ?= C.UTF-8
export HOME LANG
unexport PYTHONDONTWRITEBYTECODE
export PATH := $(or $(PATH),/usr/local/bin:/usr/bin:/bin):/usr/sbin:/sbin

BIN := .venv/bin
AS_ROOT = $$([ "$$(id -u)" = 0 ] || echo sudo)
LOCK := $(BIN)/uv --quiet pip compile pyproject.toml --all-extras --group dev --universal \
	--generate-hashes --no-emit-index-url --no-annotate --no-header --output-file requirements.lock

.DEFAULT_GOAL := help
.PHONY: help demo sandbox test image-test batch chaos night bench load client compatible release-api schemathesis lint style types imports scripts lock-check format check reference lock ready clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

demo: ## a school year in one command: prints, signs, keeps and proves (STORES=folder: without S3 servers)
	@.ci/setup run
	@$(BIN)/vedomost demo --stores $(STORES) --build build/demo

sandbox: ## a service to try: a school, tokens, keys and a snapshot in build/sandbox, until Ctrl+C
	@.ci/setup run
	@$(BIN)/vedomost sandbox --listen 127.0.0.1:8000 --build build/sandbox

test: ready ## the whole suite, or a part of it: make test ARGS="tests/domain -k rounding"
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

lint: ready ## style, types, import contracts, shell scripts, the lock
	@$(MAKE) --no-print-directory --keep-going style types imports scripts lock-check

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .

types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports --no-logo

scripts:
	shellcheck .ci/setup .ci/run deploy/secrets

lock-check:
	$(BIN)/uv pip check --quiet

image-test: ready ## build the Dockerfile without an engine, in clean roots, and start it (as root)
	$(AS_ROOT) $(BIN)/pytest --timeout 900 .ci/test_image.py

batch: ready ## 100 documents signed by both roles with keys of every sort, half of them wrong at first
	VEDOMOST_BATCH=100 $(BIN)/pytest --timeout 1800 tests/workflow/test_batch.py

chaos: ready ## 300 documents while processes, a host and a store die at random, on both databases
	CHAOS=300 $(BIN)/pytest -rP --timeout 3600 tests/jobs/test_chaos.py

night: ready ## the June night of a thousand schools, and one school's four thousand documents, on both databases
	NIGHT=1000 PILE=4000 $(BIN)/pytest -rP --timeout 3600 tests/workflow/test_night.py tests/jobs/test_fairness.py

bench: ## how fast and how frugal, beside peers measured in the same run; one alone: make bench ONLY=register
	@.ci/setup run
	@$(BIN)/python -m benchmarks $(ONLY)

load: ## 50 clients for two minutes against the running service: latencies, failures, memory
	@.ci/setup run
	@$(BIN)/python -m benchmarks load

client: ready ## write the typed client anew from what the service says of itself
	$(BIN)/python .ci/client.py

compatible: ready ## what a client of the released API would stumble over
	$(BIN)/python .ci/contract.py

release-api: ready ## keep today's description as the released one: no more of it may break
	$(BIN)/python .ci/contract.py --release

schemathesis: ready ## every check of Schemathesis in every phase against the running service, a quarter of an hour
	VEDOMOST_SCHEMATHESIS=1 $(BIN)/pytest -rP --timeout 3600 tests/web/test_contract_kept.py

format: ready ## rewrite the code the way lint wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: ## everything the gate checks
	@.ci/run

reference: ready ## write the configuration reference anew
	$(BIN)/vedomost settings reference --write

lock: ready ## pin the newest versions pyproject.toml allows
	UV_SYSTEM_CERTS=1 $(LOCK) --upgrade

ready: ## prepare the environment: system packages, uv, .venv
	@mkdir -p "$(HOME)"
	@.ci/setup test

clean: ## forget the environment and everything that was made
	rm -rf .venv build
