// SPDX-License-Identifier: MIT
// Preloaded: the clock that a wait for a person is measured by (CLOCK_BOOTTIME) goes 300 times as fast. Or,
// where KOSHIN_CLOCK_AHEAD is set: this computer's date is that many seconds ahead, and nothing else changes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec* now) {
  static int (*real)(clockid_t, struct timespec*);
  static time_t begun;
  if (real == NULL) *(void**)&real = dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real(clock, now);
  const char* ahead = getenv("KOSHIN_CLOCK_AHEAD");
  if (ahead != NULL) {
    if (clock == CLOCK_REALTIME && result == 0) now->tv_sec += (time_t)atoll(ahead);
    return result;
  }
  if (clock != CLOCK_BOOTTIME || result != 0) return result;
  if (begun == 0) begun = now->tv_sec;
  const long long passed = (long long)(now->tv_sec - begun) * 1000000000LL + now->tv_nsec;
  const long long faster = passed * 300;
  now->tv_sec = begun + (time_t)(faster / 1000000000LL);
  now->tv_nsec = (long)(faster % 1000000000LL);
  return 0;
}
