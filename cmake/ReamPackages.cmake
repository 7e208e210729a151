# Debian packages, by cpack: `ream` is the program with what belongs to it, `libream-dev` the library
# for those who compile with it. The library is a static one there; a shared one goes into no package,
# since its soname changes with each minor version before 1.0.
find_program(REAM_DPKG dpkg)
if(NOT PROJECT_IS_TOP_LEVEL OR BUILD_SHARED_LIBS OR NOT REAM_DPKG)
  return()
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ream)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

# What Debian wants to find in each package, compressed as it wants it.
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/debian_files.cmake)
set(CPACK_REAM_SOURCE_DIRECTORY ${PROJECT_SOURCE_DIR})

# The first line of each package's own description is its summary.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "ream maintainers <ream@example.org>")

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME ream)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "writes a whole batch of files at once
A driver forks worker processes, each writes its own files, the driver waits
for all of them and then lists the directory. A fresh directory appears
whole or not at all, and when a worker dies, others do its files again.
.
The files are generated, or described by a manifest, which ream also makes
of a directory. It writes checksum files and verifies directories by them.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libream-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "libboost1.81-dev, libboost-filesystem1.81-dev, libboost-json1.81-dev, libssl-dev (>= 3.0), libsimdjson-dev (>= 3.0)")
# ream_write() runs the program; who only links the library can do without.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS
    "ream (= ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "writes a whole batch of files at once (C++ library)
The headers and the static library for C++20: batches of files that are
written by forked worker processes, functions that run in a process of
their own, a pool whose workers may crash, and a server that gives each
connection a process.
.
CMake finds it as ream::ream, pkg-config as ream.")

# The target `package_source`: what `make dist` makes, and nothing of what else lies in the directory.
set(CPACK_SOURCE_GENERATOR External)
set(CPACK_EXTERNAL_PACKAGE_SCRIPT ${PROJECT_SOURCE_DIR}/packaging/source_archive.cmake)

include(CPack)
