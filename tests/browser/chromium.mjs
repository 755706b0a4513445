// Headless Chromium, wherever it is. SOLMU_TEST_CHROMIUM names it when it is not in one of the usual places.

import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { chromium } from 'playwright-core';

/** How long an element may take to be there. */
export const TIMEOUT_MS = 20_000;

const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Nobody looks at what is painted, so one thread is enough for that: a tenth less for each page. */
const ROUGHLY = ['--disable-gpu', '--num-raster-threads=1'];

/** With further arguments, if any. */
export function launch(further = []) {
  const named = process.env.SOLMU_TEST_CHROMIUM;
  const executablePath = named || BROWSERS.find((candidate) => existsSync(candidate));
  if (!executablePath) throw new Error(`no Chromium in ${BROWSERS.join(', ')}; install it or set SOLMU_TEST_CHROMIUM`);
  const args = [...further, '--headless', '--no-sandbox', ...ROUGHLY, '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({ executablePath, args });
}

/** A fresh window of somebody who reads `language`, and its one page; `further` as for `Browser.newContext`. */
export async function open(browser, language, further = {}) {
  const context = await browser.newContext({ locale: language, viewport: { width: 1280, height: 800 }, ...further });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  return page;
}

/**
 * Reads what is asked from standard input, does `work(browser, asked, photograph)` and prints what it returns, both as JSON.
 * `photograph(page, name)` takes a picture of the whole page when a folder for them was named on the command line.
 */
export async function answer(work) {
  const asked = JSON.parse(await text(process.stdin));
  const folder = process.argv[2] ?? null;
  if (folder) mkdirSync(folder, { recursive: true });
  const photograph = async (page, name) => {
    if (folder) await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
  };
  const browser = await launch();
  try {
    console.log(JSON.stringify(await work(browser, asked, photograph)));
  } finally {
    await browser.close();
  }
}
