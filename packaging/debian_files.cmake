# Run by cpack when the files of all packages lie in its staging directory, before it packs them.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
  return()
endif()
set(packages program:ream development:libream-dev)

function(read_from_tool result)
  execute_process(COMMAND ${CPACK_REAM_SOURCE_DIRECTORY}/tools/version ${ARGN}
                  OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(${result} "${said}" PARENT_SCOPE)
endfunction()

# Without a name and a time in it, the same files give the same bytes.
function(compress file)
  execute_process(COMMAND gzip -9nf ${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

read_from_tool(time --time)
set(ENV{SOURCE_DATE_EPOCH} ${time})
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)

foreach(pair IN LISTS packages)
  string(REGEX MATCH "^(.+):(.+)$" pair ${pair})
  set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${CMAKE_MATCH_1})
  set(package ${CMAKE_MATCH_2})
  if(NOT IS_DIRECTORY ${root})
    message(FATAL_ERROR "no files of the package ${package} in ${root}")
  endif()
  set(documents ${root}/usr/share/doc/${package})

  # Not file(INSTALL), which goes by the DESTDIR that cpack has set.
  configure_file(${CPACK_REAM_SOURCE_DIRECTORY}/packaging/copyright ${documents}/copyright COPYONLY)
  configure_file(${CPACK_REAM_SOURCE_DIRECTORY}/CHANGELOG.md ${documents}/changelog COPYONLY)
  configure_file(${CPACK_REAM_SOURCE_DIRECTORY}/packaging/changelog.in
                 ${documents}/changelog.Debian @ONLY)
  compress(${documents}/changelog)
  compress(${documents}/changelog.Debian)

  # Debian's zsh keeps site-functions for those who are no package.
  set(zsh ${root}/usr/share/zsh)
  if(EXISTS ${zsh}/site-functions)
    file(RENAME ${zsh}/site-functions ${zsh}/vendor-completions)
  endif()

  file(GLOB_RECURSE pages ${root}/usr/share/man/*.[1-9])
  foreach(page IN LISTS pages)
    if(IS_SYMLINK ${page})
      file(READ_SYMLINK ${page} target)
      file(REMOVE ${page})
      file(CREATE_LINK ${target}.gz ${page}.gz SYMBOLIC)
    else()
      compress(${page})
    endif()
  endforeach()
endforeach()
