set(COMMONWAGE_SANITIZE "" CACHE STRING "address,undefined | thread | empty")

add_library(commonwage_compile_options INTERFACE)
add_library(commonwage::compile_options ALIAS commonwage_compile_options)
set_target_properties(commonwage_compile_options PROPERTIES EXPORT_NAME compile_options)
target_compile_features(commonwage_compile_options INTERFACE cxx_std_20)
# Line numbers are what a backtrace needs; the rest of what a debugger could ask
# costs a fifth of the build. Preset dev has it.
target_compile_options(commonwage_compile_options INTERFACE $<BUILD_INTERFACE:
  -pthread;$<$<CONFIG:RelWithDebInfo>:-g1>>)
# Built binaries must not differ by where the tree was checked out.
target_compile_options(commonwage_compile_options INTERFACE
  $<BUILD_INTERFACE:
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion
  -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond;-Wlogical-op>
  # gcc 13 brought this one; it takes every function of a temporary that returns
  # a reference for one that returns a reference into it.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,13>>:-Wno-dangling-reference>
  -fstack-protector-strong
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.
  $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>>)
target_link_options(commonwage_compile_options INTERFACE
  $<BUILD_INTERFACE:-Wl,-z,relro,-z,now>)
if(COMMONWAGE_SANITIZE)
  target_compile_options(commonwage_compile_options INTERFACE $<BUILD_INTERFACE:
    -O1;-g1;-fsanitize=${COMMONWAGE_SANITIZE};-fno-sanitize-recover=all;-fno-omit-frame-pointer>)
  target_link_options(commonwage_compile_options INTERFACE
    $<BUILD_INTERFACE:-fsanitize=${COMMONWAGE_SANITIZE}>)
endif()
if(COMMONWAGE_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # The system's protobuf and abseil were built without the sanitizer. Headers
  # that see it lay some classes out otherwise, and a map of a message is then
  # read amiss. The standard library's are to know.
  target_compile_options(commonwage_compile_options INTERFACE $<BUILD_INTERFACE:
    -U__SANITIZE_THREAD__;-D_GLIBCXX_TSAN=1>)
endif()
