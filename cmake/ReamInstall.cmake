# What `cmake --install` puts where: the program, the library with its headers, and the package
# `ream` for find_package and pkg-config. An install() without a COMPONENT is the program's.
include(CMakePackageConfigHelpers)

set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/ream)

# ream::program, which may be there without the library and the other way round.
set_target_properties(ream_program PROPERTIES EXPORT_NAME program)
install(TARGETS ream_program EXPORT reamProgramTargets
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(EXPORT reamProgramTargets NAMESPACE ream:: DESTINATION ${package_directory})
install(TARGETS ream EXPORT reamTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library
        NAMELINK_COMPONENT development)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ream DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        COMPONENT development FILES_MATCHING PATTERN "*.hpp")
install(EXPORT reamTargets NAMESPACE ream:: DESTINATION ${package_directory} COMPONENT development)

# What a project that asks finds Boost and libcrypto as, where it has no wish of its own.
set(ream_static_by_default ON)
if(BUILD_SHARED_LIBS)
  set(ream_static_by_default OFF)
endif()
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/reamConfig.cmake.in ${PROJECT_BINARY_DIR}/reamConfig.cmake
  INSTALL_DESTINATION ${package_directory})
# Before 1.0 a new minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/reamConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/reamConfig.cmake ${PROJECT_BINARY_DIR}/reamConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/ReamWrite.cmake
        DESTINATION ${package_directory} COMPONENT development)

# For pkg-config. What is installed may be moved: paths begin where the file itself lies.
set(pc_libdir ${CMAKE_INSTALL_LIBDIR})
set(pc_includedir ${CMAKE_INSTALL_INCLUDEDIR})
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(pc_prefix ${CMAKE_INSTALL_PREFIX})
else()
  file(RELATIVE_PATH up /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${up}")
endif()
foreach(directory pc_libdir pc_includedir)
  if(NOT IS_ABSOLUTE "${${directory}}")
    string(PREPEND ${directory} "\${prefix}/")
  endif()
endforeach()
# A shared library brings its own along; of Boost.Filesystem the headers themselves call some.
set(pc_needs "")
if(NOT BUILD_SHARED_LIBS)
  set(pc_needs "Requires.private: libcrypto >= 3.0, simdjson >= 3.0\nLibs.private: -lboost_json")
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/ream.pc.in ${PROJECT_BINARY_DIR}/ream.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/ream.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT development)
