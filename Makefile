# Every target is one command of scripts/manage.py, so Windows has the same without make:
#   py scripts\manage.py run
PYTHON ?= python3
PORT ?=
ADDRESS ?= localhost
ARGS ?=
MANAGE = $(PYTHON) scripts/manage.py

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format data bench screenshots clean

help: ## show this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 22

setup: ## make .venv and install the pinned packages
	$(MANAGE) setup

run: ## set up where needed, then serve the app (PORT=8501; ADDRESS=0.0.0.0 for the network)
	$(MANAGE) run $(if $(PORT),--port $(PORT)) --address $(ADDRESS)

test: ## set up where needed, then run every check and test, browser tests included (ARGS go to pytest)
	$(MANAGE) test $(ARGS)

lint: ## ruff and mypy only
	$(MANAGE) lint

format: ## let ruff format the code
	$(MANAGE) format

data: ## make every generated data file anew, then check all records
	$(MANAGE) data

bench: ## measure speed and memory in a real browser, write benchmarks/results.json
	$(MANAGE) bench $(ARGS)

screenshots: ## make the README's pictures from the running app
	$(MANAGE) screenshots

clean: ## remove .venv, node_modules and caches (data and its history stay)
	$(MANAGE) clean
