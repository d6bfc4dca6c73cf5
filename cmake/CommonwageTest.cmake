# What every test is built with. Half of what a build costs is its tests, and
# most of that is the same few headers and an optimiser that they do not need.
add_library(commonwage_test_options INTERFACE)
add_library(commonwage::test_options ALIAS commonwage_test_options)
target_compile_options(commonwage_test_options INTERFACE
  $<$<CONFIG:RelWithDebInfo>:-O1>)
target_link_libraries(commonwage_test_options INTERFACE
  commonwage::compile_options GTest::gmock)

commonwage_precompile(test
  LINKS commonwage::test_options ${linked_everywhere} absl::str_format
  HEADERS ${everywhere} <array> <cmath> <filesystem> <fstream> <set> <thread>
    <gmock/gmock.h> <gtest/gtest.h> <absl/strings/str_format.h>
    <absl/strings/str_join.h> <absl/strings/str_replace.h>
    <absl/strings/str_split.h> <absl/time/clock.h>)

# Runs the cases of the files that it is given.
add_library(commonwage_test_main OBJECT
  "${PROJECT_SOURCE_DIR}/tests/testing/test_main.cc")
target_link_libraries(commonwage_test_main PRIVATE commonwage::test_options)
commonwage_use_precompiled(commonwage_test_main test)

# commonwage_test(<file> [APART] DEPS ...): tests/privacy/noise_test.cc, named
# from tests/ or from its own folder, becomes the CTest case privacy.noise_test,
# run from the root of the source tree.
#
# The files of a folder are one program, privacy_tests, so that what they share is
# linked once; and each file is one case, in a process of its own. A process for
# each TEST would be eight times as many, each of which loads gRPC and abseil anew.
#
# APART makes a program of the test's name: for what replaces functions of the
# system, reads its own memory, has definitions of its own, needs the product's
# programs where the rest of its folder does not, or is built by itself.
function(commonwage_test file)
  cmake_parse_arguments(PARSE_ARGV 1 arg "APART" "" "DEPS")
  if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    cmake_path(ABSOLUTE_PATH file)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${PROJECT_SOURCE_DIR}/tests")
  endif()
  string(REPLACE "/" "." name "${file}")
  string(REPLACE ".cc" "" name "${name}")
  if(arg_APART)
    set(program ${name})
  else()
    cmake_path(GET file PARENT_PATH folder)
    string(REPLACE "/" "." program "${folder}_tests")
  endif()
  if(NOT arg_APART)
    add_custom_target(${name})  # So that the test's name is a target, too.
    add_dependencies(${name} ${program})
  endif()
  if(NOT TARGET ${program})
    add_executable(${program} $<TARGET_OBJECTS:commonwage_test_main>)
    target_link_libraries(${program} PRIVATE commonwage::test_options GTest::gtest)
    commonwage_use_precompiled(${program} test)
    set_target_properties(${program} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  endif()
  target_sources(${program} PRIVATE "${PROJECT_SOURCE_DIR}/tests/${file}")
  target_link_libraries(${program} PRIVATE ${arg_DEPS})
  add_test(NAME ${name} COMMAND ${program} "tests/${file}"
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
