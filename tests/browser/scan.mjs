// Opens pages in headless Chromium and tells what a person, a keyboard and a screen reader would meet there.
//
//   node scan.mjs [FOLDER-FOR-SCREENSHOTS] < list.json
//
// Standard input: a JSON list of {url, language, width, height?, scheme?, keyboard?, cookie?}; `language` is sent as Accept-Language, `width`
// and `height` are CSS pixels (height 800 when absent), `scheme` is "light" (default) or "dark"; with `keyboard` false nobody
// walks through the page by Tab, which takes longer than all the rest. `cookie` is {name, value}, for who is signed in.
//
// Standard output: one JSON object a line, in the order in which the pages were finished:
//   url, language, width, scheme   as asked
//   status          HTTP status of the page
//   title, lang     document title; the `lang` attribute of <html>
//   overflow        true when the page scrolls sideways
//   overflowing     outermost elements that stick out to the right, as HTML (at most 10)
//   consoleErrors   console errors, uncaught exceptions and failed requests
//   foreignRequests addresses of another origin that the page asked for; they are recorded and refused, never sent
//   violations      axe: [{id, impact, help, nodes: [html]}], WCAG 2.0–2.2 A and AA and axe's best practices
//   tab             {reached, expected, missed: [html]}: elements that Tab reaches, and those that it should have; null when
//                   nobody walked
//   screenshot      path of the full-page picture, or null when no folder was named
//   error           only when the page could not be opened; the fields after `scheme` are then absent
//
// Exit status 0 when every page was answered for, however bad it is: judging is the caller's work. Non-zero only when the list or
// the browser is unusable. SOLMU_TEST_CHROMIUM names the browser when it is not in one of the usual places.

import { mkdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createRequire } from 'node:module';
import path from 'node:path';
import { launch } from './chromium.mjs';

const axeSource = createRequire(import.meta.url)('axe-core').source;
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PAGES_AT_ONCE = 2;
const MAX_TABS = 1000;
/** Presses before it is looked where the focus is. */
const TABS_AT_ONCE = 10;
const TIMEOUT_MS = 20_000;

function readList(source) {
  const list = JSON.parse(source);
  const usable = (entry) => typeof entry?.url === 'string' && typeof entry.language === 'string' && entry.width > 0;
  if (!Array.isArray(list) || !list.every(usable)) {
    throw new Error('standard input must be a JSON list of {url, language, width}');
  }
  return list;
}

/**
 * A tab for all pages of one language and scheme: to open one takes longer than to load a page. `visit` goes to a page and
 * returns its answer, and what the page logs as an error or asks of another origin, gathered from before the first byte.
 */
