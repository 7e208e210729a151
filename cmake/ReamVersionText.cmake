# What 'ream --version' tells beyond the version, for the file of `target` that prints it.
#
# The commit is looked up by each build, and written to a file of its own that stays as it is while the
# commit does: a new commit compiles that file and nothing else.
function(ream_version_text target)
  set(commit_file ${CMAKE_CURRENT_BINARY_DIR}/generated/commit.cpp)
  add_custom_target(ream_commit
    COMMAND ${CMAKE_COMMAND} -D SOURCE=${PROJECT_SOURCE_DIR} -D OUTPUT=${commit_file}
            -P ${PROJECT_SOURCE_DIR}/cmake/write_commit.cmake
    BYPRODUCTS ${commit_file} COMMENT "" VERBATIM)
  add_dependencies(${target} ream_commit)
  target_sources(${target} PRIVATE ${commit_file})

  set(library_type static)
  if(BUILD_SHARED_LIBS)
    set(library_type shared)
  endif()
  set(flags "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${CMAKE_BUILD_TYPE}}")
  string(REGEX MATCH "-fsanitize=([a-z,-]+)" sanitized "${flags}")
  set(facts
    "REAM_BUILD_TYPE=\"$<CONFIG>\""
    "REAM_LIBRARY_TYPE=\"${library_type}\""
    "REAM_SANITIZERS=\"${CMAKE_MATCH_1}\""
    "REAM_LIBRARIES=\"Boost ${Boost_VERSION_STRING}, fmt ${fmt_VERSION}, \
simdjson ${simdjson_VERSION}, OpenSSL ${OPENSSL_VERSION}\"")
  set_source_files_properties(cli/version_text.cpp PROPERTIES
    COMPILE_DEFINITIONS "${facts}" SKIP_PRECOMPILE_HEADERS ON)
endfunction()
