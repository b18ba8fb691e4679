# Turns the page's files into one C++ source: cmake -DOUTPUT=file.cpp -DFOLDER=dir "-DFILES=a;b" "-DMADE=/c;/d" -P embed.cmake
# FILES are in FOLDER, MADE elsewhere; all are served compressed, as "/name".
cmake_minimum_required(VERSION 3.25)
set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_json "application/json; charset=utf-8")
set(type_svg "image/svg+xml")
set(arrays "")
set(rows "")
set(number 0)

# Appends an array and its row. Line breaks keep compilers, and people, able to read it.
function(embed path type hex)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(REGEX REPLACE "(..................................................................................................)" "\\1\n  " bytes "${bytes}")
  set(arrays "${arrays}constexpr char file_${number}[] = {\n  ${bytes}};\n" PARENT_SCOPE)
  set(rows "${rows}    {\"${path}\", \"${type}\", {file_${number}, sizeof file_${number}}},\n" PARENT_SCOPE)
  math(EXPR number "${number} + 1")
  set(number ${number} PARENT_SCOPE)
endfunction()

# Several modules as one file: a browser takes longer for a request than for what comes with it. They keep to one
# another's names, without renaming; two of one name would not even parse.
function(bundle target)
  set(all "")
  foreach(name IN LISTS ARGN)
    file(READ ${FOLDER}/${name} text)
    string(REGEX REPLACE "import [^']*from '[^']*';\n" "" text "${text}")
    string(REGEX REPLACE "\nexport " "\n" text "${text}")
    string(APPEND all "${text}")
  endforeach()
  file(WRITE ${target} "${all}")
endfunction()

set(packed ${OUTPUT}.d)
file(MAKE_DIRECTORY ${packed})
bundle(${packed}/app.js ${MODULES})
foreach(file IN LISTS FILES MADE)
  cmake_path(GET file FILENAME name)
  if(EXISTS ${packed}/${name})
    set(source ${packed}/${name})
  else()
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${FOLDER} OUTPUT_VARIABLE source)
  endif()
  string(REGEX MATCH "[a-z]+$" extension ${name})
  file(ARCHIVE_CREATE OUTPUT ${OUTPUT}.gz PATHS ${source} FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
  file(READ ${OUTPUT}.gz hex HEX)
  # Bytes 4 to 7 are the time of compression: without it the same sources make the same program.
  string(SUBSTRING "${hex}" 0 8 magic)
  string(SUBSTRING "${hex}" 16 -1 rest)
  set(hex "${magic}00000000${rest}")
  if(name STREQUAL "index.html")
    embed("/" "${type_html}" "${hex}")
  else()
    embed("/${name}" "${type_${extension}}" "${hex}")
  endif()
endforeach()
file(REMOVE ${OUTPUT}.gz)
file(WRITE ${OUTPUT} "// Made by embed.cmake from ui-bridge/page and the catalogues; do not edit.
#include \"assets.hpp\"

namespace koshin::ui {

namespace {
${arrays}
constexpr Asset assets[] = {
${rows}};
}  // namespace

const Asset* find_asset(std::string_view path) {
  for (const Asset& asset : assets)
    if (asset.path == path) return &asset;
  return nullptr;
}

}  // namespace koshin::ui
")
