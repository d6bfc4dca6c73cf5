find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto)
find_package(spdlog CONFIG REQUIRED)
# Headers alone: exact rationals, and the HTTP of the office.
find_package(Boost 1.74 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET "libsodium>=1.0.18")

# What members' names have in common. 72 is Debian 12's.
pkg_check_modules(icu REQUIRED IMPORTED_TARGET "icu-uc>=72" "icu-i18n>=72")

# Invitations on paper.
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET "libqrencode>=4.1")

# pkg-config reports the version of the SQLite inside: 3.46 is SQLCipher 4.6,
# 3.15 is the SQLCipher 3.4 of plain Debian 12, whose files we refuse to write.
pkg_check_modules(sqlcipher IMPORTED_TARGET "sqlcipher")
if(NOT sqlcipher_FOUND)
  message(FATAL_ERROR "SQLCipher is not installed. Run deploy/install-deps.sh.")
elseif(sqlcipher_VERSION VERSION_LESS 3.46)
  message(FATAL_ERROR
    "This SQLCipher is too old: it stands on SQLite ${sqlcipher_VERSION}, that is SQLCipher 3.x; "
    "Commonwage needs SQLCipher 4.6 or newer. Run deploy/install-deps.sh, "
    "which takes it from backports on Debian 12.")
endif()

if(NOT COMMONWAGE_CORE_ONLY)
  find_package(gRPC CONFIG REQUIRED)
  find_package(CLI11 CONFIG REQUIRED)
endif()
if(COMMONWAGE_BUILD_TESTS)
  find_package(GTest CONFIG REQUIRED)
  find_package(benchmark CONFIG REQUIRED)
endif()
