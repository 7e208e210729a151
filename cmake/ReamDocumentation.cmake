# The target `docs`: pages about the public headers, in docs/html of the build directory. A warning of
# Doxygen's is an error.
find_package(Doxygen QUIET)
if(NOT PROJECT_IS_TOP_LEVEL OR NOT DOXYGEN_FOUND)
  return()
endif()

set(DOXYGEN_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/docs)
set(DOXYGEN_PROJECT_NUMBER ${PROJECT_VERSION})
set(DOXYGEN_USE_MDFILE_AS_MAINPAGE ${PROJECT_SOURCE_DIR}/docs/library.md)
set(DOXYGEN_STRIP_FROM_PATH ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/docs)
set(DOXYGEN_STRIP_FROM_INC_PATH ${PROJECT_SOURCE_DIR}/include)
set(DOXYGEN_FILTER_PATTERNS *.hpp=${PROJECT_SOURCE_DIR}/docs/doxygen-filter)
set(DOXYGEN_FILE_PATTERNS *.hpp)

# What is public is shown, with a comment or without; the inner parts that templates need are not.
set(DOXYGEN_EXTRACT_ALL YES)
set(DOXYGEN_EXCLUDE_SYMBOLS ream::detail ream::detail::* detail)
set(DOXYGEN_HIDE_UNDOC_RELATIONS YES)
set(DOXYGEN_JAVADOC_AUTOBRIEF YES)
set(DOXYGEN_SORT_MEMBER_DOCS NO)
set(DOXYGEN_HAVE_DOT NO)
set(DOXYGEN_GENERATE_LATEX NO)
set(DOXYGEN_MACRO_EXPANSION YES)
set(DOXYGEN_EXPAND_ONLY_PREDEF YES)
set(DOXYGEN_PREDEFINED REAM_API= REAM_HIDDEN=)

set(DOXYGEN_QUIET YES)
set(DOXYGEN_WARN_AS_ERROR FAIL_ON_WARNINGS)
doxygen_add_docs(docs ${PROJECT_SOURCE_DIR}/include/ream ${PROJECT_SOURCE_DIR}/docs/library.md
                 COMMENT "Pages about the library, in ${PROJECT_BINARY_DIR}/docs/html")
