# What this project can do, a line each: `make help`.
#
# Steps leave stamps in .cache/, so that a second run does only what is outdated.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := node_modules/.bin
CACHE := .cache
# Only the clean-up of the developer's own npm settings; errors are still shown.
NPM_FLAGS := --no-audit --no-fund --loglevel=error

RUST_SOURCES := Cargo.toml $(wildcard Cargo.lock) $(shell find crate server \( -name '*.rs' -o -name Cargo.toml \) -not -path '*/target/*' 2>/dev/null)
TS_SOURCES := tsconfig.json tsconfig.build.json $(shell find lib -name '*.ts' 2>/dev/null)
BUILD_SCRIPTS := package.json $(wildcard scripts/*.mjs)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-zA-Z_-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- set up -----------------------------------------------------------------------------------------------------

.PHONY: doctor
doctor:
	@sh scripts/doctor.sh

.PHONY: install
install: $(CACHE)/installed ## Install the npm packages (npm ci)

$(CACHE)/installed: package.json package-lock.json | doctor
	@echo '==> installing npm packages'
	@npm ci --ignore-scripts $(NPM_FLAGS)
	@mkdir -p $(CACHE) && touch $@

# ---- build ------------------------------------------------------------------------------------------------------

.PHONY: dev-build
dev-build: $(CACHE)/native-fast $(CACHE)/dist ## Build all, quick to compile (what tests and the demo run)

.PHONY: build
build: $(CACHE)/native-release $(CACHE)/dist ## Build all as users get it (fat LTO: takes several minutes)

.PHONY: addon
addon: install ## Build the addon alone, quick to compile
	@node scripts/build-native.mjs --profile fast -p aerospike-napi

# One addon lies at the root: building with one profile outdates the other.
$(CACHE)/native-fast: $(RUST_SOURCES) scripts/build-native.mjs | $(CACHE)/installed
	@echo '==> building the addon and aerospike-local (the first time compiles all crates: a few minutes)'
	@node scripts/build-native.mjs --profile fast
	@rm -f $(CACHE)/native-release && touch $@

$(CACHE)/native-release: $(RUST_SOURCES) scripts/build-native.mjs | $(CACHE)/installed
	@echo '==> building the addon and aerospike-local with link-time optimisation (several minutes)'
	@node scripts/build-native.mjs --profile release
	@rm -f $(CACHE)/native-fast && touch $@

$(CACHE)/dist: $(TS_SOURCES) $(BUILD_SCRIPTS) | $(CACHE)/installed
	@echo '==> compiling lib/ to dist/'
	@$(BIN)/tsc -p tsconfig.build.json
	@touch $@

.PHONY: clean
clean: ## Remove what was built (node_modules stays)
	rm -rf dist target $(CACHE) coverage docs/api *.node *.tgz
