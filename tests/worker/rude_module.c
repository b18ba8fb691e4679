// SPDX-License-Identifier: MIT
// SoftHSM with bad manners: prints to stdout, reads stdin, and does in C_Finalize and C_GetSlotList what
// KOSHIN_TEST_RUDE says: "crash_in_finalize", "hang".
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static CK_FUNCTION_LIST rude;
static CK_FUNCTION_LIST* polite;

static int told_to(const char* what) {
  const char* wish = getenv("KOSHIN_TEST_RUDE");
  return wish != NULL && strcmp(wish, what) == 0;
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  char stolen[64];
  if (read(0, stolen, sizeof stolen) > 0) abort();  // what is left on stdin is nobody's business
  puts("module: C_GetSlotList");
  fflush(stdout);
  while (told_to("hang")) pause();
  return polite->C_GetSlotList(present, slots, count);
}

static CK_RV finalize(void* reserved) {
  printf("module: C_Finalize\n{\"schema\":1,\"type\":\"pending\"}\n");
  fflush(stdout);
  if (told_to("crash_in_finalize")) abort();
  return polite->C_Finalize(reserved);
}

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  static const char greeting[] = "module: loaded, version 1.0 (debug build)\n";
  if (write(1, greeting, sizeof greeting - 1) < 0) return CKR_GENERAL_ERROR;
  void* library = dlopen(SOFTHSM_MODULE, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return CKR_GENERAL_ERROR;
  CK_RV (*original)(CK_FUNCTION_LIST**) = NULL;
  *(void**)&original = dlsym(library, "C_GetFunctionList");
  const CK_RV result = original(&polite);
  if (result != CKR_OK) return result;
  rude = *polite;
  rude.C_GetSlotList = get_slot_list;
  rude.C_Finalize = finalize;
  *list = &rude;
  return CKR_OK;
}
