/* SPDX-License-Identifier: MIT
 * Preloaded into a worker: counts the calls by which SQLite changes the journal, or SoftHSM (over stdio) the
 * files of its token, and kills the process right after the N-th. Without a number it only counts. Files are
 * told by a part of their path (KOSHIN_SHIM_PATH). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static _Atomic unsigned count;

static int is_journal_path(const char* path) {
  const char* part = getenv("KOSHIN_SHIM_PATH");
  /* SoftHSM's own record of a token, which C_Login changes: without it there is no token any more. */
  if (path != NULL && strstr(path, "/token.") != NULL) return 0;
  return part != NULL && path != NULL && strstr(path, part) != NULL;
}

static int is_journal(int descriptor) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return is_journal_path(path);
}

/* Called once the change is made. */
static void changed(const char* what) {
  const char* log = getenv("KOSHIN_SHIM_LOG");
  const char* at = getenv("KOSHIN_SHIM_AT");
  const unsigned number = ++count;
  if (log != NULL) {
    const int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    char line[64];
    const int length = snprintf(line, sizeof line, "%u %s\n", number, what);
    if (file < 0 || dprintf(file, "%.*s", length, line) != length) abort();
    close(file);
  }
  if (at != NULL && number == (unsigned)strtoul(at, NULL, 10)) kill(getpid(), SIGKILL);
}

#define REAL(name)                 \
  static __typeof__(&(name)) real; \
  if (real == NULL) real = (__typeof__(&(name)))dlsym(RTLD_NEXT, #name)

#define VISIBLE __attribute__((visibility("default")))

VISIBLE ssize_t pwrite(int descriptor, const void* data, size_t size, off_t offset) {
  REAL(pwrite);
  const ssize_t done = real(descriptor, data, size, offset);
  if (is_journal(descriptor)) changed("pwrite");
  return done;
}

VISIBLE ssize_t pwrite64(int descriptor, const void* data, size_t size, off64_t offset) {
  REAL(pwrite64);
  const ssize_t done = real(descriptor, data, size, offset);
  if (is_journal(descriptor)) changed("pwrite");
  return done;
}

VISIBLE ssize_t write(int descriptor, const void* data, size_t size) {
  REAL(write);
  const ssize_t done = real(descriptor, data, size);
  if (is_journal(descriptor)) changed("write");
  return done;
}

VISIBLE int fsync(int descriptor) {
  REAL(fsync);
  const int done = real(descriptor);
  if (is_journal(descriptor)) changed("fsync");
  return done;
}

VISIBLE int fdatasync(int descriptor) {
  REAL(fdatasync);
  const int done = real(descriptor);
  if (is_journal(descriptor)) changed("fdatasync");
  return done;
}

VISIBLE int ftruncate64(int descriptor, off64_t length) {
  REAL(ftruncate64);
  const int done = real(descriptor, length);
  if (is_journal(descriptor)) changed("ftruncate");
  return done;
}

VISIBLE int unlink(const char* path) {
  REAL(unlink);
  const int done = real(path);
  if (is_journal_path(path)) changed("unlink");
  return done;
}

VISIBLE int ftruncate(int descriptor, off_t length) {
  REAL(ftruncate);
  const int done = real(descriptor, length);
  if (is_journal(descriptor)) changed("ftruncate");
  return done;
}

VISIBLE int fflush(FILE* stream) {
  REAL(fflush);
  const int done = real(stream);
  if (stream != NULL && is_journal(fileno(stream))) changed("fflush");
  return done;
}

VISIBLE int fclose(FILE* stream) {
  REAL(fclose);
  const int ours = is_journal(fileno(stream));
  const int done = real(stream);
  if (ours) changed("fclose");
  return done;
}

VISIBLE int remove(const char* path) {
  REAL(remove);
  const int done = real(path);
  if (is_journal_path(path)) changed("remove");
  return done;
}
