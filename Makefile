# `make help` lists the targets. Build steps leave stamp files in .cache/, so a second run repeats only outdated steps.

.DEFAULT_GOAL := help
SHELL := /bin/sh
.SUFFIXES:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := node_modules/.bin
CACHE := .cache
# All cargo commands that compile the addon must use the same value, otherwise cargo compiles the addon again.
export NAPI_TYPE_DEF_TMP_FOLDER := $(CURDIR)/$(CACHE)/napi-types

# The list includes directories so that removed and renamed files also trigger a rebuild.
RUST_SOURCES := Cargo.toml $(wildcard Cargo.lock) \
  $(shell find crate server lua \( -type d -o -name '*.rs' -o -name '*.lua' -o -name Cargo.toml \) 2>/dev/null)
GENERATORS := $(addprefix scripts/,aliases.json alias-table.mjs aliases.mjs sync-methods.mjs doc-comments.mjs generated.mjs \
  bundle.mjs bundle-types.mjs bundle-cli.mjs operations-table.mjs expressions-table.mjs doc-tables.mjs client-names.json \
  migration-tables.mjs counterparts.mjs counterparts.json)
TS_SOURCES := tsconfig.json tsconfig.build.json \
  $(shell find lib cli chaos -mindepth 1 \( -type d -o -name '*.ts' -o -name '*.mts' \) 2>/dev/null)

.PHONY: help
help: ## List these targets
	@awk -F ':.*## ' '/^[a-zA-Z_-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- set up ---------------------------------------------------------------------------------------------------------

.PHONY: doctor
doctor: ## Check that the tools for building the project are installed
	@sh scripts/doctor.sh

.PHONY: install
install: $(CACHE)/installed ## Install the npm packages from the lock file

$(CACHE)/installed: package.json package-lock.json | doctor
	@echo '==> installing the npm packages'
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@mkdir -p $(CACHE) && touch $@

.PHONY: hooks
hooks: ## Install the pre-commit hook (the fast checks of `make check`)
	git config core.hooksPath .githooks

# ---- build ----------------------------------------------------------------------------------------------------------

.PHONY: dev-build
dev-build: $(CACHE)/native-fast $(CACHE)/dist ## Build everything with fast compilation, for tests and the demo

.PHONY: build
build: $(CACHE)/native-release $(CACHE)/dist ## Build everything as released: link-time optimised, slow to compile

# The root directory holds a single addon, so building it with one profile outdates the stamp of the other.
$(CACHE)/native-fast: $(RUST_SOURCES) scripts/build-native.mjs | $(CACHE)/installed
	@echo '==> compiling the addon and aerospike-local (a few minutes where nothing is compiled yet)'
	@node scripts/build-native.mjs --profile fast
	@rm -f $(CACHE)/native-release && touch $@

$(CACHE)/native-release: $(RUST_SOURCES) scripts/build-native.mjs | $(CACHE)/installed
	@echo '==> compiling the addon and aerospike-local with link-time optimisation (many minutes)'
	@node scripts/build-native.mjs --profile release
	@rm -f $(CACHE)/native-fast && touch $@

$(CACHE)/dist: $(TS_SOURCES) $(GENERATORS) package.json | $(CACHE)/installed
	@echo '==> bundling lib/ to dist/, and cli/'
	@node scripts/aliases.mjs
	@node scripts/sync-methods.mjs
	@rm -rf $(CACHE)/types # stale output of a moved module would shadow the new one
	@$(BIN)/tsc -p tsconfig.build.json
	@node scripts/bundle.mjs
	@node scripts/bundle-types.mjs
	@node scripts/bundle-cli.mjs
	@node scripts/operations-table.mjs
	@node scripts/expressions-table.mjs
	@node scripts/migration-tables.mjs
	@touch $@

.PHONY: addon
addon: $(CACHE)/installed ## Build only the addon, with fast compilation
	@node scripts/build-native.mjs --profile fast -p aerospike-napi

.PHONY: types
types: $(CACHE)/installed ## Generate what is checked in: ClientSync's methods, aliases, index.d.ts and the like, docs tables, npm/
	@node scripts/aliases.mjs
	@node scripts/sync-methods.mjs
	@rm -rf $(CACHE)/types
	@$(BIN)/tsc -p tsconfig.build.json
	@node scripts/bundle-types.mjs
	@node scripts/operations-table.mjs
	@node scripts/expressions-table.mjs
	@node scripts/migration-tables.mjs
	@node scripts/platform-packages.mjs

.PHONY: docs
docs: $(CACHE)/installed $(CACHE)/docs-installed ## Build the documentation site in .cache/site; SITE_BASE=/path/ where it is served
	@echo '==> the API reference'
	@cd docs && npm run --silent api
	@echo '==> the site'
	@cd docs && npm run --silent build

.PHONY: docs-preview
docs-preview: $(CACHE)/installed $(CACHE)/docs-installed ## Serve the guides while you edit them, with the API reference that `make docs` has built
	@cd docs && npm run --silent preview

