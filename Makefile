# What this project can do: `make help`. Steps leave stamps in .cache/, so that a second run does only what is outdated.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := node_modules/.bin
CACHE := .cache
# One value for every cargo command that compiles the addon: with another one cargo would compile it again.
export NAPI_TYPE_DEF_TMP_FOLDER := $(CURDIR)/$(CACHE)/napi-types

# The folders are among them for the sake of files that were removed or renamed.
RUST_SOURCES := Cargo.toml $(wildcard Cargo.lock) \
  $(shell find crate server lua \( -type d -o -name '*.rs' -o -name '*.lua' -o -name Cargo.toml \) 2>/dev/null)
TS_SOURCES := tsconfig.json tsconfig.build.json $(shell find lib \( -type d -o -name '*.ts' \) 2>/dev/null)

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-zA-Z_-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- set up ---------------------------------------------------------------------------------------------------------

.PHONY: doctor
doctor: ## Name what this machine lacks to build the project
	@sh scripts/doctor.sh

.PHONY: install
install: $(CACHE)/installed ## Install the npm packages, as the lock file has them

$(CACHE)/installed: package.json package-lock.json | doctor
	@echo '==> installing the npm packages'
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@mkdir -p $(CACHE) && touch $@

.PHONY: hooks
hooks: ## Install the pre-commit hook (the fast part of `make check`)
	git config core.hooksPath .githooks

# ---- build ----------------------------------------------------------------------------------------------------------

.PHONY: dev-build
dev-build: $(CACHE)/native-fast $(CACHE)/dist ## Build all, quick to compile: what the tests and the demo run

.PHONY: build
build: $(CACHE)/native-release $(CACHE)/dist ## Build all as users get it: link-time optimised, slow to compile

# One addon lies at the root: building it with one profile outdates the other.
$(CACHE)/native-fast: $(RUST_SOURCES) scripts/build-native.mjs | $(CACHE)/installed
	@echo '==> compiling the addon and aerospike-local (a few minutes where nothing is compiled yet)'
	@node scripts/build-native.mjs --profile fast
	@rm -f $(CACHE)/native-release && touch $@

$(CACHE)/native-release: $(RUST_SOURCES) scripts/build-native.mjs | $(CACHE)/installed
	@echo '==> compiling the addon and aerospike-local with link-time optimisation (many minutes)'
	@node scripts/build-native.mjs --profile release
	@rm -f $(CACHE)/native-fast && touch $@

$(CACHE)/dist: $(TS_SOURCES) package.json scripts/esm-wrappers.mjs scripts/bundle-types.mjs scripts/operations-table.mjs \
  scripts/expressions-table.mjs scripts/doc-tables.mjs scripts/client-names.json | $(CACHE)/installed
	@echo '==> compiling lib/ to dist/'
	@rm -rf dist $(CACHE)/types # what a module that was moved has left would be found before it
	@$(BIN)/tsc -p tsconfig.build.json
	@node scripts/esm-wrappers.mjs
	@node scripts/bundle-types.mjs
	@node scripts/operations-table.mjs
	@node scripts/expressions-table.mjs
	@touch $@

.PHONY: addon
addon: $(CACHE)/installed ## Build the addon alone, quick to compile
	@node scripts/build-native.mjs --profile fast -p aerospike-napi

.PHONY: types
types: $(CACHE)/installed ## Write the generated files: index.d.ts and its like, npm/<platform>
	@rm -rf $(CACHE)/types
	@$(BIN)/tsc -p tsconfig.build.json
	@node scripts/bundle-types.mjs
	@node scripts/operations-table.mjs
	@node scripts/expressions-table.mjs
	@node scripts/platform-packages.mjs

.PHONY: docs
docs: $(CACHE)/installed ## Write the API documentation to docs/api
	@$(BIN)/typedoc

.PHONY: clean
clean: ## Remove what was built; node_modules stays
	rm -rf dist target .cache coverage docs/api *.node *.tgz

# ---- run ------------------------------------------------------------------------------------------------------------

.PHONY: demo
demo: dev-build ## See it work on real data; AEROSPIKE_HOST=host:port names a server of yours
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/demo/demo.ts

