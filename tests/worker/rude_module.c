// SPDX-License-Identifier: MIT
// SoftHSM with bad manners: prints to stdout, reads stdin, and does in C_Finalize and C_GetSlotList what
// KOSHIN_TEST_RUDE says: "crash_in_finalize", "hang". With "close_in_" and a function's name it closes
// descriptors 0 to 2 once, as a library does that makes a daemon of itself, and writes to them ever after; it
// aborts where they have become a file or socket.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static CK_FUNCTION_LIST rude;
static CK_FUNCTION_LIST* polite;

static int told_to(const char* what) {
  const char* wish = getenv("KOSHIN_TEST_RUDE");
  return wish != NULL && strcmp(wish, what) == 0;
}

static unsigned char pin[64] = "none yet";
static unsigned long pin_size = 8;

/// At the beginning of each function.
static void shout_and_close_in(const char* function) {
  static int closed = 0;
  const char* wish = getenv("KOSHIN_TEST_RUDE");
  if (wish == NULL || strncmp(wish, "close_in_", 9) != 0) return;
  for (int number = 0; closed && number < 3; ++number) {
    struct stat what;
    if (fstat(number, &what) == 0 && !S_ISCHR(what.st_mode)) abort();
    dprintf(number, "debug: %s, the PIN is %.*s\n", function, (int)pin_size, (const char*)pin);
  }
  if (strcmp(wish + 9, function) != 0) return;
  for (int number = 0; number < 3; ++number) close(number);
  closed = 1;
}

static CK_RV initialize(void* arguments) {
  shout_and_close_in("C_Initialize");
  return polite->C_Initialize(arguments);
}
static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void* mine, CK_NOTIFY notify,
                          CK_SESSION_HANDLE* session) {
  shout_and_close_in("C_OpenSession");
  return polite->C_OpenSession(slot, flags, mine, notify, session);
}
static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* text, CK_ULONG size) {
  if (text != NULL && size < sizeof pin) memcpy(pin, text, pin_size = size);
  shout_and_close_in("C_Login");
  return polite->C_Login(session, user, text, size);
}
static CK_RV generate_key_pair(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* public_ones,
                               CK_ULONG public_count, CK_ATTRIBUTE* private_ones, CK_ULONG private_count,
                               CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key) {
  shout_and_close_in("C_GenerateKeyPair");
  return polite->C_GenerateKeyPair(session, mechanism, public_ones, public_count, private_ones, private_count,
                                   public_key, private_key);
}
static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG size, CK_BYTE* signature,
                  CK_ULONG* signature_size) {
  shout_and_close_in("C_Sign");
  return polite->C_Sign(session, data, size, signature, signature_size);
}
static CK_RV create_object(CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count,
                           CK_OBJECT_HANDLE* object) {
  shout_and_close_in("C_CreateObject");
  return polite->C_CreateObject(session, attributes, count, object);
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
  rude.C_Initialize = initialize;
  rude.C_OpenSession = open_session;
  rude.C_Login = login;
  rude.C_GenerateKeyPair = generate_key_pair;
  rude.C_Sign = sign;
  rude.C_CreateObject = create_object;
  shout_and_close_in("C_GetFunctionList");
  rude.C_Finalize = finalize;
  *list = &rude;
  return CKR_OK;
}