$(CACHE)/docs-installed: docs/package.json docs/package-lock.json
	@echo '==> installing the npm packages of the site'
	@cd docs && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: pack
pack: build ## Pack the packages for this platform into release/, to install them elsewhere
	@node scripts/pack.mjs

.PHONY: set-version
set-version: $(CACHE)/installed ## Set the version of all packages for a release: VERSION=1.2.3
	@node scripts/set-version.mjs '$(VERSION)'
	@node scripts/platform-packages.mjs

.PHONY: clean
clean: ## Remove build output; keeps node_modules
	rm -rf dist target .cache coverage docs/api docs/project *.node *.tgz

# ---- run ------------------------------------------------------------------------------------------------------------

.PHONY: demo
demo: dev-build ## Run the demo on real data; set AEROSPIKE_HOST=host:port to use your own server
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/demo/demo.ts

.PHONY: feature-store
feature-store: dev-build ## Run the feature store example (Arrow tables in, columns out); AEROSPIKE_HOST as above
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/feature-store/feature-store.ts

.PHONY: service
service: dev-build ## Run the examples/fastify-service web service with aerospike-local at http://127.0.0.1:8000/docs
	@cd examples/fastify-service && npm ci --no-audit --no-fund --loglevel=error && npm run --silent start:local

.PHONY: test-service
test-service: dev-build ## Type-check and test examples/fastify-service; downloads its packages
	@cd examples/fastify-service && npm ci --no-audit --no-fund --loglevel=error && npm run --silent types && npm test

.PHONY: geo-search
geo-search: dev-build ## Run the geospatial example (places in circles and polygons); AEROSPIKE_HOST as above
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/geo-search/geo-search.ts

.PHONY: export
export: dev-build ## Run the export example (query to Arrow file); FILE=name keeps the file, AEROSPIKE_HOST as above
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/export/export.ts

.PHONY: bank
bank: dev-build ## Run the bank example (transactions while nodes are killed); RUN_SECONDS=60 for longer
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/bank/bank.ts

.PHONY: example
example: dev-build ## Run one of the small examples, such as NAME=user-crud; examples/README.md lists them
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/$(NAME)/$(NAME).mts

.PHONY: cli
cli: dev-build ## Run the command line: ARGS='scan test/users --limit 5'
	@node $(CACHE)/cli/main.mjs $(ARGS)

.PHONY: chaos
chaos: dev-build ## Run the chaos kit, a load on three nodes while nodes fail: MINUTES=1, SEED=number, ARGS='--hosts ... --command ...'
	@$(BIN)/tsx --tsconfig chaos/tsconfig.json chaos/main.mts --minutes $(or $(MINUTES),1) $(if $(SEED),--seed $(SEED)) $(ARGS)

.PHONY: soak
soak: dev-build ## Run a steady load for MINUTES=30 and check that nothing grows; ARGS='--report soak' writes plots
	@node --expose-gc --import tsx chaos/soak.mts --minutes $(or $(MINUTES),30) $(ARGS)

.PHONY: metrics
metrics: dev-build ## Run the metrics example (a client under load); STAY=1 keeps it running, AEROSPIKE_HOST as above
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/metrics/metrics.ts

.PHONY: tracing
tracing: dev-build ## Run the tracing example; OTEL_EXPORTER_OTLP_ENDPOINT sets the collector, AEROSPIKE_HOST as above
	@$(BIN)/tsx --tsconfig examples/tsconfig.json examples/tracing/tracing.ts

.PHONY: run-aerospike-ce
run-aerospike-ce: ## Run a real server (Community Edition) in a container on port 18710
	@sh scripts/run-aerospike-ce.sh

# BENCH_COUNT, BENCH_ROUNDS, BENCH_CONCURRENCY, BENCH_BATCH_GROUPS and AEROSPIKE_HOST reach the program as variables of the environment.
.PHONY: run-benchmark
run-benchmark: build $(CACHE)/benchmark-installed ## Benchmark against the official client and the core: BENCH_ROUNDS=20, ARGS='--clients ours,official --suites get'
	@cd benchmark && npm run --silent benchmark -- $(ARGS)

.PHONY: run-benchmark-report
run-benchmark-report: $(CACHE)/installed ## Write docs/performance.md, its charts and the table of README.md from the newest report
	@$(BIN)/tsx benchmark/make-report.ts

.PHONY: bench-smoke
bench-smoke: dev-build $(CACHE)/benchmark-installed ## Compare the CPU time per call with recorded ratios, within a minute
	@cd benchmark && node_modules/.bin/tsx smoke.ts $(ARGS)

.PHONY: count-instructions
count-instructions: ## Count the instructions of codecs and buffers with valgrind, and compare them with recorded counts; ARGS=--record writes them
	@node benchmark/count-instructions.mjs $(ARGS)

