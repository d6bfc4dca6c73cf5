# What partner apps get: find_package(commonwage) gives commonwage::client, the
# libraries below it, and their headers. Install it alone with
#   cmake --install BUILD --component partner --prefix PREFIX
set(partner_libraries
  commonwage_artefacts commonwage_base commonwage_client commonwage_crypto commonwage_crypto_blind_rsa
  commonwage_figures commonwage_figures_request commonwage_privacy commonwage_privacy_estimate
  commonwage_privacy_model commonwage_survey)
set(partner_headers "${CMAKE_INSTALL_INCLUDEDIR}/commonwage")
set(partner_package "${CMAKE_INSTALL_LIBDIR}/cmake/commonwage")

install(TARGETS ${partner_libraries} EXPORT commonwage
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT partner
  FILE_SET HEADERS DESTINATION "${partner_headers}" COMPONENT partner)
install(TARGETS commonwage_compile_options commonwage_proto_messages
    commonwage_proto_services commonwage_wallet_records EXPORT commonwage
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT partner)
# Generated headers belong to no file set.
target_include_directories(commonwage_proto_messages SYSTEM PUBLIC
  "$<INSTALL_INTERFACE:${partner_headers}>")
install(DIRECTORY "${PROJECT_BINARY_DIR}/proto/commonwage"
    "${PROJECT_BINARY_DIR}/proto/google"
  DESTINATION "${partner_headers}" COMPONENT partner
  FILES_MATCHING PATTERN "*.grpc.pb.h" EXCLUDE PATTERN "*.pb.h"
  PATTERN "CMakeFiles" EXCLUDE)
# The lists are no headers, and base/reasons.h is made of them.
install(FILES
    "${PROJECT_SOURCE_DIR}/base/reasons_of_clients.inc"
    "${PROJECT_SOURCE_DIR}/base/reasons_of_programs.inc"
    "${PROJECT_SOURCE_DIR}/base/reasons_of_servers.inc"
  DESTINATION "${partner_headers}/base" COMPONENT partner)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/wallet_records.pb.h"
  DESTINATION "${partner_headers}/client" COMPONENT partner)

install(EXPORT commonwage NAMESPACE commonwage:: COMPONENT partner
  DESTINATION "${partner_package}" FILE commonwage-targets.cmake)
configure_package_config_file(commonwage-config.cmake.in
  "${CMAKE_CURRENT_BINARY_DIR}/commonwage-config.cmake"
  INSTALL_DESTINATION "${partner_package}")
# Before 1.0 every minor version may differ.
write_basic_package_version_file(
  "${CMAKE_CURRENT_BINARY_DIR}/commonwage-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
    "${CMAKE_CURRENT_BINARY_DIR}/commonwage-config.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/commonwage-config-version.cmake"
  DESTINATION "${partner_package}" COMPONENT partner)
