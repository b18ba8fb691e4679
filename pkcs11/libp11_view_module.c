/* SPDX-License-Identifier: MIT */
/* A PKCS#11 module without content: libp11 can only use a module that it loads itself, from a file, and this
 * is that file. The function list it hands out is the one the same process gave it beforehand
 * (libp11_view.cpp). It stands alone, because a program that exported C_GetFunctionList itself could have it
 * picked up by some vendor's module. */
#include <p11-kit/pkcs11.h>

#define EXPORTED __attribute__((visibility("default")))

static CK_FUNCTION_LIST_PTR bound;

EXPORTED void koshin_libp11_view_bind(CK_FUNCTION_LIST_PTR list);
EXPORTED CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list);

void koshin_libp11_view_bind(CK_FUNCTION_LIST_PTR list) {
  bound = list;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  if (list == NULL) return CKR_ARGUMENTS_BAD;
  if (bound == NULL) return CKR_GENERAL_ERROR;
  *list = bound;
  return CKR_OK;
}
