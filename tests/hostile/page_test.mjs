// SPDX-License-Identifier: MIT
// What another user of the machine gets from the page, and what a browser keeps of a PIN: nothing. Started by two_users.mjs.
import { other } from './other.mjs';
import { run } from '../ui-bridge/browser/harness.mjs';
import './users.mjs';
import './takeover.mjs';
import './secrets.mjs';

await run(process.argv[2]);
other.close();
