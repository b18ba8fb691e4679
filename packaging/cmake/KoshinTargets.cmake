# Compiler settings shared by every target, and the functions that make targets. Nothing here is product code.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# All programs land in one folder of the build tree, as they do in /usr/libexec/koshin: they find each other there.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(KOSHIN_LIBEXECDIR ${CMAKE_INSTALL_FULL_LIBEXECDIR}/koshin)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

# A second build of the same source, in another folder or after a clean-up, costs its preprocessing only. The paths of the
# tree are hidden from ccache, and a precompiled header counts by its content.
find_program(KOSHIN_CCACHE ccache)
if(KOSHIN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER AND NOT CMAKE_CXX_COMPILER MATCHES "/ccache/")
  set(KOSHIN_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${KOSHIN_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${KOSHIN_LAUNCHER})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${KOSHIN_LAUNCHER})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()

if(WIN32)
  include_directories(SYSTEM ${KOSHIN_WINDOWS_DEPENDENCIES}/include)  # what /usr/include is on Linux
  include(${CMAKE_CURRENT_LIST_DIR}/WindowsPrograms.cmake)
endif()
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

add_library(koshin_options INTERFACE)
if(KOSHIN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(KOSHIN_SANITIZE)
  target_compile_options(koshin_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(koshin_options INTERFACE -fsanitize=address,undefined)
  # The compilers have no common way to say it.
  target_compile_definitions(koshin_options INTERFACE KOSHIN_ADDRESS_SANITIZER)
elseif(KOSHIN_TSAN)
  target_compile_options(koshin_options INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(koshin_options INTERFACE -fsanitize=thread)
  target_compile_definitions(koshin_options INTERFACE KOSHIN_THREAD_SANITIZER)
elseif(NOT WIN32)
  target_compile_options(koshin_options INTERFACE -fstack-protector-strong 
    $<$<NOT:$<OR:$<CONFIG:Debug>,$<BOOL:$<TARGET_PROPERTY:KOSHIN_UNOPTIMISED>>>>:-D_FORTIFY_SOURCE=2>)
  target_link_options(koshin_options INTERFACE -Wl,-z,relro -Wl,-z,now)
endif()

if(WIN32)
  # The same tree gives the same bytes in whatever folder it is.
  add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
  # Everything is linked statically (packaging/windows/toolchain.cmake). GCC has no Control Flow Guard.
  target_compile_options(koshin_options INTERFACE -fstack-protector-strong)
  target_link_options(koshin_options INTERFACE -fstack-protector-strong)
endif()

function(koshin_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
    -Wcast-qual -Wconversion -Wno-sign-conversion -Woverloaded-virtual -Wformat=2 $<$<BOOL:${KOSHIN_WERROR}>:-Werror>)
endfunction()

# Several sources of a target in one translation unit, for the builds that are made from scratch each time: the headers of
# Boost, JSON and TOML cost more than all that is ours, and clang-tidy reads them once for each unit.
# Not for what is delivered for Windows: with it a program holds far more of its libraries there (koshin-slot-watch.exe 5.9 MB, and not 2.2).
function(koshin_unity target)
  if(KOSHIN_UNITY)
    koshin_join_sources(${target})
  endif()
endfunction()
function(koshin_join_sources target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
endfunction()

# The POSIX systems that have sources of their own, by CMake's name in capitals; each has a list of that name below.
set(koshin_own_systems LINUX)
set(koshin_source_lists SOURCES POSIX ${koshin_own_systems} OTHER WINDOWS)
string(TOUPPER ${CMAKE_SYSTEM_NAME} koshin_system)
if(KOSHIN_PLAIN_POSIX)
  set(koshin_system "PLAIN_POSIX")
endif()

# koshin_library(NAME SOURCES ... POSIX ... LINUX ... OTHER ... WINDOWS ... LINK ... PRIVATE_LINK ... POSIX_PACKAGES ... LINUX_PACKAGES ...): a
# static library. The files of each system stand beside each other; only those of the system that is built for are linked. Its
# headers are included as "folder/header.hpp", and only by targets that link it. *_PACKAGES are pkg-config's names of what
# other systems lack: required on theirs, where the library's own sources use them, and not asked for elsewhere.
# Beside it NAME_other, an object library, has those OTHER files that this system does without, so that they are compiled and can be
# tested wherever koshin is built.
function(koshin_library name)
  cmake_parse_arguments(arg "" "" "${koshin_source_lists};LINK;PRIVATE_LINK;POSIX_PACKAGES;LINUX_PACKAGES" ${ARGN})
  koshin_system_of_folder(system)
  koshin_system_sources(sources ${system})
  koshin_counterparts(${name})
  add_library(${name} STATIC ${sources})
  koshin_packages(${name})
  target_link_libraries(${name} PUBLIC koshin_options ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
  koshin_headers(${name})
  koshin_warnings(${name})
  koshin_unity(${name})
  if(sources_without)
    add_library(${name}_other OBJECT ${sources_without})
    target_link_libraries(${name}_other PRIVATE ${name})
    koshin_warnings(${name}_other)
    koshin_unity(${name}_other)
  endif()
endfunction()

# Of a library's *_PACKAGES those of the system that is built for.
macro(koshin_packages name)
  set(packages ${arg_${system}_PACKAGES})
  if(NOT WIN32)
    list(APPEND packages ${arg_POSIX_PACKAGES})
  endif()
  if(packages)
    pkg_check_modules(${name}_packages REQUIRED IMPORTED_TARGET ${packages})
    target_link_libraries(${name} PRIVATE PkgConfig::${name}_packages)
  endif()
endmacro()

# Whether this folder is one of tests/. (The path itself is no regular expression: it may hold a "+".)
function(koshin_is_of_tests result)
  string(FIND "${CMAKE_CURRENT_SOURCE_DIR}/" "${CMAKE_SOURCE_DIR}/tests/" at)
  if(at EQUAL 0)
    set(${result} TRUE PARENT_SCOPE)
  else()
    set(${result} FALSE PARENT_SCOPE)
  endif()
endfunction()

# Sets `result` to the system whose lists count in this folder: what only makes a scene for tests is made on this machine.
function(koshin_system_of_folder result)
  set(${result} ${koshin_system} PARENT_SCOPE)
  koshin_is_of_tests(of_tests)
  if(of_tests)
    string(TOUPPER ${CMAKE_SYSTEM_NAME} machine)
    set(${result} ${machine} PARENT_SCOPE)
  endif()
endfunction()

# Sets `result` to the parsed SOURCES and those of `system`: on a POSIX system the POSIX ones, its own, and of
# the OTHER ones (what a system can do that koshin does not know) those that it has none for: NAME_other.cpp stands back
# for NAME_linux.cpp. `result`_without are the OTHER ones that were left out for it.
macro(koshin_system_sources result system)
  set(${result} ${arg_SOURCES})
  set(${result}_without "")
  if(WIN32)
    list(APPEND ${result} ${arg_WINDOWS})
  else()
    list(APPEND ${result} ${arg_POSIX} ${arg_${system}})
    string(TOLOWER ${system} suffix)
    foreach(source IN LISTS arg_OTHER)
      string(REPLACE "_other.cpp" "_${suffix}.cpp" own ${source})
      if(own IN_LIST arg_${system})
        list(APPEND ${result}_without ${source})
        # Joined with others it would be linked for their sake, beside what a test has in its place.
        set_source_files_properties(${own} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
      else()
        list(APPEND ${result} ${source})
      endif()
    endforeach()
  endif()
endmacro()

# A system that koshin does not know can be built for: what one system has a source for, another has one for, or OTHER has. (A test's
# stage may be of one system.)
function(koshin_counterparts name)
  koshin_is_of_tests(of_tests)
  if(of_tests)
    return()
  endif()
  foreach(one IN LISTS koshin_own_systems)
    string(TOLOWER ${one} suffix)
    foreach(source IN LISTS arg_${one})
      string(REPLACE "_${suffix}.cpp" "_other.cpp" counterpart ${source})
      if(NOT counterpart IN_LIST arg_OTHER)
        message(FATAL_ERROR "${name}: ${source} has no ${counterpart}: a system that koshin does not know would have nothing in its place")
      endif()
    endforeach()
  endforeach()
endfunction()

# koshin_program(NAME [DELIVERED] SOURCES ... POSIX ... LINUX ... OTHER ... WINDOWS ... LINK ...): an executable, installed by packaging/ or by its
# own CMakeLists.txt. DELIVERED: it is one of those that users get; for Windows all their code is in one library (WindowsPrograms.cmake).
function(koshin_program name)
  cmake_parse_arguments(arg "DELIVERED" "" "${koshin_source_lists};LINK" ${ARGN})
  koshin_system_of_folder(system)
  koshin_system_sources(sources ${system})
  if(WIN32 AND arg_DELIVERED)
    koshin_image_program(${name} ${sources} LINK ${arg_LINK})
    return()
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE koshin_options ${arg_LINK})
  if(WIN32)
    koshin_windows_resources(${name})
  endif()
  koshin_warnings(${name})
  koshin_unity(${name})
endfunction()

# A module's headers are reached as "<folder>/header.hpp", a room's as "<folder>/<room>/header.hpp", through a folder of its
# own in the build tree that holds one link to the source folder. So an include of a module that is not linked does not
# compile.
function(koshin_headers name)
  cmake_path(RELATIVE_PATH CMAKE_CURRENT_SOURCE_DIR BASE_DIRECTORY ${CMAKE_SOURCE_DIR}/agent OUTPUT_VARIABLE folder)
  if(folder MATCHES "^\\.\\./(ui-bridge/.*)$")
    set(folder ${CMAKE_MATCH_1})
  elseif(folder MATCHES "^\\.\\.")
    get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  endif()
  set(root ${CMAKE_BINARY_DIR}/headers/${name})
  get_filename_component(above ${root}/${folder} DIRECTORY)
  file(REMOVE_RECURSE ${root})  # a link of an earlier lay-out would be followed
  file(MAKE_DIRECTORY ${above})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${folder} SYMBOLIC)
  if(TARGET ${name}_code)  # a delivered program's, for Windows
    set(name ${name}_code)
  endif()
  target_include_directories(${name} PUBLIC ${root})
endfunction()

# The test programs spend their compile time on GoogleTest's headers and on optimising code that runs once: one
# precompiled header for all of them, and no optimisation. (What they test is compiled as always.)
function(koshin_quick_test_build name)
  if(NOT TARGET koshin_test_prefix)
    file(WRITE ${CMAKE_BINARY_DIR}/test_prefix.cpp "// The translation unit of the tests' precompiled header.\n")
    add_executable(koshin_test_prefix ${CMAKE_BINARY_DIR}/test_prefix.cpp)
    set_target_properties(koshin_test_prefix PROPERTIES KOSHIN_UNOPTIMISED ON)
    target_link_libraries(koshin_test_prefix PRIVATE koshin_options GTest::gmock GTest::gtest_main)
    koshin_warnings(koshin_test_prefix)
    target_compile_options(koshin_test_prefix PRIVATE ${KOSHIN_TEST_FLAGS})
    target_precompile_headers(koshin_test_prefix PRIVATE <gmock/gmock.h> <gtest/gtest.h> <algorithm> <chrono>
      <filesystem> <fstream> <functional> <map> <memory> <optional> <regex> <set> <span> <sstream> <string>
      <string_view> <thread> <variant> <vector>)
  endif()
  set_target_properties(${name} PROPERTIES KOSHIN_UNOPTIMISED ON)
  target_compile_options(${name} PRIVATE ${KOSHIN_TEST_FLAGS})
  target_precompile_headers(${name} REUSE_FROM koshin_test_prefix)
endfunction()
set(KOSHIN_TEST_FLAGS -O0 -g1)

# In front of this machine's paths that are compiled into tests: wine shows the root folder as a drive.
if(WIN32)
  set(KOSHIN_HOST_DRIVE "Z:")
endif()

# koshin_test(NAME SOURCES ... POSIX ... LINUX ... OTHER ... WINDOWS ... NOT_ON_WINDOWS case ... NOT_ON_PLAIN_POSIX case ... LINK ... LABELS ... [PREFIX text] [TIMEOUT s]
# [RESOURCE_LOCK name] [RUN_SERIAL] [WINDOWS_SHARES n]): a GoogleTest program whose cases ctest runs one by one, PREFIX in front of their
# names; with RUN_SERIAL, while no other test runs. A sanitized program takes longer to
# start than most unit tests take: those run in one process there, in an order that is another one each time. So does every
# program under wine; those of a long one are shared out among n processes there.
function(koshin_test name)
  cmake_parse_arguments(arg "RUN_SERIAL" "PREFIX;TIMEOUT;RESOURCE_LOCK;WINDOWS_SHARES" "${koshin_source_lists};NOT_ON_WINDOWS;NOT_ON_PLAIN_POSIX;LINK;LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  koshin_system_sources(sources ${koshin_system})
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE koshin_options ${arg_LINK} GTest::gmock GTest::gtest_main)
  if(WIN32)
    koshin_windows_resources(${name})
  endif()
  koshin_warnings(${name})
  if(KOSHIN_QUICK_TEST_BUILD)
    koshin_quick_test_build(${name})
  endif()
  if(WIN32)  # they are compiled for Linux too, each source by itself
    koshin_join_sources(${name})
  endif()
  set(properties TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
  if(arg_RESOURCE_LOCK)
    list(APPEND properties RESOURCE_LOCK ${arg_RESOURCE_LOCK})
  endif()
  if(arg_RUN_SERIAL)
    list(APPEND properties RUN_SERIAL TRUE)
  endif()
  if(WIN32)
    list(JOIN arg_NOT_ON_WINDOWS ":" left_out)
    set(run --gtest_brief=1 --gtest_filter=-${left_out})
    if(arg_WINDOWS_SHARES)
      foreach(share RANGE 1 ${arg_WINDOWS_SHARES})
        math(EXPR index "${share} - 1")
        add_test(NAME ${name}.${share} COMMAND ${name} ${run})
        set_tests_properties(${name}.${share} PROPERTIES ${properties} TIMEOUT 900
          ENVIRONMENT "GTEST_TOTAL_SHARDS=${arg_WINDOWS_SHARES};GTEST_SHARD_INDEX=${index}")
      endforeach()
    else()
      add_test(NAME ${name} COMMAND ${name} ${run})
      set_tests_properties(${name} PROPERTIES ${properties} TIMEOUT 900)
    endif()
  elseif((KOSHIN_SANITIZE OR KOSHIN_TSAN) AND "${arg_LABELS}" STREQUAL "unit")
    add_test(NAME ${name}.whole COMMAND ${name} --gtest_shuffle --gtest_brief=1)
    set_tests_properties(${name}.whole PROPERTIES ${properties} TIMEOUT 1200)
  else()
    set(filter "")
    if(KOSHIN_PLAIN_POSIX AND arg_NOT_ON_PLAIN_POSIX)
      list(JOIN arg_NOT_ON_PLAIN_POSIX ":" left_out)
      set(filter TEST_FILTER "-${left_out}")
      message(STATUS "SKIPPED, since they cannot hold on a system that koshin does not know: ${name}: ${left_out}")
    endif()
    gtest_discover_tests(${name} TEST_PREFIX "${arg_PREFIX}" ${filter} DISCOVERY_TIMEOUT 60 PROPERTIES ${properties})
  endif()
endfunction()
