# What `cmake --install` puts where: the program, the library with its headers, and the package
# `ream` for find_package, which brings ream_write().
include(CMakePackageConfigHelpers)

set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/ream)

# ream::program and ream::ream.
set_target_properties(ream_program PROPERTIES EXPORT_NAME program)
install(TARGETS ream_program EXPORT reamTargets RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS ream EXPORT reamTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ream DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.hpp")
install(EXPORT reamTargets NAMESPACE ream:: DESTINATION ${package_directory})

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/reamConfig.cmake.in ${PROJECT_BINARY_DIR}/reamConfig.cmake
  INSTALL_DESTINATION ${package_directory})
# Before 1.0 a new minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/reamConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/reamConfig.cmake ${PROJECT_BINARY_DIR}/reamConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/ReamWrite.cmake
        DESTINATION ${package_directory})
