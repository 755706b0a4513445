// Sets a node up in headless Chromium as a coordinator does it: opens the address, fills in the form, presses the button.
//
//   node setup.mjs [FOLDER-FOR-SCREENSHOTS] < told.json
//
// Standard input: {url, language, told: {field: text}}: the address that the operator was given, and what is typed. Fields are
// found by their labels' targets; every check box is ticked.
//
// Standard output: one JSON object:
//   fields        how many fields of the form a person has to look at
//   typed         how many were filled in
//   seconds       from opening the address to the page after the button
//   path          where the browser is then
//   heading       the heading of that page
//   states        the words of what that page looked at
//   faults        what the form found wrong; empty when it was taken

import { answer, open } from './chromium.mjs';

async function setUp(page, { url, told }) {
  const begun = Date.now();
  await page.goto(url, { waitUntil: 'load' });
  const visible = page.locator('main form :is(input, select, textarea):not([type=hidden])');
  const fields = await visible.count();
  for (const [field, words] of Object.entries(told)) await page.locator(`#${field}`).fill(words);
  for (const box of await page.locator('main form input[type=checkbox]').all()) await box.check();
  await page.locator('main form button[type=submit]').click();
  await page.waitForLoadState('load');
  return {
    fields,
    typed: Object.keys(told).length,
    seconds: (Date.now() - begun) / 1000,
    path: new URL(page.url()).pathname,
    heading: await page.locator('h1').innerText(),
    states: await page.locator('main .state').allInnerTexts(),
    faults: await page.locator('main .faults li').allInnerTexts(),
  };
}

await answer(async (browser, asked, photograph) => {
  const page = await open(browser, asked.language);
  const result = await setUp(page, asked);
  await photograph(page, 'self-test');
  return result;
});
