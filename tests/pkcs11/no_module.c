/* SPDX-License-Identifier: MIT */
/* A shared object without C_GetFunctionList. */
int koshin_no_module(void);

int koshin_no_module(void) {
  return 0;
}
