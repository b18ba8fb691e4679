// SPDX-License-Identifier: MIT
// Programs of the company's that are run after a renewal (docs/hooks.md), with a real token, bank and koshin-hooks.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { check, deskWith, equal, eventually, goAhead, join, onScreen, openPage, openUi, test, unlock } from './harness.mjs';

test('hooks: a program of the company\'s that fails after the renewal is named on Completed, and what works is not', async (defer) => {
  const desk = await deskWith(defer);
  const folder = join(desk.folder, 'hooks.d');
  mkdirSync(folder, { mode: 0o755 });
  for (const [name, script] of [['10-inventory', 'exit 3'], ['20-gateway', 'exit 0']]) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const { file } = await desk.do('settings', { extra: `hooks.directory = "${folder}"\n` });
  const ui = defer(await openUi({ environment: desk.environment, settings: file }));
  const page = await openPage(ui.url);
  defer(page.context());
  await unlock(page);
  await goAhead(page);
  await onScreen(page, 'completed');
  await eventually(async () => (await page.textContent('#card')).includes('10-inventory'), 'the hook that failed');
  const shown = await page.textContent('#card');
  check(shown.includes('更新が完了しました') && shown.includes('電子証明書の更新は完了しており'), shown);
  check(!shown.includes('20-gateway'), shown);
  await page.click('[data-language="en"]');
  check((await page.textContent('#card')).includes('should run after the renewal failed: 10-inventory'), await page.textContent('#card'));
  equal(page.problems, []);
});
