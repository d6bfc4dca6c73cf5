# A statistic that can be asked for and has no line in the registry is an error
# of the compiler: registry.cc without its lines does not compile, for the want
# of each of them. (That it compiles with them, the build has shown.)
file(READ "${REGISTRY}" text)
set(asked "case Asked::(k[A-Za-z]+FieldNumber):")
string(REGEX MATCHALL "${asked}" lines "${text}")
list(LENGTH lines count)
if(count LESS 5)
  message(FATAL_ERROR "Hardly any line of the registry was read")
endif()
string(REGEX REPLACE "${asked}[^;]+;" "" text "${text}")
set(file "${SCRATCH}/registry_without_lines.cc")
file(WRITE "${file}" "${text}")

set(flags -std=gnu++20 -fsyntax-only -Wall -Werror)
# Where the compiler looks by itself it must not be sent: it would look there
# before its own headers.
list(REMOVE_ITEM INCLUDES /usr/include)
foreach(include IN LISTS INCLUDES)
  list(APPEND flags -isystem "${include}")
endforeach()
execute_process(COMMAND "${COMPILER}" ${flags} "${file}"
  RESULT_VARIABLE result ERROR_VARIABLE error OUTPUT_QUIET)
if(result EQUAL 0)
  message(FATAL_ERROR "The registry compiles without its lines")
endif()
# Where there are many, clang names some and counts all of them.
set(all "${count} enumeration values not handled in switch")
foreach(found IN LISTS lines)
  string(REGEX REPLACE "${asked}" "\\1" field "${found}")
  if(NOT error MATCHES "${field}.* not handled in switch" AND
      NOT error MATCHES "${all}")
    message(FATAL_ERROR "Not refused for the want of ${field}:\n${error}")
  endif()
endforeach()
