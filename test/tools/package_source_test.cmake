# What cpack packs as the sources is the archive that tools/dist makes, and nothing else.
#
# Usage: cmake -D BUILD=<the configured project> -D SOURCE=<its sources> -D SCRATCH=<directory>
#              -P package_source_test.cmake
cmake_minimum_required(VERSION 3.25)

get_filename_component(bin ${CMAKE_COMMAND} DIRECTORY)
file(REMOVE_RECURSE ${SCRATCH})
file(MAKE_DIRECTORY ${SCRATCH}/packed)
execute_process(COMMAND ${bin}/cpack --config ${BUILD}/CPackSourceConfig.cmake -B ${SCRATCH}/packed
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${SOURCE}/tools/dist ${SCRATCH}/dist
                OUTPUT_VARIABLE archive OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

get_filename_component(name ${archive} NAME)
file(GLOB packed RELATIVE ${SCRATCH}/packed ${SCRATCH}/packed/*)
list(FILTER packed EXCLUDE REGEX "^_CPack_Packages$|\\.json$")
if(NOT packed STREQUAL name)
  message(FATAL_ERROR "cpack packs the sources as '${packed}', not as '${name}'")
endif()
file(SHA256 ${archive} wanted)
file(SHA256 ${SCRATCH}/packed/${name} found)
if(NOT found STREQUAL wanted)
  message(FATAL_ERROR "${name} of cpack is not that of tools/dist")
endif()
file(REMOVE_RECURSE ${SCRATCH})
