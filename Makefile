.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

PYTHON_BIN := .venv/bin/python
TONGBAN := .venv/bin/tongban

## See it work
demo: prepare ## play a register and matters across two regions [INPUT=file.csv COUNT=n MESSAGES=file.csv]
	@$(PYTHON_BIN) -m deploy.regions up
	@$(PYTHON_BIN) -m deploy.demo $(if $(INPUT),--input "$(INPUT)") $(if $(COUNT),--count "$(COUNT)") $(if $(MESSAGES),--messages "$(MESSAGES)")

## The local stack (gateway at http://127.0.0.1:8080, data in .tongban/)
up: prepare ## start it, or what is missing of it
	@$(TONGBAN) up
status: prepare ## show its processes
	@$(TONGBAN) status
logs: prepare ## show the last log lines [P=process]
	@$(TONGBAN) logs $(P)
token: prepare ## print a development bearer token [CLIENT=applicant]
	@$(TONGBAN) token $(if $(CLIENT),--client "$(CLIENT)")
down: prepare ## stop it, and the partner regions on this machine; keep the data
	@$(PYTHON_BIN) -m deploy.regions down
clean: prepare ## stop it, and the partner regions on this machine; delete the data
	@$(PYTHON_BIN) -m deploy.regions clean

audit: prepare ## is every case with somebody, was everything heard? (all running regions)
	@$(PYTHON_BIN) -m deploy.audit
two-regions: prepare ## start two whole platforms that know each other [DO=up|status|down|clean]
	@$(PYTHON_BIN) -m deploy.regions $(if $(DO),$(DO),up)

## Work on it
test: prepare ## run all tests, or some [T=path]
	@.venv/bin/pytest $(T)
check: prepare ## format, lint, types, import contracts, protos, structure
	@$(PYTHON_BIN) -m deploy.check
bench: prepare ## measure against a monolith in the same run (needs wrk)
	@command -v wrk >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get install -y -qq --no-install-recommends wrk >/dev/null; }
	@$(PYTHON_BIN) -m tests.bench
chaos: prepare ## kill everything in two regions under load, then check every promise [SEED=n FOR=seconds]
	@$(PYTHON_BIN) -m tests.chaos $(if $(SEED),--seed $(SEED)) $(if $(FOR),--seconds $(FOR))
fix: prepare ## format and repair what can be repaired
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .
protos: prepare ## generate code from protos/
	@$(PYTHON_BIN) -m deploy.protos
prepare: ## make the machine ready (every target does it)
	@deploy/local/prepare.sh

help: ## show this list
	@awk -F ':.*## ' '/^## / { printf "\n%s\n", substr($$0, 4) } /^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo up status logs token down clean audit two-regions test check bench chaos fix protos prepare help
