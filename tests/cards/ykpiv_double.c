// SPDX-License-Identifier: MIT
// What libykpiv has from version 2.6 on, for the tests with Debian 12's 2.2.0: stands before the real one
// under its name, and leaves everything else to it.
#include <stddef.h>

typedef struct State State;
int ykpiv_transfer_data(State* state, const unsigned char* header, const unsigned char* data, long size,
                        unsigned char* answer, unsigned long* answer_size, int* status);
int ykpiv_authenticate(State* state, const unsigned char* key);
int ykpiv_authenticate2(State* state, const unsigned char* key, size_t size);
int ykpiv_move_key(State* state, unsigned char from, unsigned char to);

enum { done = 0, failed = -7, not_supported = -16, size_of_3des = 24, success = 0x9000, move_key = 0xF6 };

int ykpiv_authenticate2(State* state, const unsigned char* key, size_t size) {
  return size == size_of_3des ? ykpiv_authenticate(state, key) : not_supported;
}

int ykpiv_move_key(State* state, unsigned char from, unsigned char to) {
  const unsigned char header[4] = {0, move_key, to, from};
  unsigned char answer[256];
  unsigned long size = sizeof answer;
  int status = 0;
  const int result = ykpiv_transfer_data(state, header, NULL, 0, answer, &size, &status);
  return result != done ? result : status == success ? done : failed;
}
