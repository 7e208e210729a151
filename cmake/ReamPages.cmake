# What a user of the program reads and has the shell read: manual pages, made of docs/man by scdoc, and
# completions, which the program prints itself. The target is `user_files`.
option(REAM_REQUIRE_PAGES "Fail where the manual pages cannot be made" OFF)
find_program(REAM_SCDOC scdoc)

set(manual_sources ${PROJECT_SOURCE_DIR}/docs/man)
set(manual_directory ${PROJECT_BINARY_DIR}/man)
set(user_files "")

# Without a time, the same sources would give other bytes on another day.
set(page_time ${CMAKE_COMMAND} -E env)
execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/version --time
                OUTPUT_VARIABLE time OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(time)
  list(APPEND page_time SOURCE_DATE_EPOCH=${time})
endif()

# What pages have in common takes the place of @NAME@ in them.
foreach(part BATCH_OPTIONS BATCH_SECTIONS COMMON_OPTIONS)
  string(TOLOWER ${part} name)
  string(REPLACE _ - name ${name})
  file(READ ${manual_sources}/parts/${name}.scd ${part})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
               ${manual_sources}/parts/${name}.scd)
endforeach()

# The pages as scdoc reads them are there without it too: a test compares them with what --help says.
file(GLOB pages RELATIVE ${manual_sources} CONFIGURE_DEPENDS ${manual_sources}/*.scd)
foreach(source IN LISTS pages)
  configure_file(${manual_sources}/${source} ${manual_directory}/${source} @ONLY)
  if(REAM_SCDOC)
    string(REGEX REPLACE "\\.scd$" "" page ${source})
    string(REGEX REPLACE ".*\\." "" section ${page})
    add_custom_command(
      OUTPUT ${manual_directory}/${page}
      COMMAND ${page_time} ${REAM_SCDOC}
              < ${manual_directory}/${source} > ${manual_directory}/${page}
      DEPENDS ${manual_directory}/${source} VERBATIM)
    list(APPEND user_files ${manual_directory}/${page})
    install(FILES ${manual_directory}/${page}
            DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT program)
  endif()
endforeach()
if(NOT REAM_SCDOC AND REAM_REQUIRE_PAGES)
  message(FATAL_ERROR "scdoc is needed for the manual pages, and is not there")
elseif(NOT REAM_SCDOC)
  message(STATUS "Manual pages are left out: scdoc is not there")
endif()

# completions_of(SHELL DIRECTORY NAME)
function(completions_of shell directory name)
  set(file ${PROJECT_BINARY_DIR}/completions/${shell}/${name})
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/completions/${shell})
  add_custom_command(OUTPUT ${file} COMMAND ream_program completion ${shell} > ${file}
                     DEPENDS ream_program VERBATIM)
  install(FILES ${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/${directory} COMPONENT program)
  set(user_files ${user_files} ${file} PARENT_SCOPE)
endfunction()

if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  message(STATUS "Completions are left out: the program, which prints them, does not run here")
else()
  completions_of(bash bash-completion/completions ream)
  completions_of(zsh zsh/site-functions _ream)
  completions_of(fish fish/vendor_completions.d ream.fish)
endif()

add_custom_target(user_files ALL DEPENDS ${user_files})
