# SPDX-License-Identifier: MIT
# What another user of the machine gets from the page, in a real browser of each kind.
if(NODE_PROGRAM AND TARGET koshin_system_other AND NOT KOSHIN_SANITIZE AND NOT KOSHIN_TSAN)
  foreach(browser chromium firefox)
    add_test(NAME hostile_page_in_${browser} COMMAND ${NODE_PROGRAM} ${CMAKE_CURRENT_LIST_DIR}/two_users.mjs)
    set_tests_properties(hostile_page_in_${browser} PROPERTIES LABELS browser COST 600 TIMEOUT 900 SKIP_RETURN_CODE 77 RESOURCE_LOCK ${browser}
      ENVIRONMENT "KOSHIN_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};KOSHIN_NPM=${CMAKE_SOURCE_DIR}/build/npm;KOSHIN_BROWSER=${browser}")
  endforeach()
  add_test(NAME hostile_left_behind COMMAND ${NODE_PROGRAM} ${CMAKE_CURRENT_LIST_DIR}/left_behind_test.mjs)
  add_test(NAME hostile_system_log COMMAND ${NODE_PROGRAM} ${CMAKE_CURRENT_LIST_DIR}/system_log_test.mjs)
  add_test(NAME hostile_policy COMMAND ${NODE_PROGRAM} ${CMAKE_CURRENT_LIST_DIR}/policy_test.mjs)
  set_tests_properties(hostile_left_behind hostile_system_log hostile_policy PROPERTIES LABELS browser TIMEOUT 900 SKIP_RETURN_CODE 77 RESOURCE_LOCK chromium
    ENVIRONMENT "KOSHIN_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};KOSHIN_NPM=${CMAKE_SOURCE_DIR}/build/npm")
endif()
if(PYTHON_PROGRAM AND NOT KOSHIN_PLAIN_POSIX)  # it reads the systemd journal
  add_test(NAME hostile_mail_left_behind COMMAND ${PYTHON_PROGRAM} ${CMAKE_CURRENT_LIST_DIR}/mail_left_behind_test.py)
  set_tests_properties(hostile_mail_left_behind PROPERTIES LABELS unit TIMEOUT 180 SKIP_RETURN_CODE 77
    ENVIRONMENT "KOSHIN_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
endif()