.PHONY: feature-store
feature-store: dev-build ## See features go in as Arrow tables and come out in columns; AEROSPIKE_HOST as above
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/feature-store/feature-store.ts

.PHONY: service
service: dev-build ## Run the web service of examples/fastify-service on aerospike-local, http://127.0.0.1:8000/docs
	@cd examples/fastify-service && npm ci --no-audit --no-fund --loglevel=error && npm run --silent start:local

.PHONY: test-service
test-service: dev-build ## Check and test that service; fetches its packages
	@cd examples/fastify-service && npm ci --no-audit --no-fund --loglevel=error && npm run --silent types && npm test

.PHONY: geo-search
geo-search: dev-build ## Find airports and zip codes within circles and polygons; AEROSPIKE_HOST as above
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/geo-search/geo-search.ts

.PHONY: export
export: dev-build ## Export a set to an Arrow file by a query and sum it up; FILE keeps it, AEROSPIKE_HOST as above
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/export/export.ts

.PHONY: metrics
metrics: dev-build ## Put a client under load and look at its metrics; AEROSPIKE_HOST as above, STAY=1 goes on
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/metrics/metrics.ts

.PHONY: tracing
tracing: dev-build ## See the spans of a request; OTEL_EXPORTER_OTLP_ENDPOINT names a collector of yours, AEROSPIKE_HOST as above
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/tracing/tracing.ts

.PHONY: run-aerospike-ce
run-aerospike-ce: ## Run the real server (Community Edition) in a container, on port 18710
	@sh scripts/run-aerospike-ce.sh

.PHONY: run-benchmark
run-benchmark: build ## Measure against the official client and against the core alone
	@cd benchmark && npm ci --no-audit --no-fund --loglevel=error && npm run --silent benchmark

# ---- test -----------------------------------------------------------------------------------------------------------

.PHONY: test
test: dev-build ## Run all tests that need Node, Rust and a C compiler only; AEROSPIKE_HOST names another server
	@node scripts/test.mjs vitest cargo

.PHONY: test-unit
test-unit: dev-build ## Run the TypeScript tests that need no server
	@$(BIN)/vitest run --project unit --project types

.PHONY: test-integration
test-integration: dev-build ## Run the TypeScript tests that need a server, which they start
	@$(BIN)/vitest run --project integration --project lifecycle

.PHONY: test-package
test-package: dev-build ## Pack the package, install it elsewhere, use it from both module systems
	@$(BIN)/vitest run --project package

.PHONY: test-rust
test-rust: dev-build ## Run the Rust tests
	@node scripts/test.mjs cargo

.PHONY: test-extra
test-extra: dev-build ## Run what needs more: other Node versions, Bun and Deno (fetched), Prometheus (installed), publint, attw
	@node scripts/test.mjs extra

# ---- check ----------------------------------------------------------------------------------------------------------

.PHONY: check
check: check-types check-format check-rust check-generated ## Types, lint, format, clippy, generated files: all that is not a test

.PHONY: check-types
check-types: $(CACHE)/dist
	@echo '==> types'
	@$(BIN)/tsc -p tsconfig.json
	@$(BIN)/tsc -p __test__
	@if [ -n "$$(find examples -name '*.*ts' -not -path '*/node_modules/*')" ]; then $(BIN)/tsc -p examples; fi

.PHONY: check-format
check-format: $(CACHE)/installed
	@echo '==> biome and rustfmt'
	@$(BIN)/biome check --error-on-warnings .
	@cargo fmt --all --check

.PHONY: check-rust
check-rust: | doctor
	@echo '==> clippy'
	@mkdir -p $(NAPI_TYPE_DEF_TMP_FOLDER)
	@cargo clippy --profile fast --workspace --all-targets --quiet -- -D warnings

.PHONY: check-generated
check-generated: dev-build
	@echo '==> generated files'
	@node scripts/platform-packages.mjs --check
	@node scripts/check-generated.mjs

.PHONY: lint
lint: $(CACHE)/installed check-rust ## Lint only
	@$(BIN)/biome lint --error-on-warnings .

.PHONY: fmt
fmt: $(CACHE)/installed ## Format all, and fix what a tool can fix
	@$(BIN)/biome check --write .
	@cargo fmt --all
