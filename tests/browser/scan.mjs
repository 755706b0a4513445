// Opens pages in headless Chromium and tells what a person, a keyboard and a screen reader would meet there.
//
//   node scan.mjs [FOLDER-FOR-SCREENSHOTS] < list.json
//
// Standard input: a JSON list of {url, language, looks, name?, cookie?, press?, code?, forgets?, often?, keyboard?}. `language` is sent as Accept-Language, `name` is what
// the caller calls the page (its path when absent). `looks` is a list of {width, height?, scheme?, rules?}: each page is loaded once, and then looked at in each of these. `width` and `height` are
// CSS pixels (height 800 when absent), `scheme` is "light" (default) or "dark", `rules` is a list of what axe asks: "all" (default), "shape" (what depends on the width), "colour" (what depends on the scheme); with an empty list the layout alone is looked at. `cookie` is {name, value}, for who is signed in. `press` is
// the selector of a button, the first of which is pressed: what is looked at is the answer to its form, sent as it is; but `code` is
// {field, key}, the selector of a field and the key of a second step whose code is typed there, and with `forgets` true the cookies are
// gone by then. `often` is the address of a client behind a proxy (X-Forwarded-For), from which the page is asked for until it is refused. With `keyboard` true somebody walks
// through the page by Tab.
//
// Standard output: one JSON object a line, in the order in which the pages were finished:
//   name, url, language   as asked
//   at              address of the page that was shown in the end: who is sent elsewhere has not seen the page
//   status          HTTP status of the page
//   title, lang     document title; the `lang` attribute of <html>
//   consoleErrors   console errors, uncaught exceptions and failed requests
//   foreignRequests addresses of another origin that the page asked for; they are recorded, and find no host
//   looks           one for each that was asked for:
//     width, scheme  as asked
//     overflow       true when the page scrolls sideways
//     overflowing    outermost elements that stick out to the right, as HTML (at most 10)
//     violations     axe: [{id, impact, help, nodes: [html]}], WCAG 2.0–2.2 A and AA and axe's best practices
//     screenshot     path of the full-page picture, or null when no folder was named
//   tab             {reached, expected, missed: [html], unmarked: [html]}: elements that Tab reaches, those that it should have, and
//                   those that did not look as if they had the focus; null when nobody walked
//   milliseconds    {load, look, walk}: what it took
//   error           only when the page could not be opened; the fields after `language` are then absent
//
// Exit status 0 when every page was answered for, however bad it is: judging is the caller's work. Non-zero only when the list or
// the browser is unusable. SOLMU_TEST_CHROMIUM names the browser when it is not in one of the usual places.

import { mkdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createRequire } from 'node:module';
import path from 'node:path';
import { TIMEOUT_MS, launch } from './chromium.mjs';
import { codeOf } from './totp.mjs';

const axeSource = createRequire(import.meta.url)('axe-core').source;
const ALL = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const RULES = {
  shape: ['target-size', 'scrollable-region-focusable'],
  colour: ['color-contrast', 'link-in-text-block'],
};
/** Nothing leaves this machine. (To stop each request instead costs a way to this process and back, and the cache.) */
const NOWHERE = '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost';
const PAGES_AT_ONCE = 2;
const MAX_TABS = 1000;
/** A page that is not refused after so many questions is not going to be. */
const MAX_OFTEN = 200;
/** Presses before it is looked where the focus is. */
const TABS_AT_ONCE = 10;

function readList(source) {
  const list = JSON.parse(source);
  const isLook = (look) => look?.width > 0 && (look.rules ?? []).every((rules) => rules === 'all' || rules in RULES);
  const usable = (entry) => typeof entry?.url === 'string' && typeof entry.language === 'string' &&
    Array.isArray(entry.looks) && entry.looks.length > 0 && entry.looks.every(isLook);
  if (!Array.isArray(list) || !list.every(usable)) {
    throw new Error('standard input must be a JSON list of {url, language, looks: [{width}]}');
  }
  return list;
}

/**
 * A tab for all pages of one language: to open one takes longer than to load a page. `visit` goes to a page and
 * returns its answer, and what the page logs as an error or asks of another origin, gathered from before the first byte.
 */