async function openTab(browser, { language, scheme }) {
  const context = await browser.newContext({ locale: language, colorScheme: scheme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  let now = { url: 'about:blank', seen: { consoleErrors: [], foreignRequests: [] } };
  page.on('console', (message) => {
    // A page that is itself an error page is no fault of the page; its status is in the answer.
    const itself = message.location().url === now.url && message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !itself) now.seen.consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => now.seen.consoleErrors.push(String(error)));
  await page.route('**/*', (route) => {
    const asked = route.request().url();
    if (new URL(asked).origin === new URL(now.url).origin) return route.continue();
    now.seen.foreignRequests.push(asked);
    return route.abort();
  });
  const visit = async (url, viewport, cookie) => {
    await context.clearCookies();
    if (cookie) await context.addCookies([{ ...cookie, url }]);
    now = { url, seen: { consoleErrors: [], foreignRequests: [] } };
    await page.setViewportSize(viewport);
    const response = await page.goto(url, { waitUntil: 'load' });
    await page.evaluate(() => document.fonts.ready.then(() => true));
    return { response, seen: now.seen };
  };
  return { language, scheme, page, visit, close: () => context.close() };
}

/** Runs in the page. */
function layout() {
  const limit = document.documentElement.clientWidth;
  const sticksOut = (element) => element && element.getBoundingClientRect().right > limit + 1;
  const overflowing = [...document.body.querySelectorAll('*')]
    .filter((element) => sticksOut(element) && !sticksOut(element.parentElement))
    .slice(0, 10)
    .map((element) => element.outerHTML.slice(0, 200));
  const overflow = document.documentElement.scrollWidth > limit;
  return { overflow, overflowing: overflow ? overflowing : [] };
}

/** Runs in the page: marks what a keyboard user must be able to reach. */
function expectFocus() {
  const selector = 'a[href], area[href], button, input:not([type=hidden]), select, textarea, summary, iframe, ' +
    'audio[controls], video[controls], [contenteditable=""], [contenteditable=true], [tabindex]';
  const radios = new Set();
  const oneOfItsGroup = (element) => {
    if (element.type !== 'radio' || !element.name) return true;
    const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(element.name)}"]`)]
      .filter((radio) => radio.form === element.form);
    if (group.some((radio) => radio.checked)) return element.checked;
    const known = group.some((radio) => radios.has(radio));
    radios.add(element);
    return !known;
  };
  const expected = [...document.querySelectorAll(selector)].filter((element) =>
    element.tabIndex >= 0 && !element.matches(':disabled') && !element.closest('[inert]') &&
    element.checkVisibility({ visibilityProperty: true }) && oneOfItsGroup(element));
  const focus = { expected, reached: new Set(), cameRound: false };
  document.addEventListener('focusin', ({ target }) => {
    focus.cameRound ||= focus.reached.has(target);
    focus.reached.add(target);
  });
  window.solmuFocus = focus;
}

/** Runs in the page: true once the focus has come round, or has left the page. */
function cameRound() {
  return window.solmuFocus.cameRound || document.activeElement === document.body;
}

/** Runs in the page. */
function focusReport() {
  const { expected, reached } = window.solmuFocus;
  const missed = expected.filter((element) => !reached.has(element)).map((element) => element.outerHTML.slice(0, 200));
  return { reached: reached.size, expected: expected.length, missed };
}

async function tabThrough(page) {
  await page.evaluate(expectFocus);
  for (let presses = 0; presses < MAX_TABS; presses += TABS_AT_ONCE) {
    for (let press = 0; press < TABS_AT_ONCE; press += 1) await page.keyboard.press('Tab');
    if (await page.evaluate(cameRound)) break;
  }
  return page.evaluate(focusReport);
}

async function axe(page) {
  await page.evaluate(axeSource); // not a script element: the page's own Content-Security-Policy stays in force
  const options = { runOnly: { type: 'tag', values: AXE_TAGS }, resultTypes: ['violations'] };
  const { violations } = await page.evaluate((given) => window.axe.run(document, given), options);
  return violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map((node) => node.html) }));
}

function pictureName({ url, language, width, scheme }) {
  const { pathname, search } = new URL(url);
  const page = `${pathname}${search}`.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').slice(0, 80) || 'front';
  return `${page}.${language}.${width}${scheme === 'dark' ? '.dark' : ''}.png`;
}

async function scan(tab, asked, folder) {
  const { page } = tab;
  try {
    const { response, seen } = await tab.visit(asked.url, { width: asked.width, height: asked.height }, asked.cookie);
    const found = {
      status: response.status(),
      title: await page.title(),
      lang: await page.evaluate(() => document.documentElement.getAttribute('lang')),
      ...(await page.evaluate(layout)),
    };
    const screenshot = folder ? path.join(folder, pictureName(asked)) : null;
    if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
    const violations = await axe(page);
    return { ...found, ...seen, violations, tab: asked.keyboard ? await tabThrough(page) : null, screenshot };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

const folder = process.argv[2] ? path.resolve(process.argv[2]) : null;
const list = readList(await text(process.stdin));
if (folder) mkdirSync(folder, { recursive: true });
const browser = await launch();
const waiting = list[Symbol.iterator](); // shared: each worker takes the next page
const worker = async () => {
  let tab = null;
  for (const { url, language, width, scheme = 'light', height = 800, keyboard = true } of waiting) {
    const asked = { url, language, width, scheme, height, keyboard };
    if (tab?.language !== language || tab.scheme !== scheme) {
      await tab?.close();
      tab = await openTab(browser, asked);
    }
    console.log(JSON.stringify({ url, language, width, scheme, ...(await scan(tab, asked, folder)) }));
  }
};
try {
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, worker));
} finally {
  await browser.close();
}
