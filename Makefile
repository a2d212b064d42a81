# make help
.PHONY: help setup run test format lint bench fuzz screenshots

help: ## Show these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## Install what the build needs
	@bin/setup

run: ## Build in release mode and serve the demo company at http://127.0.0.1:8080
	@bin/run

test: ## Run every test, on SQLite and PostgreSQL and in a browser
	@bin/test

format: ## Lay out the Swift code
	@swift format --in-place --recursive --parallel Package.swift Sources Tests Fuzz

lint: ## Say where the layout of the Swift code differs
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests Fuzz

bench: ## Measure the speed
	@bin/run bench

screenshots: ## Take the pictures in docs/screenshots and look for faults on the pages
	@bin/screenshots

fuzz: ## Fuzz a reader of outside data: make fuzz NAME=CSVRows SECONDS=60
	@bin/fuzz $(NAME) $(SECONDS)
