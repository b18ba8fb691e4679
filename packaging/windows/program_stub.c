// SPDX-License-Identifier: MIT
// A program of koshin for Windows: its code is in koshin-programs.dll, beside it
// (docs/decisions/0022-one-image-on-windows.md). What stands here is its manifest, its version, whether it
// has a console window, and the name of its entry (KOSHIN_ENTRY).
#include <windows.h>

#include <stdlib.h>
#include <wchar.h>

#define ROOM 32768  // characters of the longest path

typedef void (*Entry)(int argc, char** argv);  // does not come back

static const wchar_t library_name[] = L"koshin-programs.dll";
enum { exit_code = 1 };  // of internal_error in the table of failures

// To standard error, in the console's own way where it is a console. Windows shows a missing library in a
// window; so does this, where a program that was not started by another one has nothing else.
static void say(const wchar_t* text) {
  const HANDLE error = GetStdHandle(STD_ERROR_HANDLE);
  DWORD mode = 0;
  DWORD written = 0;
  const int size = lstrlenW(text);
  if (error != NULL && error != INVALID_HANDLE_VALUE) {
    char bytes[ROOM * 4];
    if (GetConsoleMode(error, &mode)) {
      WriteConsoleW(error, text, (DWORD)size, &written, NULL);
    } else {
      const int count = WideCharToMultiByte(CP_UTF8, 0, text, size, bytes, sizeof bytes, NULL, NULL);
      WriteFile(error, bytes, (DWORD)count, &written, NULL);
    }
    return;
  }
#ifdef KOSHIN_WITHOUT_CONSOLE
  MessageBoxW(NULL, text, L"koshin", MB_OK | MB_ICONERROR);
#endif
}

// Which file, and why not, in the system's own words and language.
static int give_up(const wchar_t* file, DWORD why) {
  wchar_t text[ROOM + 1024] = L"koshin: ";
  lstrcpynW(text + lstrlenW(text), file, ROOM);
  lstrcatW(text, L": ");
  wchar_t* const end = text + lstrlenW(text);
  if (FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, why, 0, end, 900,
                     NULL) == 0)
    wsprintfW(end, L"%lu\r\n", why);
  say(text);
  return exit_code;
}

// Into ROOM characters. False: this program's own folder is not known.
static int find_library(wchar_t* path) {
  const DWORD size = GetModuleFileNameW(NULL, path, ROOM);
  wchar_t* const cut = size == 0 || size >= ROOM ? NULL : wcsrchr(path, L'\\');
  if (cut == NULL || (size_t)(cut + 1 - path) + sizeof library_name / sizeof *library_name > ROOM) return 0;
  lstrcpyW(cut + 1, library_name);
  return 1;
}

int main(int argc, char** argv) {
  // A library that is damaged is told as one that is missing, and in no window of the loader's.
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
  wchar_t path[ROOM];
  if (!find_library(path)) return give_up(library_name, ERROR_FILENAME_EXCED_RANGE);
  // By its whole path, and what it needs itself from this program's folder and Windows' own: were it in the
  // table of imports, the current folder and those of PATH would be looked through where it is missing.
  const HMODULE library =
      LoadLibraryExW(path, NULL, LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (library == NULL) return give_up(path, GetLastError());
  const FARPROC found = GetProcAddress(library, KOSHIN_ENTRY);
  if (found == NULL) return give_up(path, GetLastError());
  const Entry enter = (Entry)(void (*)(void))found;
  enter(argc, argv);
  return exit_code;
}
