# What every test is built with. Half of what a build costs is its tests, and
# most of that is the same few headers and an optimiser that they do not need.
# Headers compiled once want the same options everywhere, -pthread among them.
add_library(commonwage_test_options INTERFACE)
add_library(commonwage::test_options ALIAS commonwage_test_options)
target_compile_options(commonwage_test_options INTERFACE
  -pthread $<$<CONFIG:RelWithDebInfo>:-O1;-g1>)
target_link_libraries(commonwage_test_options INTERFACE
  commonwage::compile_options GTest::gmock)

file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/test_headers.cc" CONTENT "")
add_library(commonwage_test_headers OBJECT
  "${CMAKE_CURRENT_BINARY_DIR}/test_headers.cc")
target_link_libraries(commonwage_test_headers PRIVATE commonwage::test_options
  absl::statusor absl::strings absl::time)
target_precompile_headers(commonwage_test_headers PRIVATE
  <string> <vector> <gmock/gmock.h> <gtest/gtest.h> <absl/status/statusor.h>
  <absl/strings/str_cat.h> <absl/time/time.h>)

# commonwage_test(<file> DEPS ... [ARGS ...]): tests/privacy/noise_test.cc, named
# from tests/ or from its own folder, becomes the CTest case privacy.noise_test,
# run from the root of the source tree.
function(commonwage_test file)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS;ARGS")
  if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    cmake_path(ABSOLUTE_PATH file)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${PROJECT_SOURCE_DIR}/tests")
  endif()
  string(REPLACE "/" "." name "${file}")
  string(REPLACE ".cc" "" name "${name}")
  add_executable(${name} "${PROJECT_SOURCE_DIR}/tests/${file}")
  target_link_libraries(${name} PRIVATE
    ${arg_DEPS} commonwage::test_options GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM commonwage_test_headers)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  add_test(NAME ${name} COMMAND ${name} ${arg_ARGS}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
