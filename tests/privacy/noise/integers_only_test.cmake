# Fails if a source file in FOLDER has floating point outside its comments, and
# first shows on made lines that it would see it.

# Sets `result` to the offending part of a line of code, or to "".
function(find_floating_point line result)
  string(REGEX REPLACE "//.*" "" code "${line}")
  string(REGEX MATCH
    "(^|[^A-Za-z0-9_])((float|double)([^A-Za-z0-9_]|$)|(exp|log|sqrt|pow|floor|ceil|round|ldexp)l?[ ]*\\(|[0-9]+\\.[0-9]|[0-9]+e-?[0-9]|<cmath>|<cfloat>)"
    found "${code}")
  set(${result} "${found}" PARENT_SCOPE)
endfunction()

foreach(bad "double x;" "  float y = 1;" "x = std::exp(2);" "y = 0.5;"
    "z = 1e-9;" "#include <cmath>" "static_cast<long double>(x)")
  find_floating_point("${bad}" found)
  if(found STREQUAL "")
    message(FATAL_ERROR "this test does not see: ${bad}")
  endif()
endforeach()
foreach(good "// a double draw, 0.5" "DrawBernoulliExp(a, d, random)"
    "uint64_t doubled = 2;" "FloorSqrt(p / q) + 1" "0x1e5")
  find_floating_point("${good}" found)
  if(NOT found STREQUAL "")
    message(FATAL_ERROR "this test is wrong about: ${good}")
  endif()
endforeach()

file(GLOB sources "${FOLDER}/*.h" "${FOLDER}/*.cc")
list(LENGTH sources count)
if(count LESS 10)
  message(FATAL_ERROR "only ${count} sources found in ${FOLDER}")
endif()
set(faults "")
foreach(source ${sources})
  file(READ "${source}" text)
  # Brackets and semicolons would join and split the elements of a list.
  string(REGEX REPLACE "[][;]" " " text "${text}")
  string(REPLACE "\n" ";" lines "${text}")
  foreach(line IN LISTS lines)
    find_floating_point("${line}" found)
    if(NOT found STREQUAL "")
      list(APPEND faults "${source}: ${line}")
    endif()
  endforeach()
endforeach()
if(faults)
  list(JOIN faults "\n" text)
  message(FATAL_ERROR "floating point where noise is drawn:\n${text}")
endif()
message(STATUS "${count} sources, no floating point")
