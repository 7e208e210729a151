# Run by cpack for the source package, which is then the archive that tools/dist makes.
execute_process(COMMAND ${CPACK_REAM_SOURCE_DIRECTORY}/tools/dist ${CPACK_TEMPORARY_DIRECTORY}
                OUTPUT_VARIABLE archive OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
set(CPACK_EXTERNAL_BUILT_PACKAGES ${archive})
