# Read by SoftHSM 2.6.1's own CMake files (CMAKE_PROJECT_softhsm2_INCLUDE), which know no Windows: what its sources for
# Windows need beyond them.
include_directories(BEFORE "${CMAKE_SOURCE_DIR}/src/lib/win32")
add_compile_definitions(HAVE_LOADLIBRARY=1)
function(koshin_add_windows_sources)
  target_sources(softhsm2 PRIVATE "${CMAKE_SOURCE_DIR}/src/lib/win32/setenv.cpp" "${CMAKE_SOURCE_DIR}/src/lib/win32/syslog.cpp")
endfunction()
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL koshin_add_windows_sources)
