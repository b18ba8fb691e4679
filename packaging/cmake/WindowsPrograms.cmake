# How the delivered programs are made for Windows (docs/decisions/0022-one-image-on-windows.md): the code of all of them is in one library,
# koshin-programs.dll, and each executable is a small program that calls its entry there.
set(KOSHIN_WINDOWS_FOLDER ${CMAKE_SOURCE_DIR}/packaging/windows)

# libcurl's objects say of each of its functions that a library shall give it out. In koshin-programs.dll that would be one more way in, and
# would keep all of libcurl: here is a copy without these words, for everything that is linked.
set(CURL_LIBRARY_RELEASE ${CMAKE_BINARY_DIR}/packaging/windows/libcurl.a CACHE FILEPATH "" FORCE)
set(libcurl ${KOSHIN_WINDOWS_DEPENDENCIES}/lib/libcurl.a)
if(NOT EXISTS ${CURL_LIBRARY_RELEASE} OR ${libcurl} IS_NEWER_THAN ${CURL_LIBRARY_RELEASE})  # a newer copy would link everything anew
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/packaging/windows)
  execute_process(COMMAND ${CMAKE_OBJCOPY} --remove-section=.drectve ${libcurl} ${CURL_LIBRARY_RELEASE}.new COMMAND_ERROR_IS_FATAL ANY)
  file(RENAME ${CURL_LIBRARY_RELEASE}.new ${CURL_LIBRARY_RELEASE})
endif()

# A version, and of a program the manifest, which says that its code page is UTF-8.
function(koshin_windows_resources name)
  target_sources(${name} PRIVATE ${KOSHIN_WINDOWS_FOLDER}/program.rc)
  set_property(SOURCE ${KOSHIN_WINDOWS_FOLDER}/program.rc APPEND PROPERTY OBJECT_DEPENDS ${KOSHIN_WINDOWS_FOLDER}/program.manifest)
  target_compile_definitions(${name} PRIVATE $<$<COMPILE_LANGUAGE:RC>:KOSHIN_RC_VERSION=${PROJECT_VERSION_MAJOR},${PROJECT_VERSION_MINOR},${PROJECT_VERSION_PATCH},0>
    $<$<COMPILE_LANGUAGE:RC>:KOSHIN_RC_VERSION_TEXT=${PROJECT_VERSION}> $<$<COMPILE_LANGUAGE:RC>:KOSHIN_RC_NAME=${name}>)
endfunction()

# koshin_image_program(NAME SOURCE... [LINK LIBRARY...]): the executable NAME, and the target NAME_code of its sources. Their main() is
# compiled as NAME_main() ("-" as "_"), so that there may be several in one library. Never in unity: the programs' anonymous namespaces
# have the same names in them.
function(koshin_image_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
  string(REPLACE "-" "_" id ${name})
  add_library(${name}_code OBJECT ${arg_UNPARSED_ARGUMENTS})
  target_compile_definitions(${name}_code PRIVATE main=${id}_main)
  target_link_libraries(${name}_code PUBLIC koshin_options ${arg_LINK})
  koshin_warnings(${name}_code)
  set_target_properties(${name}_code PROPERTIES UNITY_BUILD OFF)
  set_property(GLOBAL APPEND PROPERTY KOSHIN_IMAGE_PROGRAMS ${name})

  add_executable(${name} ${KOSHIN_WINDOWS_FOLDER}/program_stub.c)
  target_compile_definitions(${name} PRIVATE $<$<COMPILE_LANGUAGE:C>:KOSHIN_ENTRY="enter_${id}">
    $<$<AND:$<COMPILE_LANGUAGE:C>,$<BOOL:$<TARGET_PROPERTY:WIN32_EXECUTABLE>>>:KOSHIN_WITHOUT_CONSOLE>)
  target_link_libraries(${name} PRIVATE koshin_options)
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion>
    $<$<AND:$<COMPILE_LANGUAGE:C>,$<BOOL:${KOSHIN_WERROR}>>:-Werror>)
  koshin_windows_resources(${name})
  add_dependencies(${name} koshin-programs)  # which it asks for when it starts
endfunction()

# To be called when all programs are known. Their list, of which everything else reads what is delivered, is bin/delivered.txt; the target
# koshin_delivered makes them all. What two programs define under one name ends the link; what is not reached from an
# entry is left out of it.
function(koshin_programs_image)
  get_property(names GLOBAL PROPERTY KOSHIN_IMAGE_PROGRAMS)
  set(entries)
  foreach(name ${names})
    string(REPLACE "-" "_" id ${name})
    string(APPEND entries "KOSHIN_PROGRAM(${id})\n")
  endforeach()
  set(list ${CMAKE_BINARY_DIR}/packaging/windows/programs.def.h)
  file(CONFIGURE OUTPUT ${list} CONTENT "${entries}")
  add_library(koshin-programs SHARED ${KOSHIN_WINDOWS_FOLDER}/programs_windows.cpp)
  set_target_properties(koshin-programs PROPERTIES PREFIX "")
  set_property(SOURCE ${KOSHIN_WINDOWS_FOLDER}/programs_windows.cpp PROPERTY OBJECT_DEPENDS ${list})
  target_include_directories(koshin-programs PRIVATE ${CMAKE_BINARY_DIR}/packaging/windows)
  list(TRANSFORM names APPEND _code OUTPUT_VARIABLE programs)
  target_link_libraries(koshin-programs PRIVATE ${programs} koshin_system koshin_options)
  target_link_options(koshin-programs PRIVATE -Wl,--entry=koshin_image_changes,--exclude-all-symbols)
  koshin_warnings(koshin-programs)
  target_compile_definitions(koshin-programs PRIVATE $<$<COMPILE_LANGUAGE:RC>:KOSHIN_RC_LIBRARY>)
  koshin_windows_resources(koshin-programs)

  list(TRANSFORM names APPEND ".exe" OUTPUT_VARIABLE files)
  list(JOIN files "\n" lines)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/bin/delivered.txt CONTENT "koshin-programs.dll\n${lines}\n")
  add_custom_target(koshin_delivered DEPENDS koshin-programs ${names})
endfunction()