$(CACHE)/benchmark-installed: benchmark/package.json benchmark/package-lock.json | $(CACHE)/installed
	@echo '==> installing the npm packages of the benchmark'
	@cd benchmark && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# ---- test -----------------------------------------------------------------------------------------------------------

.PHONY: test
test: dev-build ## Run all tests that need only Node, Rust and a C compiler; set AEROSPIKE_HOST to use your own server
	@node scripts/test.mjs vitest cargo

.PHONY: test-unit
test-unit: dev-build ## Run the TypeScript tests that do not need a server
	@$(BIN)/vitest run --project unit --project types

.PHONY: test-integration
test-integration: dev-build ## Run the TypeScript tests that need a server; they start it themselves
	@$(BIN)/vitest run --project integration --project lifecycle

.PHONY: test-package
test-package: dev-build ## Pack the package, install it elsewhere and use it from CommonJS and ESM
	@$(BIN)/vitest run --project package

.PHONY: test-rust
test-rust: dev-build ## Run the Rust tests
	@node scripts/test.mjs cargo

.PHONY: test-extra
test-extra: dev-build ## Run the tests that need Prometheus or downloads: other Node versions, Bun, Deno, publint, attw
	@node scripts/test.mjs extra

.PHONY: fuzz
fuzz: ## Fuzz one target, such as TARGET=addon_value, for MINUTES=10; without TARGET, list the targets
	@node scripts/fuzz.mjs $(if $(TARGET),'$(TARGET)' --minutes '$(or $(MINUTES),10)',--list)

.PHONY: miri
miri: ## Run the tests of queues, wakeups, buffers and codecs under Miri; concurrent ones with SEEDS=16 schedules
	@sh scripts/miri.sh '$(or $(SEEDS),16)'

.PHONY: cross
cross: $(CACHE)/dist ## Build for other platforms and run the packages in emulators: TARGETS='aarch64-unknown-linux-gnu ...'
	@node scripts/cross.mjs $(TARGETS) $(ARGS)

# ---- check ----------------------------------------------------------------------------------------------------------

.PHONY: check
check: check-types check-format check-phrases check-docs check-rust check-generated ## Check types, lint, clippy, format, generated files (no tests)

.PHONY: check-types
check-types: $(CACHE)/dist
	@echo '==> types'
	@$(BIN)/tsc -p tsconfig.json
	@$(BIN)/tsc -p __test__
	@if [ -n "$$(find examples -name '*.*ts' -not -path '*/node_modules/*')" ]; then $(BIN)/tsc -p examples; fi
	@$(BIN)/tsc -p chaos
	@$(BIN)/tsc -p cli
	@$(BIN)/tsc -p __test__/hostile

.PHONY: check-format
check-format: $(CACHE)/installed
	@echo '==> biome and rustfmt'
	@$(BIN)/biome check --error-on-warnings .
	@cargo fmt --all --check
	@cargo fmt --manifest-path fuzz/Cargo.toml --check

.PHONY: check-phrases
check-phrases: $(CACHE)/installed
	@echo '==> wording'
	@node scripts/check-phrases.mjs
	@node scripts/check-guarantees.mjs

.PHONY: check-docs
check-docs: $(CACHE)/installed
	@echo '==> doc comments'
	@node scripts/check-docs.mjs

.PHONY: check-rust
check-rust: | doctor
	@echo '==> clippy'
	@mkdir -p $(NAPI_TYPE_DEF_TMP_FOLDER)
	@cargo clippy --profile fast --workspace --all-targets --quiet -- -D warnings

.PHONY: check-generated
check-generated: dev-build
	@echo '==> generated files'
	@node scripts/platform-packages.mjs --check
	@node scripts/rust-catalog.mjs --check
	@node scripts/third-party.mjs --check
	@$(BIN)/tsx benchmark/make-report.ts --check
	@node scripts/check-generated.mjs

.PHONY: catalog
catalog: $(CACHE)/installed ## Write crate/src/catalog from lib/catalog
	@node scripts/rust-catalog.mjs

.PHONY: third-party
third-party: ## Write THIRD_PARTY.md, the licences of what the packages contain, from Cargo.lock and package-lock.json
	@node scripts/third-party.mjs

.PHONY: audit
audit: $(CACHE)/installed ## Check dependencies for advisories and licences, and the workflows; needs the network, installs what is missing
	@node scripts/audit.mjs

.PHONY: sbom
sbom: $(CACHE)/installed ## Write the CycloneDX bills of materials to .cache/sbom
	@node scripts/sbom.mjs

.PHONY: lint
lint: $(CACHE)/installed check-rust ## Run only the linters
	@$(BIN)/biome lint --error-on-warnings .

.PHONY: fmt
fmt: $(CACHE)/installed ## Format all files and apply automatic fixes
	@$(BIN)/biome check --write .
	@cargo fmt --all
	@cargo fmt --manifest-path fuzz/Cargo.toml
