# Boost and libcrypto are linked statically where nobody says otherwise (a program that maps fewer
# libraries starts and forks faster), but into a shared library, whose users have boost::filesystem in
# common with it. simdjson exists only as a shared library.
foreach(choice Boost_USE_STATIC_LIBS OPENSSL_USE_STATIC_LIBS)
  if(NOT DEFINED ${choice})
    set(${choice} ON)
    if(BUILD_SHARED_LIBS)
      set(${choice} OFF)
    endif()
  endif()
endforeach()
find_package(Boost 1.81 REQUIRED COMPONENTS filesystem json program_options)
find_package(fmt 9 REQUIRED)
find_package(simdjson 3.0 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)

# Debian has no static fmt, and as headers alone its functions are compiled anew in each file: half of
# what a file takes. So they are compiled once, in src/text/fmt_instances.cpp, and in a namespace of
# their own, so that they are nobody else's fmt where libream.a is linked beside one.
add_library(ream_fmt INTERFACE)
target_include_directories(ream_fmt SYSTEM INTERFACE
  $<TARGET_PROPERTY:fmt::fmt-header-only,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(ream_fmt INTERFACE
  "FMT_BEGIN_NAMESPACE=namespace fmt { inline namespace within_ream {" "FMT_END_NAMESPACE=} }")
