// SPDX-License-Identifier: MIT
// The bank's own word for the PIN in a text, as foundation/base/pin_name.cpp puts it there; tests/ui-bridge/pin_names.json holds both.
// The page does it itself, since the catalogues are served as they were compressed when the program was built.

const pinWord = /(?<!SO )(?<!officer's )(?<![A-Za-z0-9_-])PIN(?![A-Za-z0-9_-])/g;
const beyondAscii = (character) => character !== undefined && character > '\x7f';

export function callPin(text, name) {
  if (!name) return text;
  let result = '';
  let from = 0;
  for (const { index } of text.matchAll(pinWord)) {
    result += text.slice(from, index);
    from = index + 'PIN'.length;
    const begins = result === '' || result.endsWith('. ') || result.endsWith('\n');
    // Japanese has no blank between its characters.
    if (result.endsWith(' ') && beyondAscii(result.at(-2)) && beyondAscii(name[0])) result = result.slice(0, -1);
    result += begins ? name[0].replace(/[a-z]/, (letter) => letter.toUpperCase()) + name.slice(1) : name;
    if (text[from] === ' ' && beyondAscii(text[from + 1]) && beyondAscii(name.at(-1))) from += 1;
  }
  return result + text.slice(from);
}
