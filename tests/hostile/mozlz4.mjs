// SPDX-License-Identifier: MIT
// Reads what Firefox packs, sessions among it: "mozLz40\0", a size, and one LZ4 block.

/** Copies `count` bytes that begin `distance` before the end, which they may overlap. */
function repeat(output, at, distance, count) {
  for (let index = 0; index < count; index += 1) output[at + index] = output[at + index - distance];
}

/** The unpacked bytes; empty for anything else. */
export function unpackMozLz4(file) {
  if (file.subarray(0, 8).toString('latin1') !== 'mozLz40\0') return Buffer.alloc(0);
  const output = Buffer.alloc(file.readUInt32LE(8));
  let [from, to] = [12, 0];
  const length = (nibble) => {
    let count = nibble;
    if (nibble === 15) {
      let more;
      do { more = file[from++]; count += more; } while (more === 255);
    }
    return count;
  };
  while (from < file.length) {
    const token = file[from++];
    const literals = length(token >> 4);
    file.copy(output, to, from, from + literals);
    [from, to] = [from + literals, to + literals];
    if (from >= file.length) break;
    const distance = file.readUInt16LE(from);
    from += 2;
    const count = length(token & 15) + 4;
    repeat(output, to, distance, count);
    to += count;
  }
  return output;
}
