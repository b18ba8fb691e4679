/* SPDX-License-Identifier: MIT
 * Preloaded into a worker: counts the calls by which SQLite changes the journal, or SoftHSM (over stdio) the
 * files of its token, and kills the process right after the N-th. Without a number it only counts. Files are
 * told by a part of their path (KOSHIN_SHIM_PATH). With KOSHIN_SHIM_TORN a file whose N-th change is a write
 * keeps the first half of its content alone, as when the power goes. With KOSHIN_SHIM_FULL_AT the disk has no
 * room for the N-th change and any later one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static _Atomic unsigned count;

#define REAL(name)                 \
  static __typeof__(&(name)) real; \
  if (real == NULL) real = (__typeof__(&(name)))dlsym(RTLD_NEXT, #name)

static int truncate_file(int descriptor, off_t length) {
  REAL(ftruncate);
  return real(descriptor, length);
}

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

static off_t size_of(int descriptor) {
  struct stat status;
  return fstat(descriptor, &status) == 0 ? status.st_size : -1;
}

/* Called once the change is made. `written`: the file that was written to; -1 when it was another change. */
static void changed_by_write(const char* what, int written) {
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
  if (at == NULL || number != (unsigned)strtoul(at, NULL, 10)) return;
  if (written >= 0 && getenv("KOSHIN_SHIM_TORN") != NULL && truncate_file(written, size_of(written) / 2) != 0)
    abort();
  kill(getpid(), SIGKILL);
}

static void changed(const char* what) {
  changed_by_write(what, -1);
}

/* Whether the disk is full by now: from the change KOSHIN_SHIM_FULL_AT on. */
static int is_full(void) {
  const char* at = getenv("KOSHIN_SHIM_FULL_AT");
  if (at == NULL || count + 1 < (unsigned)strtoul(at, NULL, 10)) return 0;
  errno = ENOSPC;
  return 1;
}

#define VISIBLE __attribute__((visibility("default")))

/* Of SoftHSM's object files and their locks the making counts; a file that is there is only opened. */
static int open_and_count(const char* path, int flags, va_list rest, const char* name) {
  int (*real)(const char*, int, ...) = (int (*)(const char*, int, ...))dlsym(RTLD_NEXT, name);
  const mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  const int makes = (flags & O_CREAT) != 0 && is_journal_path(path) && access(path, F_OK) != 0;
  const int descriptor = real(path, flags, mode);
  if (makes && descriptor >= 0) changed("open");
  return descriptor;
}

VISIBLE int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int descriptor = open_and_count(path, flags, rest, "open");
  va_end(rest);
  return descriptor;
}

VISIBLE int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int descriptor = open_and_count(path, flags, rest, "open64");
  va_end(rest);
  return descriptor;
}

VISIBLE ssize_t pwrite(int descriptor, const void* data, size_t size, off_t offset) {
  REAL(pwrite);
  if (is_journal(descriptor) && is_full()) return -1;
  const ssize_t done = real(descriptor, data, size, offset);
  if (is_journal(descriptor)) changed_by_write("pwrite", descriptor);
  return done;
}

VISIBLE ssize_t pwrite64(int descriptor, const void* data, size_t size, off64_t offset) {
  REAL(pwrite64);
  if (is_journal(descriptor) && is_full()) return -1;
  const ssize_t done = real(descriptor, data, size, offset);
  if (is_journal(descriptor)) changed_by_write("pwrite", descriptor);
  return done;
}

VISIBLE ssize_t write(int descriptor, const void* data, size_t size) {
  REAL(write);
  if (is_journal(descriptor) && is_full()) return -1;
  const ssize_t done = real(descriptor, data, size);
  if (is_journal(descriptor)) changed_by_write("write", descriptor);
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
  if (stream != NULL && is_journal(fileno(stream))) changed_by_write("fflush", fileno(stream));
  return done;
}

/* What stdio still has to write, it writes here; closing what was only read changes nothing. */
VISIBLE int fclose(FILE* stream) {
  REAL(fclose);
  const int kept = is_journal(fileno(stream)) ? dup(fileno(stream)) : -1;
  const off_t before = kept < 0 ? 0 : size_of(kept);
  const int done = real(stream);
  if (kept < 0) return done;
  if (size_of(kept) != before) changed_by_write("fclose", kept);
  close(kept);
  return done;
}

VISIBLE int remove(const char* path) {
  REAL(remove);
  const int done = real(path);
  if (is_journal_path(path)) changed("remove");
  return done;
}
