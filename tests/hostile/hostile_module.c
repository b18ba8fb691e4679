// SPDX-License-Identifier: MIT
// SoftHSM as a module that does what none should. KOSHIN_HOSTILE holds words: "print" (the PIN, in every form
// that debug output has, in C_Login and after it, and in odder ones in C_Login), "crash", "hang" (in C_Login,
// after the rest), "daemon" (starts a process in a session of its own whose number goes to
// KOSHIN_HOSTILE_DAEMON), "sibling" (one whose parent is the worker's), "slots" (C_GetSlotList answers
// CKR_PIN_INCORRECT), "flood" (prints without end in C_OpenSession); and ways to end the process in C_Login:
// "leave" (_exit), "exits" (exit), "killed" (with its whole process group), "alarm", "unhandled" (a crash
// that no handler sees), "overflow" (in a thread).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <p11-kit/pkcs11.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static CK_FUNCTION_LIST hostile;
static CK_FUNCTION_LIST* softhsm;

static int told_to(const char* what) {
  const char* wishes = getenv("KOSHIN_HOSTILE");
  return wishes != NULL && strstr(wishes, what) != NULL;
}

static void print_everywhere(const unsigned char* pin, unsigned long size) {
  FILE* const streams[] = {stdout, stderr};
  for (int i = 0; i < 2; ++i) {
    fprintf(streams[i], "debug: C_Login pin=%.*s\n", (int)size, (const char*)pin);
    fprintf(streams[i], "harmless line between\n\n00000000 ");
    for (unsigned long at = 0; at < size; ++at) fprintf(streams[i], " %02x", pin[at]);
    fprintf(streams[i], "  %.*s\nanother harmless line\n\n", (int)size, (const char*)pin);
    for (unsigned long at = 0; at < size; ++at) fprintf(streams[i], "%02X", pin[at]);
    fprintf(streams[i], "\n\n{");
    for (unsigned long at = 0; at < size; ++at) fprintf(streams[i], "%s0x%02x", at == 0 ? "" : ", ", pin[at]);
    fprintf(streams[i], "}\n\n");
    for (unsigned long at = 0; at < size; ++at) fprintf(streams[i], "%c%c", pin[at], 0);
    fprintf(streams[i], "\n\nthe last harmless line\n");
    fflush(streams[i]);
  }
}

/// Spellings that nobody looks for, and what stdio still holds when C_Login has returned.
static void print_oddly(const unsigned char* pin, unsigned long size) {
  fprintf(stderr, "odd: {");
  for (unsigned long at = 0; at < size; ++at) fprintf(stderr, "%d, ", pin[at]);
  fprintf(stderr, "}\n");
  for (unsigned long at = 0; at < size; ++at) fprintf(stderr, "odd: pin[%lu] = '%c'\n", at, pin[at]);
  printf("odd: ");
  for (unsigned long at = size; at > 0; --at) printf("%c", pin[at - 1]);
  printf("\n");
}

static unsigned char last_pin[64];
static unsigned long last_size = 0;

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void* mine, CK_NOTIFY notify,
                          CK_SESSION_HANDLE* session) {
  if (told_to("print")) {
    fprintf(stderr, "a word before the log-in\n");
    printf("and one that stdio keeps\n");
  }
  if (told_to("flood"))
    for (int i = 0; i < 200000; ++i) fprintf(stderr, "line %d of many that nobody asked for\n", i);
  return softhsm->C_OpenSession(slot, flags, mine, notify, session);
}

static CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count) {
  if (told_to("print") && last_size > 0) print_everywhere(last_pin, last_size);
  last_size = 0;
  return softhsm->C_FindObjectsInit(session, attributes, count);
}

static void sit(void) {
  FILE* file = fopen(getenv("KOSHIN_HOSTILE_DAEMON"), "w");
  if (file != NULL) {
    fprintf(file, "%d\n", (int)getpid());
    fclose(file);
  }
  const int null = open("/dev/null", O_RDWR);
  for (int i = 0; i < 3; ++i) dup2(null, i);
  sleep(600);
  _exit(0);
}

static void wait_for_it(void) {
  while (access(getenv("KOSHIN_HOSTILE_DAEMON"), F_OK) != 0) usleep(1000);
  usleep(20000);
}

static void start_sibling(void) {
  if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL) == 0) sit();
  wait_for_it();
}

/// As daemon(3) does: nothing of the worker's group, session or parenthood is left.
static void start_daemon(void) {
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    sit();
  }
  waitpid(child, NULL, 0);
  wait_for_it();
}

static volatile int depth;
static int overflow(int level) {
  volatile char room[4096];
  room[0] = (char)level;
  depth += room[0];
  return overflow(level + 1) + room[0];
}
static void* overflow_here(void* nothing) {
  overflow(0);
  return nothing;
}

static void end_process(void) {
  if (told_to("leave")) _exit(0);
  if (told_to("exits")) exit(3);
  if (told_to("killed")) kill(0, SIGKILL);
  if (told_to("alarm")) raise(SIGALRM);
  if (told_to("unhandled")) {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
  }
  if (told_to("overflow")) {
    pthread_t thread;
    pthread_create(&thread, NULL, overflow_here, NULL);
    pthread_join(thread, NULL);
  }
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin, CK_ULONG size) {
  if (told_to("print") && size <= sizeof last_pin) {
    print_everywhere(pin, size);
    print_oddly(pin, size);
    memcpy(last_pin, pin, last_size = size);
  }
  if (told_to("daemon")) start_daemon();
  if (told_to("sibling")) start_sibling();
  end_process();
  if (told_to("crash")) abort();
  while (told_to("hang")) pause();
  return softhsm->C_Login(session, user, pin, size);
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID* slots, CK_ULONG* count) {
  return told_to("slots") ? CKR_PIN_INCORRECT : softhsm->C_GetSlotList(present, slots, count);
}

__attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  void* library = dlopen(SOFTHSM_MODULE, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return CKR_GENERAL_ERROR;
  CK_RV (*original)(CK_FUNCTION_LIST**) = NULL;
  *(void**)&original = dlsym(library, "C_GetFunctionList");
  const CK_RV result = original(&softhsm);
  if (result != CKR_OK) return result;
  hostile = *softhsm;
  hostile.C_Login = login;
  hostile.C_OpenSession = open_session;
  hostile.C_FindObjectsInit = find_objects_init;
  hostile.C_GetSlotList = get_slot_list;
  *list = &hostile;
  return CKR_OK;
}
