# Boost is linked statically (a program that maps fewer libraries starts and forks faster), and
# fmt is used as headers only: Debian has no static fmt. simdjson exists only as a shared library.
set(Boost_USE_STATIC_LIBS ON)
set(OPENSSL_USE_STATIC_LIBS ON)
find_package(Boost 1.81 REQUIRED COMPONENTS filesystem json program_options)
find_package(fmt 9 REQUIRED)
find_package(simdjson 3.0 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
