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
  commonwage_precompiled_for(commonwage_${name} ${arg_PUBLIC} ${arg_PRIVATE})
  set_target_properties(commonwage_${name} PROPERTIES
    EXPORT_NAME ${name} VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# commonwage_binary(<name> SOURCES ... DEPS ...): build/<preset>/bin/<name>.
function(commonwage_binary name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} commonwage::compile_options)
  commonwage_precompiled_for(${name} ${arg_DEPS})
endfunction()
