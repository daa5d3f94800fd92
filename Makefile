# One command each: `make demo`, `make test`, `make install PREFIX=…`.

PREFIX ?= /usr/local
STATIC := .build/static
ARCHIVE := $(firstword $(wildcard /usr/lib/*/libpg_query.a /usr/local/lib/libpg_query.a))
RELEASE := -c release --product sqllock --static-swift-stdlib -Xlinker -L$(STATIC)

.PHONY: demo test format lint-format build-release install benchmarks packages test-packages

# Sets up and runs the main job: lints examples/.
demo: packages
	swift build --product sqllock
	.build/debug/sqllock lint --fail-on never examples

# Sets up and runs all tests, those against a PostgreSQL server included.
test: packages test-packages
	swift build --build-tests
	swift test --skip-build

# A release binary that starts without Swift on the machine. With libpg_query's archive at hand it
# is linked in as well: the folder in front of the system's holds nothing but the archive.
build-release: packages
	mkdir -p $(STATIC)
	$(if $(ARCHIVE),ln -sf $(ARCHIVE) $(STATIC)/libpg_query.a,@echo "libpg_query.a is not here: the binary will need libpg_query.so")
	swift build $(RELEASE)

install: build-release
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 "$$(swift build $(RELEASE) --show-bin-path)/sqllock" "$(DESTDIR)$(PREFIX)/bin/sqllock"

benchmarks: build-release
	swift build -c release --package-path Benchmarks
	Benchmarks/.build/release/benchmarks generate /tmp/sqllock-corpus --files 1000 --bytes 2500000 --seed 1
	Benchmarks/.build/release/benchmarks measure /tmp/sqllock-corpus --binary .build/release/sqllock

format:
	swift format --in-place --recursive Package.swift Sources rules Tests Plugins Benchmarks/Sources

lint-format:
	swift format lint --strict --recursive Package.swift Sources rules Tests Plugins Benchmarks/Sources

packages:
	@sh scripts/packages libpg-query-dev pkg-config

test-packages:
	@sh scripts/packages postgresql postgresql-contrib libpq-dev git python3 python3-jsonschema
