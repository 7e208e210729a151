# Boost and libcrypto are linked statically where nobody says otherwise (a program that maps fewer
# libraries starts and forks faster), but into a shared library, whose users have boost::filesystem in
# common with it. fmt is used as headers only: Debian has no static fmt. simdjson exists only as a
# shared library.
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
