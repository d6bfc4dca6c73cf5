# What `cmake --install` puts in place besides the partner package: programs,
# protocols, manual pages, completion, licence.
#   cmake --install BUILD --component programs --prefix PREFIX
set(programs commonwage commonwaged commonwage-admin commonwage-issuer commonwage-steward)
install(TARGETS ${programs}
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT programs)
install(DIRECTORY proto/commonwage proto/google
  DESTINATION "${CMAKE_INSTALL_DATADIR}/commonwage/proto" COMPONENT programs
  FILES_MATCHING PATTERN "*.proto")
install(FILES LICENSE README.md
  DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT programs)

# bash-completion loads the file that is named as the command.
foreach(program IN LISTS programs)
  install(FILES deploy/commonwage.bash RENAME ${program}
    DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
    COMPONENT programs)
endforeach()

find_program(HELP2MAN help2man)
if(NOT HELP2MAN)
  message(STATUS "No help2man: no manual pages (deploy/install-deps.sh installs it)")
  return()
endif()
set(pages "")
foreach(program IN LISTS programs)
  set(section 1)
  if(program STREQUAL commonwaged)
    set(section 8)
  endif()
  set(page "${PROJECT_BINARY_DIR}/man/${program}.${section}")
  add_custom_command(OUTPUT "${page}"
    COMMAND "${PROJECT_SOURCE_DIR}/deploy/man_page.sh"
      "$<TARGET_FILE:${program}>" ${section} "${page}"
    DEPENDS ${program} "${PROJECT_SOURCE_DIR}/deploy/man_page.sh" VERBATIM)
  list(APPEND pages "${page}")
  install(FILES "${page}" COMPONENT programs
    DESTINATION "${CMAKE_INSTALL_MANDIR}/man${section}")
endforeach()
file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/man")
add_custom_target(commonwage_man_pages ALL DEPENDS ${pages})
