// Registers a passkey in headless Chromium with a virtual authenticator (CDP, WebAuthn domain), signs out and signs in by it.
//
//   node passkey.mjs [FOLDER-FOR-SCREENSHOTS] < told.json
//
// Standard input: {url, language, cookie, name}: the origin of the node; the session of who registers, {name, value}; what the
// passkey is to be called.
//
// Standard output: one JSON object:
//   listed        the names of the passkeys on the page after one was made
//   credentials   what the authenticator holds then: {rpId, resident, count} of each
//   path          where the browser is after signing in by it
//   heading       the heading of that page
//   counted       how often the authenticator says that it was used then
//   again         the words of the page when a device that has one is to make a second one
//   unverified    the words of the page when the device does not know its person
//   copied        the words of the page when the device counts backwards
//   errors        console errors and uncaught exceptions

import { answer, open } from './chromium.mjs';

const MAKE = 'form[data-passkey=create]';
const ENTER = 'form[data-passkey=get]';
/** A refusal of the node, and one of the device. */
const REFUSED = 'main > .wrap > .faults';
const FAILED = '[data-failed]:not([hidden])';

async function authenticator(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options });
  const send = (method, more = {}) => session.send(`WebAuthn.${method}`, { authenticatorId, ...more });
  return { send, held: async () => (await send('getCredentials')).credentials };
}

async function press(page, form) {
  await Promise.all([page.waitForEvent('load'), page.locator(`${form} button`).click()]);
}

async function journey(page, { url, name }) {
  const device = await authenticator(page);
  await page.goto(`${url}/me/passkeys`, { waitUntil: 'load' });
  await page.locator(`${MAKE} input[name=name]`).fill(name);
  await press(page, MAKE);
  const listed = await page.locator('main .row-title').allInnerTexts();
  const credentials = (await device.held()).map((one) => (
    { rpId: one.rpId, resident: one.isResidentCredential, count: one.signCount }));

  await page.locator(`${MAKE} button`).click();
  const again = await page.locator(`${MAKE} ${FAILED}`).innerText();

  await page.context().clearCookies();
  await page.goto(`${url}/sign-in`, { waitUntil: 'load' });
  await press(page, ENTER);
  const entered = { path: new URL(page.url()).pathname, heading: await page.locator('h1').innerText() };
  const [key] = await device.held();

  await page.context().clearCookies();
  await device.send('setUserVerified', { isUserVerified: false });
  await page.goto(`${url}/sign-in`, { waitUntil: 'load' });
  await page.locator(`${ENTER} button`).click();
  const unverified = await page.locator(`${ENTER} ${FAILED}`).innerText();

  await device.send('setUserVerified', { isUserVerified: true });
  await device.send('removeCredential', { credentialId: key.credentialId });
  await device.send('addCredential', { credential: { ...key, signCount: 0 } });
  await page.goto(`${url}/sign-in`, { waitUntil: 'load' });
  await press(page, ENTER);
  const copied = await page.locator(REFUSED).innerText();
  return { listed, credentials, ...entered, counted: key.signCount, again, unverified, copied };
}

await answer(async (browser, asked, photograph) => {
  const page = await open(browser, asked.language);
  await page.context().addCookies([{ ...asked.cookie, url: asked.url }]);
  const errors = [];
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  page.on('pageerror', (error) => errors.push(String(error)));
  const result = await journey(page, asked);
  await photograph(page, 'passkey');
  return { ...result, errors };
});
