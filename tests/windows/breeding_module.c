// SPDX-License-Identifier: MIT
// A module that starts the program KOSHIN_BRED, with the argument "sleep", in its first call, and then hangs,
// or, where KOSHIN_BRED_GOES_ON is set, says that it is of no use.
#include <windows.h>
// After windows.h, as p11-kit's own has it.
#include <p11-kit/pkcs11.h>

#include <stdio.h>

CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  (void)list;
  char program[1000], line[1100];
  STARTUPINFOA start = {.cb = sizeof start};
  PROCESS_INFORMATION child;
  if (GetEnvironmentVariableA("KOSHIN_BRED", program, sizeof program) == 0) return CKR_GENERAL_ERROR;
  snprintf(line, sizeof line, "\"%s\" sleep", program);
  if (CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &child) == 0)
    return CKR_HOST_MEMORY;
  if (GetEnvironmentVariableA("KOSHIN_BRED_GOES_ON", line, sizeof line) == 0) Sleep(INFINITE);
  return CKR_GENERAL_ERROR;
}
