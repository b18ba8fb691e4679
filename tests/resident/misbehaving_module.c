// SPDX-License-Identifier: MIT
// A PKCS#11 module that passes everything on to SoftHSM and, as the file named by KOSHIN_TEST_MODULE_MODE
// says, first behaves as vendors' modules do: "crash", "hang", "slow" (waits until the file says something
// else), "noise" (prints to stdout), "thread" (leaves one running). Slot events: C_WaitForSlotEvent tells of
// one for each change of that file.
// Slots: the file named by KOSHIN_TEST_MODULE_SLOTS has a line "LABEL=READER" for each token that sits in a
// reader.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <p11-kit/pkcs11.h>

static CK_FUNCTION_LIST table;
static CK_FUNCTION_LIST_PTR real;
static struct timespec last_change;

static void read_mode(char* mode, size_t size) {
  mode[0] = '\0';
  const char* path = getenv("KOSHIN_TEST_MODULE_MODE");
  const int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  const ssize_t count = read(file, mode, size - 1);
  mode[count < 0 ? 0 : count] = '\0';
  close(file);
}

static void* leftover(void* unused) {
  pause();
  return unused;
}

static struct timespec changed_at(void) {
  struct stat status;
  const char* path = getenv("KOSHIN_TEST_MODULE_MODE");
  memset(&status, 0, sizeof status);
  if (path != NULL) stat(path, &status);
  return status.st_mtim;
}

static CK_RV misbehave_then_initialize(CK_VOID_PTR arguments) {
  char mode[32];
  read_mode(mode, sizeof mode);
  if (strcmp(mode, "crash") == 0) raise(SIGSEGV);
  if (strcmp(mode, "noise") == 0) puts("Vendor Middleware 1.0 (debug build)");
  pthread_t thread;
  if (strcmp(mode, "thread") == 0) pthread_create(&thread, NULL, leftover, NULL);
  while (strcmp(mode, "hang") == 0) pause();
  while (strcmp(mode, "slow") == 0) {
    usleep(20 * 1000);
    read_mode(mode, sizeof mode);
  }
  last_change = changed_at();
  return real->C_Initialize(arguments);
}

static CK_RV tell_of_changes(CK_FLAGS flags, CK_SLOT_ID_PTR slot, CK_VOID_PTR reserved) {
  (void)reserved;
  for (;;) {
    const struct timespec now = changed_at();
    if (now.tv_sec != last_change.tv_sec || now.tv_nsec != last_change.tv_nsec) {
      last_change = now;
      *slot = 0;
      return CKR_OK;
    }
    if ((flags & CKF_DONT_BLOCK) != 0) return CKR_NO_EVENT;
    usleep(20 * 1000);
  }
}

static void put_padded(CK_UTF8CHAR* into, size_t size, const char* text) {
  const size_t length = strnlen(text, size);
  memset(into, ' ', size);
  memcpy(into, text, length);
}

static CK_RV name_the_reader(CK_SLOT_ID slot, CK_SLOT_INFO_PTR info) {
  const CK_RV rv = real->C_GetSlotInfo(slot, info);
  CK_TOKEN_INFO token;
  if (rv != CKR_OK || real->C_GetTokenInfo(slot, &token) != CKR_OK) return rv;
  const char* path = getenv("KOSHIN_TEST_MODULE_SLOTS");
  FILE* file = path == NULL ? NULL : fopen(path, "re");
  if (file == NULL) return rv;
  char line[256];
  while (fgets(line, sizeof line, file) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    char* reader = strchr(line, '=');
    if (reader == NULL) continue;
    *reader++ = '\0';
    CK_UTF8CHAR label[sizeof token.label];
    put_padded(label, sizeof label, line);
    if (memcmp(label, token.label, sizeof label) == 0)
      put_padded(info->slotDescription, sizeof info->slotDescription, reader);
  }
  fclose(file);
  return rv;
}

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  void* softhsm = dlopen(SOFTHSM_MODULE, RTLD_NOW | RTLD_LOCAL);
  if (softhsm == NULL) return CKR_GENERAL_ERROR;
  CK_C_GetFunctionList get_list = NULL;
  *(void**)&get_list = dlsym(softhsm, "C_GetFunctionList");
  if (get_list == NULL || get_list(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  table = *real;
  table.C_Initialize = misbehave_then_initialize;
  table.C_WaitForSlotEvent = tell_of_changes;
  table.C_GetSlotInfo = name_the_reader;
  *list = &table;
  return CKR_OK;
}
