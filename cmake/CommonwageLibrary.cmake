# commonwage_library(<name> HEADERS ... SOURCES ... [PUBLIC ...] [PRIVATE ...])
#
# Declares commonwage::<name>, the library of a folder (or of a part of it that
# must stay apart, such as privacy_noise). Headers are included as
# "<folder>/<file>.h"; each is also compiled alone by the target
# all_verify_interface_header_sets, so none leans on its includer's includes.
function(commonwage_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "HEADERS;SOURCES;PUBLIC;PRIVATE")
  add_library(commonwage_${name} STATIC)
  add_library(commonwage::${name} ALIAS commonwage_${name})
  target_sources(commonwage_${name}
    PRIVATE ${arg_SOURCES}
    PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${arg_HEADERS})
  target_link_libraries(commonwage_${name}
    PUBLIC ${arg_PUBLIC}
    PRIVATE ${arg_PRIVATE} commonwage::compile_options)
  set_target_properties(commonwage_${name} PROPERTIES
    EXPORT_NAME ${name} VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# commonwage_binary(<name> SOURCES ... DEPS ...): build/<preset>/bin/<name>.
function(commonwage_binary name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} commonwage::compile_options)
endfunction()

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
    ${arg_DEPS} commonwage::compile_options GTest::gmock GTest::gtest_main)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  add_test(NAME ${name} COMMAND ${name} ${arg_ARGS}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
