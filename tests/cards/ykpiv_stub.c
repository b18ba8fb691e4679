// SPDX-License-Identifier: MIT
// Only its name is used, that of the real libykpiv with its folder: what is linked with it loads the real
// one.
int koshin_ykpiv_stub;
