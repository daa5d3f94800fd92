# One command each: `make demo`, `make test`, `make install PREFIX=…`.

PREFIX ?= /usr/local
STATIC := .build/static
ARCHIVE := $(firstword $(wildcard /usr/lib/*/libpg_query.a /usr/local/lib/libpg_query.a))
BINARY := .build/release/sqllock
ROOT := $(DESTDIR)$(PREFIX)
SHARE := $(ROOT)/share
RELEASE := -c release --product sqllock --static-swift-stdlib -Xlinker -L$(STATIC)

# How long `make fuzz` looks for inputs that fail, in seconds.
SECONDS := 60
# The tests that run under sanitizers, without PostgreSQL. Those of wrong SQL and of inputs of any size
# run the binary, which is built with the sanitizer as well.
SANITIZED = $(SANITIZED-$*)
SANITIZED-address := PostgresSyntaxTests|LintPageTests|CatalogTests|RoutineTests|ReportsTests|WrongSQLTests|GrowthTests|ConfigurationReaderTests
# Those that use several threads.
SANITIZED-thread := LintPageTests|CatalogTests|RoutineTests|EvidenceTests|FileRoleTests|WrongSQLTests
# The system's default linker can't link what AddressSanitizer instruments.
SANITIZER_FLAGS := -Xswiftc -use-ld=lld
COVERAGE := -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp

.PHONY: demo test format lint-format build-release manual install wheel deb test-packaging benchmarks \
  packages test-packages \
  sanitize sanitize-address sanitize-thread fuzz scaling

# Sets up and runs the main job: lints examples/.
demo: packages
	swift build --product sqllock
	.build/debug/sqllock lint --fail-on never examples

# Sets up and runs all tests, those against a PostgreSQL server included.
test: packages test-packages
	swift build --build-tests
	swift test --skip-build

# Runs the tests that need no server under AddressSanitizer and ThreadSanitizer.
sanitize: sanitize-address sanitize-thread

sanitize-address sanitize-thread: sanitize-%: packages test-packages
	swift build --build-tests --sanitize=$* --scratch-path .build/sanitize-$* $(SANITIZER_FLAGS)
	SQLLOCK_SANITIZED=1 SQLLOCK_STATEMENTS=$${SQLLOCK_STATEMENTS:-400} \
	  ASAN_OPTIONS=detect_leaks=0 \
	  swift test --skip-build --sanitize=$* --scratch-path .build/sanitize-$* $(SANITIZER_FLAGS) \
	  --filter '$(SANITIZED)'

# Looks for bytes that crash or hang the linter, beginning with all SQL of the tests, the rules and
# the examples. What fails is kept in .build/fuzz.
fuzz: packages
	swift build -c release --package-path Fuzz --sanitize=address $(SANITIZER_FLAGS) $(COVERAGE)
	mkdir -p .build/fuzz/found .build/fuzz/failures
	scripts/collect-sql .build/fuzz/seeds
	ASAN_OPTIONS=detect_leaks=0 Fuzz/.build/release/fuzz -max_total_time=$(SECONDS) -timeout=60 \
	  -rss_limit_mb=6000 -print_final_stats=1 -artifact_prefix=.build/fuzz/failures/ \
	  .build/fuzz/found .build/fuzz/seeds 2>&1

# How the work grows with inputs of every kind: a table for sizes 1, 2, 4 and 8.
scaling: packages test-packages
	swift build --build-tests
	SQLLOCK_SCALING=1 swift test --skip-build --filter GrowthTests/table

# A release binary that starts without Swift on the machine. With libpg_query's archive at hand it
# is linked in as well: the folder in front of the system's holds nothing but the archive.
build-release: packages
	mkdir -p $(STATIC)
	$(if $(ARCHIVE),ln -sf $(ARCHIVE) $(STATIC)/libpg_query.a,@echo "libpg_query.a is not here: the binary will need libpg_query.so")
	swift build $(RELEASE)

# The manual page and the completions of shells come from the commands themselves.
manual:
	swift package --allow-writing-to-package-directory generate-manual --configuration debug \
	  --date 2026-01-01 >/dev/null
	mkdir -p .build/manual
	cp .build/plugins/GenerateManual/outputs/sqllock/sqllock.1 .build/manual/sqllock.1

install: build-release manual
	install -d "$(ROOT)/bin" "$(SHARE)/man/man1" "$(SHARE)/bash-completion/completions" \
	  "$(SHARE)/zsh/site-functions" "$(SHARE)/fish/vendor_completions.d"
	install -m 755 $(BINARY) "$(ROOT)/bin/sqllock"
	gzip -9nc .build/manual/sqllock.1 >"$(SHARE)/man/man1/sqllock.1.gz"
	$(BINARY) --generate-completion-script bash >"$(SHARE)/bash-completion/completions/sqllock"
	$(BINARY) --generate-completion-script zsh >"$(SHARE)/zsh/site-functions/_sqllock"
	$(BINARY) --generate-completion-script fish >"$(SHARE)/fish/vendor_completions.d/sqllock.fish"

# A Python wheel that carries the binary, in dist/.
wheel: build-release test-packages
	mkdir -p dist
	strip -o .build/sqllock $(BINARY)
	.build/python/bin/python3 packaging/make-wheel .build/sqllock dist

# A Debian package, in dist/.
deb: packages
	@sh scripts/packages dpkg-dev
	rm -rf .build/deb
	$(MAKE) install DESTDIR=.build/deb PREFIX=/usr
	strip .build/deb/usr/bin/sqllock
	packaging/make-deb .build/deb dist

# Installs both in places that have nothing else: a fresh virtual environment, a fresh Debian.
test-packaging: wheel deb
	@sh scripts/packages debootstrap
	packaging/test-packages dist

benchmarks: build-release
	swift build -c release --package-path Benchmarks
	Benchmarks/.build/release/benchmarks generate /tmp/sqllock-corpus --files 1000 --bytes 2500000 --seed 1
	Benchmarks/.build/release/benchmarks measure /tmp/sqllock-corpus --binary .build/release/sqllock

format:
	swift format --in-place --recursive Package.swift Sources rules Tests Plugins Benchmarks/Sources Fuzz/Package.swift Fuzz/Sources

lint-format:
	swift format lint --strict --recursive Package.swift Sources rules Tests Plugins Benchmarks/Sources Fuzz/Package.swift Fuzz/Sources

packages:
	@sh scripts/packages libpg-query-dev libtomlplusplus-dev pkg-config

test-packages:
	@sh scripts/packages postgresql postgresql-contrib libpq-dev git python3 python3-venv
	@sh scripts/python-tools .build/python Tests/requirements.txt
