# Building for Windows (x86-64) on Debian, with GCC and mingw-w64. KOSHIN_WINDOWS_DEPENDENCIES is the folder that
# dependencies.sh has made; nothing that is installed for this machine is ever found.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(triplet x86_64-w64-mingw32)
set(CMAKE_C_COMPILER ${triplet}-gcc-posix)
set(CMAKE_CXX_COMPILER ${triplet}-g++-posix)
set(CMAKE_RC_COMPILER ${triplet}-windres)
set(CMAKE_AR /usr/bin/${triplet}-ar)
set(CMAKE_RANLIB /usr/bin/${triplet}-ranlib)

set(KOSHIN_WINDOWS_DEPENDENCIES "$ENV{KOSHIN_WINDOWS_DEPENDENCIES}" CACHE PATH "What dependencies.sh has made")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES KOSHIN_WINDOWS_DEPENDENCIES)
set(CMAKE_FIND_ROOT_PATH /usr/${triplet} ${KOSHIN_WINDOWS_DEPENDENCIES})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# Otherwise pkg-config answers with this machine's own packages.
set(ENV{PKG_CONFIG_LIBDIR} ${KOSHIN_WINDOWS_DEPENDENCIES}/lib/pkgconfig)
set(ENV{PKG_CONFIG_PATH} "")

# Windows 10: what is older has no mitigation policies and no UTF-8 code page.
add_compile_definitions(_WIN32_WINNT=0x0A00 WINVER=0x0A00 NTDDI_VERSION=0x0A000006
  UNICODE _UNICODE WIN32_LEAN_AND_MEAN NOMINMAX)
# No library of the tool chain is delivered. The image may be anywhere in 64 bits; data are not executed. It does not say when it was linked.
set(hardening "-static -static-libgcc -static-libstdc++ -Wl,--dynamicbase,--nxcompat,--high-entropy-va,--gc-sections,--no-insert-timestamp")
set(CMAKE_EXE_LINKER_FLAGS_INIT "${hardening}")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "${hardening}")
set(CMAKE_MODULE_LINKER_FLAGS_INIT "${hardening}")
set(CMAKE_C_FLAGS_INIT "-ffunction-sections -fdata-sections")
set(CMAKE_CXX_FLAGS_INIT "-ffunction-sections -fdata-sections")
set(CMAKE_CROSSCOMPILING_EMULATOR bash ${CMAKE_CURRENT_LIST_DIR}/../../tests/windows/apart.sh /usr/lib/wine/wine64)
# What the static libraries need of the system; in a Windows program a library of which nothing is used costs nothing.
set(system_libraries "-lws2_32 -lcrypt32 -lbcrypt -lncrypt -lsecur32 -lnormaliz -liphlpapi -lrstrtmgr -lwtsapi32 -lshlwapi")
set(system_libraries "${system_libraries} -lkernel32 -luser32 -lgdi32 -lshell32 -lole32 -loleaut32 -luuid -ladvapi32 -lwer")
set(CMAKE_C_STANDARD_LIBRARIES "${system_libraries}" CACHE STRING "")
set(CMAKE_CXX_STANDARD_LIBRARIES "${system_libraries}" CACHE STRING "")
