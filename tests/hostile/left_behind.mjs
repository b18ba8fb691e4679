// SPDX-License-Identifier: MIT
// A token beside a rude module, and what a secret looks like in what it leaves behind.
import { bin, join, openDesk } from '../ui-bridge/browser/harness.mjs';

export const pin = 'Zx7Unlike91';
export const passphrase = 'Qv3Nowhere8';

/** A secret as programs write it: text, UTF-16, hexadecimal digits of both cases and what stands between them. */
export function formsOf(secret) {
  const digits = [...Buffer.from(secret)].map((byte) => byte.toString(16).padStart(2, '0'));
  const hex = ['', ' ', ':', '-', ', '].flatMap((between) => [digits.join(between), digits.join(between).toUpperCase()]);
  return [Buffer.from(secret), Buffer.from(secret, 'utf16le').subarray(0, -1), Buffer.from(secret).toString('base64').slice(0, -2), ...hex, digits.map((two) => `0x${two}`).join(', ')]
    .map((form) => Buffer.from(form));
}
export const holds = (bytes, secret) => formsOf(secret).some((form) => bytes.includes(form));

/** `how` the module behaves: hostile_module.c. */
export async function deskBeside(defer, how, { extra = '', provisioned = true } = {}) {
  const desk = defer(await openDesk());
  await desk.do('token', { label: 'Sakura Token', pin });
  if (provisioned) await desk.do('provision', { label: 'Sakura Token', days: 12, key: 'ec-p256' });
  desk.settings = (await desk.do('settings', {
    extra: `token.modules = ["${join(bin, 'koshin-hostile-module.so')}"]\nlog.module_output = true\nrenewal.job_deadline = "PT6S"\n${extra}`,
  })).file;
  desk.environment = { ...desk.environment, KOSHIN_HOSTILE: how };
  return desk;
}
