/* SPDX-License-Identifier: MIT
 * Runs a program and writes its peak resident memory in KiB to a file: the kernel counts a child's memory
 * from before exec on, so the parent has to be as small as this. Usage: koshin-bench-peak-rss FILE PROGRAM
 * [ARGUMENT ...] */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const pid_t child = fork();
  if (child == 0) {
    execv(argv[2], argv + 2);
    _exit(127);
  }
  int status = 0;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 2;
  FILE* file = fopen(argv[1], "w");
  if (file == NULL || fprintf(file, "%ld\n", usage.ru_maxrss) < 0 || fclose(file) != 0) return 2;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
