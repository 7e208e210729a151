# The project's everyday commands. Each is a thin name over CMake's presets, and sets up what it
# needs by itself: on a fresh Debian 12, make and this checkout are enough.
#
#   make            build the program; ./ream is it
#   make run        write 500 files into out/ and list them
#   make test       build and run the tests
#   make torture    the same proofs, thousands of times: an hour or two, as root
#   make bench      measure, and print the table of figures
#   make bench-peers    measure beside other programs, as root; writes docs/benchmarks.md
#   make bench-parts    measure each part by itself: claim, job, tree, writer, process, listing
#   make check      everything that CI checks
#   make install    into PREFIX (/usr/local), beneath DESTDIR where that is set
#   make format     lay out the C++ files as .clang-format says
#   make clean      remove what these made
#
# PRESET=debug (asan, tsan, ...; see CMakePresets.json) builds another way; -j N limits the build.

PRESET ?= release
PREFIX ?= /usr/local
build := build/$(PRESET)

# Ninja uses every processor unless told otherwise, and knows nothing of make's job server. What is
# told this number does not ask that server.
limit = $(filter-out -j,$(filter -j%,$(MAKEFLAGS)))
cmake_build = cmake --build --preset $(PRESET) --target $(1) $(if $(limit),-- $(limit))

# The order is make's; what runs side by side is for ninja and ctest to say.
.NOTPARALLEL:
.PHONY: program help packages run test torture bench bench-peers bench-parts check install format clean

program: packages $(build)/build.ninja
	$(call cmake_build,ream_program)
	@ln -sfn $(build)/src/ream ream

help:
	@sed -n '/^#   make/s/^#   //p' Makefile

packages:
	@tools/install-packages

$(build)/build.ninja: CMakePresets.json | packages
	cmake --preset $(PRESET)
	@touch $@

run: program
	rm -rf out
	./ream generate $(limit) out

test: program
	$(call cmake_build,all)
	ctest --preset $(PRESET) $(or $(limit),-j$(shell nproc))

torture: program
	@tools/install-packages ci
	$(call cmake_build,all)
	set -e; for test in $(build)/test/test.torture.*; do REAM_TORTURE=1 "$$test" --log_level=message; done

bench: program
	@tools/install-packages bench
	$(call cmake_build,bench_programs)
	bench/speed-table --build $(build)

bench-peers: program
	@tools/install-packages peers
	$(call cmake_build,bench_programs)
	bench/peers/run --build $(build) --readme README.md

bench-parts: program
	@tools/install-packages bench
	cmake --preset $(PRESET)
	$(call cmake_build,bench_parts)
	set -e; for part in $(filter-out main,$(basename $(notdir $(wildcard bench/subjects/*.cpp)))); do \
	  $(build)/bench/bench_$$part --benchmark_enable_random_interleaving=true; done

check:
	.ci/run

install: program
	DESTDIR="$(DESTDIR)" cmake --install $(build) --prefix "$(abspath $(PREFIX))"

format:
	@tools/install-packages ci
	tools/check-format --fix

clean:
	rm -rf build out ream
