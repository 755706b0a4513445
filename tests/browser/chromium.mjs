// Headless Chromium, wherever it is. SOLMU_TEST_CHROMIUM names it when it is not in one of the usual places.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** With further arguments, if any. */
export function launch(further = []) {
  const named = process.env.SOLMU_TEST_CHROMIUM;
  const executablePath = named || BROWSERS.find((candidate) => existsSync(candidate));
  if (!executablePath) throw new Error(`no Chromium in ${BROWSERS.join(', ')}; install it or set SOLMU_TEST_CHROMIUM`);
  const args = [...further, '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath, args });
}
