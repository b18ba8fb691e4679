// SPDX-License-Identifier: MIT
// Programs of another system than the one the browser runs on: koshin for Windows under Wine (KOSHIN_WINE names it).
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const wine = process.env.KOSHIN_WINE ?? '';
const build = process.env.KOSHIN_BIN ? resolve(process.env.KOSHIN_BIN, '..') : '';
/** How programs under Wine call a file below the build's folder, which is a drive to them (tests/windows/wine.sh). */
export const windowsPath = (path) => `K:${path.slice(build.length).replaceAll('/', '\\')}`;
/** How a program of koshin is started: what spawn() takes. */
export const inSystem = (program, args) => (wine ? [wine, [windowsPath(`${program}.exe`), ...args]] : [program, args]);

let relay = null;
/**
 * Options of Chromium with which its connections come from a program of Windows (relay_main_windows.cpp): to Windows a process of Linux is
 * nobody's, and koshin-ui refuses it. Empty where koshin is of this system.
 */
export async function throughRelay() {
  if (!wine) return [];
  relay ??= spawn(...inSystem(join(process.env.KOSHIN_BIN, 'koshin-relay'), []), { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise((done) => { createInterface({ input: relay.stdout }).once('line', done); });
  return [`--proxy-server=socks5://127.0.0.1:${port.trim()}`, '--proxy-bypass-list=<-loopback>'];
}
/** It ends with its input. */
export const endRelay = () => relay?.stdin.end();
