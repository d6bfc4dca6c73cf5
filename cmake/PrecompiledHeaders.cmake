# Most of what a build costs is reading the same headers of other people, once a
# file. Here they are compiled once for all libraries and programs, and once more,
# with gRPC's, for those that talk it. Every target that shares them has the same
# options, -pthread among them: a compiler takes no others.
#
# Off, each file has to include what it uses: the linter's build is, so what a file
# forgets is seen there.
option(COMMONWAGE_PRECOMPILED_HEADERS
  "Compile other people's headers once for all" ON)

# commonwage_precompile(<name> LINKS ... HEADERS ...): makes the headers that
# commonwage_use_precompiled(<target> <name>) gives to a target.
function(commonwage_precompile name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS;HEADERS")
  if(NOT COMMONWAGE_PRECOMPILED_HEADERS)
    return()
  endif()
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${name}_headers.cc")
  file(CONFIGURE OUTPUT "${source}" CONTENT "")
  add_library(commonwage_${name}_headers OBJECT "${source}")
  target_link_libraries(commonwage_${name}_headers PRIVATE ${arg_LINKS})
  target_precompile_headers(commonwage_${name}_headers PRIVATE ${arg_HEADERS})
endfunction()

function(commonwage_use_precompiled target name)
  if(COMMONWAGE_PRECOMPILED_HEADERS)
    target_precompile_headers(${target} REUSE_FROM commonwage_${name}_headers)
  endif()
endfunction()

# Those of gRPC for a target that names it among what it links, or a service.
function(commonwage_precompiled_for target)
  if("${ARGN}" MATCHES "gRPC::|::proto_services")
    commonwage_use_precompiled(${target} grpc)
  else()
    commonwage_use_precompiled(${target} common)
  endif()
endfunction()

set(everywhere <algorithm> <cstdint> <functional> <map> <memory> <optional>
  <string> <utility> <vector> <absl/status/status.h> <absl/status/statusor.h>
  <absl/strings/str_cat.h> <absl/strings/string_view.h> <absl/time/time.h>
  <absl/types/span.h> <google/protobuf/message.h>)
set(linked_everywhere absl::span absl::status absl::statusor absl::strings
  absl::time protobuf::libprotobuf)

commonwage_precompile(common
  LINKS commonwage::compile_options ${linked_everywhere}
  HEADERS ${everywhere})
if(NOT COMMONWAGE_CORE_ONLY)
  commonwage_precompile(grpc
    LINKS commonwage::compile_options ${linked_everywhere} gRPC::grpc++
    HEADERS ${everywhere} <google/protobuf/map.h>
      <google/protobuf/repeated_field.h> <grpcpp/grpcpp.h>)
endif()