async function openTab(browser, language) {
  const context = await browser.newContext({ locale: language, reducedMotion: 'reduce' });
  context.setDefaultTimeout(TIMEOUT_MS);
  await context.addInitScript(axeSource); // not a script element: the page's own Content-Security-Policy stays in force
  const page = await context.newPage();
  let now;
  const begin = (url) => {
    now = { url, itself: new Set(), seen: { consoleErrors: [], foreignRequests: [] } };
  };
  begin('about:blank');
  page.on('console', (message) => {
    // A page that is itself an error page is no fault of the page; its status is in the answer.
    const itself = now.itself.has(message.location().url) && message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !itself) now.seen.consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => now.seen.consoleErrors.push(String(error)));
  page.on('request', (request) => {
    if (request.isNavigationRequest()) now.itself.add(request.url());
    if (new URL(request.url()).origin !== new URL(now.url).origin) now.seen.foreignRequests.push(request.url());
  });
  const open = (url) => page.goto(url, { waitUntil: 'load' });
  const openTooOften = async (url, client) => {
    // With the second header it is one reader's own question: no answer that is kept for all is given to it.
    await page.setExtraHTTPHeaders({ 'x-forwarded-for': client, authorization: 'none' });
    let response = await open(url);
    for (let asked = 1; response.ok() && asked < MAX_OFTEN; asked += 1) response = await open(url);
    await page.setExtraHTTPHeaders({});
    return response;
  };
  const visit = async ({ url, cookie, press, code, forgets, often, looks }) => {
    await context.clearCookies();
    if (cookie) await context.addCookies([{ ...cookie, url }]);
    begin(url);
    await appear(page, looks[0]);
    let response = often ? await openTooOften(url, often) : await open(url);
    if (press) {
      if (code) await page.locator(code.field).fill(codeOf(code.key));
      if (forgets) await context.clearCookies();
      const answered = page.waitForNavigation({ waitUntil: 'load' });
      await page.locator(press).first().click();
      response = await answered;
    }
    await page.evaluate(() => document.fonts.ready.then(() => true));
    return { response, seen: now.seen };
  };
  return { language, page, visit, close: () => context.close() };
}

/** Gives the page a width and a scheme. */
async function appear(page, { width, height = 800, scheme = 'light' }) {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
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

/** Runs in the page: marks what a keyboard user must be able to reach, and watches what the focus does. */
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
  const focus = { expected, reached: new Set(), unmarked: [], cameRound: false };
  const isMarked = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { width, height, right, bottom } = element.getBoundingClientRect();
    const isThere = width > 1 && height > 1 && right > 0 && bottom > 0;
    // `auto` is the browser's own, whatever its width.
    return isThere && (outlineStyle === 'auto' || (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2));
  };
  document.addEventListener('focusin', ({ target }) => {
    focus.cameRound ||= focus.reached.has(target);
    if (!focus.reached.has(target) && !isMarked(target)) focus.unmarked.push(target.outerHTML.slice(0, 200));
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
  const { expected, reached, unmarked } = window.solmuFocus;
  const missed = expected.filter((element) => !reached.has(element)).map((element) => element.outerHTML.slice(0, 200));
  return { reached: reached.size, expected: expected.length, missed, unmarked };
}

async function tabThrough(page) {
  await page.evaluate(expectFocus);
  for (let presses = 0; presses < MAX_TABS; presses += TABS_AT_ONCE) {
    await Promise.all(Array.from({ length: TABS_AT_ONCE }, () => page.keyboard.press('Tab')));
    if (await page.evaluate(cameRound)) break;
  }
  return page.evaluate(focusReport);
}

async function axe(page, rules) {
  const some = { type: 'rule', values: rules.flatMap((one) => RULES[one] ?? []) };
  const runOnly = rules.includes('all') ? ALL : some;
  const options = { runOnly, resultTypes: ['violations'], iframes: false, preload: false };
  const { violations } = await page.evaluate((given) => window.axe.run(document, given), options);
  return violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map((node) => node.html) }));
}

function pictureName({ name, language }, { width, scheme }) {
  const page = name.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '').slice(0, 80) || 'front';
  return `${page}.${language}.${width}${scheme === 'dark' ? '.dark' : ''}.png`;
}

function nameOf({ name, url }) {
  const { pathname, search } = new URL(url);
  return name ?? `${pathname}${search}`;
}

/** The page as it is now, at one width and in one scheme. */
async function look(page, asked, { width, height, scheme = 'light', rules = ['all'] }, folder) {
  await appear(page, { width, height, scheme });
  const found = await page.evaluate(layout);
  const screenshot = folder ? path.join(folder, pictureName(asked, { width, scheme })) : null;
  if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
  return { width, scheme, ...found, violations: rules.length > 0 ? await axe(page, rules) : [], screenshot };
}

async function scan(tab, asked, folder) {
  const { page } = tab;
  try {
    const begun = Date.now();
    const { response, seen } = await tab.visit(asked);
    const found = {
      at: page.url(),
      status: response.status(),
      title: await page.title(),
      lang: await page.evaluate(() => document.documentElement.getAttribute('lang')),
    };
    const loaded = Date.now();
    const looks = [];
    for (const wanted of asked.looks) looks.push(await look(page, asked, wanted, folder));
    const seenAll = Date.now();
    const walked = asked.keyboard ? await tabThrough(page) : null;
    const milliseconds = { load: loaded - begun, look: seenAll - loaded, walk: Date.now() - seenAll };
    return { ...found, ...seen, looks, tab: walked, milliseconds };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

const folder = process.argv[2] ? path.resolve(process.argv[2]) : null;
const list = readList(await text(process.stdin));
if (folder) mkdirSync(folder, { recursive: true });
const browser = await launch([NOWHERE]);
const waiting = list[Symbol.iterator](); // shared: each worker takes the next page
const worker = async () => {
  let tab = null;
  for (const asked of waiting) {
    const { url, language } = asked;
    const name = nameOf(asked);
    if (tab?.language !== language) {
      await tab?.close();
      tab = await openTab(browser, language);
    }
    console.log(JSON.stringify({ name, url, language, ...(await scan(tab, { ...asked, name }, folder)) }));
  }
};
try {
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, worker));
} finally {
  await browser.close();
}
