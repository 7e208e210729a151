# The project's everyday commands. Each is a thin name over CMake's presets, and sets up what it
# needs by itself: on a fresh Debian 12, make and this checkout are enough.
#
#   make            build the program; ./ream is it
#   make run        write 500 files into out/ and list them
#   make test       build and run the tests
#   make torture    the same proofs, thousands of times: an hour or two, as root
#   make bench      measure, and print the table of figures
#   make bench-peers    measure beside other programs, as root; writes docs/benchmarks.md
#   make bench-truth    whether what ream bench says is true: twenty minutes on a quiet machine
#   make bench-parts    measure each part by itself: claim, job, tree, writer, process, listing
#   make check      everything that CI checks
#   make install    into PREFIX (/usr/local), beneath DESTDIR where that is set
#   make package    Debian packages: build/package/packages/*.deb
#   make docs       pages about the library: build/release/docs/html
#   make dist       an archive of the last commit's sources: build/ream-VERSION.tar.gz
#   make check-package, check-dist, check-shared
#                   before a release: the packages in a fresh Debian (as root), the archive by
#                   itself, and the tests with a shared library
#   make check-abi BASE=COMMIT
#                   do programs linked with COMMIT's shared library run with this one?
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
.PHONY: program help packages run test torture bench bench-peers bench-truth bench-parts check install package \
  docs dist check-package check-dist check-shared check-abi format clean

program: packages $(build)/build.ninja
	$(call cmake_build,ream_program)
	@ln -sfn $(build)/src/ream ream

help:
	@sed -n '/^#   /s/^#   //p' Makefile

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

bench-truth: program
	@tools/install-packages bench peers
	$(call cmake_build,bench_programs)
	bench/truth --ream $(build)/src/ream --raw $(build)/bench/generate_raw

bench-parts: program
	@tools/install-packages bench
	cmake --preset $(PRESET)
	$(call cmake_build,bench_parts)
	set -e; for part in $(filter-out main,$(basename $(notdir $(wildcard bench/subjects/*.cpp)))); do \
	  $(build)/bench/bench_$$part --benchmark_enable_random_interleaving=true; done

check:
	.ci/run

install: program
	$(call cmake_build,ream user_files)
	DESTDIR="$(DESTDIR)" cmake --install $(build) --prefix "$(abspath $(PREFIX))"

# Everything that is installed, built to be a package: see the preset.
package:
	@tools/install-packages build deb
	cmake --preset package
	cmake --build --preset package $(if $(limit),-- $(limit))
	tools/package build/package

docs: packages $(build)/build.ninja
	@tools/install-packages docs
	cmake --preset $(PRESET)
	$(call cmake_build,docs)

dist:
	tools/dist

check-package: package
	@tools/install-packages root
	tools/check-package

check-dist: packages
	tools/check-dist

check-shared: packages
	@tools/install-packages ci
	$(MAKE) test PRESET=shared
	tools/check-exports build/shared/src/libream.so
	$(MAKE) install PRESET=shared DESTDIR= PREFIX=build/shared/prefix
	tools/check-pkg-config build/shared/prefix

check-abi: packages
	@tools/install-packages ci
	$(if $(BASE),,$(error make check-abi BASE=COMMIT: the commit to compare with))
	tools/check-abi $(BASE)

format:
	@tools/install-packages ci
	tools/check-format --fix

clean:
	rm -rf build out ream
