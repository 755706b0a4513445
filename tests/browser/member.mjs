// J2 and J11 as a member lives them in a browser: joins by the link of a letter, writes a profile, publishes some of it, takes a part
// of that back, downloads what is held, deletes the account, thinks better of it, and deletes it after all. A coordinator publishes the profile, after giving it back once when there is a reason.
//
//   node member.mjs [FOLDER-FOR-SCREENSHOTS] < told.json
//
// Standard input: {origin, language, mail, name, skill, reason, letters, signIn, words}: the node, the language of both browsers, who joins, the
// word by which a skill is looked for, why the profile is given back once (or null), the folder in which the node keeps its letters, the link by which the coordinator signs in, and
// the texts of the pages in this language by their keys. Buttons, links and headings are found by these texts alone.
//
// Standard output: one JSON object:
//   skill         the skill that was found and chosen
//   standings     what the page says of the profile: written, asked for, published
//   on            the switches that were on before any was turned
//   returned      when it was given back: what the page says of that, and of the profile that was asked for again; else null
//   previews      what the preview shows: with every switch off, and with those that were turned on
//   publicPage    the text of the profile's page for everybody: published, and after a part was taken back
//   statuses      of that page: before it was published, published, deleted, after thinking better of it, deleted again
//   log           what the member's page says of who looked
//   held          what is held, as it is read; exported, the same as a file
//   leaving       what the page says while the account waits for its end

import { readFileSync } from 'node:fs';
import { answer, open } from './chromium.mjs';
import { linkOfLetter } from './letters.mjs';

/** Somebody who reads a language and clicks on words. */
class Reader {
  constructor(page, told) {
    Object.assign(this, { page, told });
  }

  async open(address) {
    await this.page.goto(new URL(address, this.told.origin).href, { waitUntil: 'load' });
  }

  word(key) {
    const word = this.told.words[key];
    if (!word) throw new Error(`no text ${key} in ${this.told.language}`);
    return word;
  }

  /** Clicks on the link or button with these words, the first in the middle of the page, and waits for the page behind it. */
  async press(role, key) {
    const opened = this.page.waitForNavigation({ waitUntil: 'load' });
    await this.page.locator('main').getByRole(role, { name: this.word(key), exact: true }).first().click();
    const response = await opened;
    if (response && !response.ok()) throw new Error(`${key} answers ${response.status()} at ${this.page.url()}`);
  }

  async fill(key, words) {
    const named = this.page.locator('main').getByLabel(this.word(key), { exact: true });
    await named.and(this.page.locator('input')).fill(words);
  }

  async check(key) {
    await this.page.locator('main').getByLabel(this.word(key), { exact: true }).check();
  }

  async text(selector) {
    return (await this.page.locator(selector).allInnerTexts()).join('\n');
  }
}

async function join(aino) {
  await aino.open('/join');
  await aino.fill('sign-in-mail', aino.told.mail);
  await aino.press('button', 'sign-in-submit');
  await aino.open(await linkOfLetter(aino.told));
  await aino.fill('join-name', aino.told.name);
  await aino.check('join-adult');
  await aino.check('join-accepted');
  await aino.press('button', 'join-submit');
}

/** Writes what is to be published and what is not. The skill that was found. */
async function write(aino) {
  await aino.press('link', 'member-begin');
  await aino.page.locator('#headline').fill('Kiertueita ja klubeja');
  await aino.page.locator('#bio').fill('kanariakotka');
  await aino.page.locator('[name=languages][value=sv]').check();
  await aino.page.locator('[name=regions][value="21"]').check();
  await aino.press('button', 'member-save');
  await aino.press('link', 'member-skills');
  await aino.fill('skills-search', aino.told.skill);
  await aino.press('button', 'filter-submit');
  const found = aino.page.locator('main [name=skill]:not(:checked)').first();
  const skill = await aino.text(`main label[for="${await found.getAttribute('id')}"]`);
  await found.check();
  await aino.press('button', 'member-save');
  await aino.page.locator('main select[name^=level-]').selectOption('3');
  await aino.press('button', 'member-save');
  await aino.press('link', 'member-work');
  await aino.page.locator('#from_0').fill('2031-07-01');
  await aino.page.locator('#until_0').fill('2031-07-31');
  await aino.page.locator('#share_0').fill('40');
  await aino.press('button', 'member-save');
  return skill;
}

/** What everybody gets of an address, without any cookie. */
async function everybody(told, path) {
  const answer = await fetch(new URL(path, told.origin), { headers: { accept: 'text/html', 'accept-language': told.language } });
  return { status: answer.status, text: await answer.text() };
}

async function signIn(kaisa) {
  await kaisa.open(kaisa.told.signIn);
  await kaisa.page.locator('main button[type=submit]').click();
  await kaisa.page.waitForLoadState('load');
}

async function lookAtProfile(kaisa) {
  await kaisa.open('/desk/profiles');
  const opened = kaisa.page.waitForNavigation({ waitUntil: 'load' });
  await kaisa.page.locator('main').getByRole('link', { name: kaisa.told.name }).click();
  await opened;
}

/** The coordinator gives the profile back, and its person writes what was missing and asks again. */
async function correct(aino, kaisa) {
  await lookAtProfile(kaisa);
  await kaisa.page.locator('#reason').fill(kaisa.told.reason);
  await kaisa.press('button', 'approval-return');
  await aino.open('/me/publication');
  const said = await aino.text('main .status-notice');
  await aino.press('link', 'member-profile');
  await aino.page.locator('#headline').fill('Kiertueita ja klubeja Pirkanmaalla');
  await aino.press('button', 'member-save');
  await aino.press('link', 'member-publication');
  await aino.press('button', 'publication-ask');
  return { said, again: await aino.text('main .state') };
}

async function turn(aino, fields, wanted) {
  for (const field of fields) await aino.page.locator(`#on-${field}`).setChecked(wanted);
  await aino.press('button', 'publication-save');
}

async function publish(aino, kaisa) {
  const standing = () => aino.text('main .state');
  const preview = () => aino.text('main .mastodon, main .empty');
  await aino.press('link', 'member-publication');
  const on = await aino.page.locator('main [role=switch]:checked').evaluateAll((all) => all.map((one) => one.value));
  const [standings, previews] = [[await standing()], [await preview()]];
  await turn(aino, ['name', 'headline', 'skills', 'regions'], true);
  previews.push(await preview());
  await aino.press('button', 'publication-ask');
  standings.push(await standing());
  const path = `/@${aino.told.username}`;
  const before = await everybody(aino.told, path);
  await signIn(kaisa);
  const returned = aino.told.reason ? await correct(aino, kaisa) : null;
  await lookAtProfile(kaisa);
  await kaisa.press('button', 'approval-publish');
  await aino.open('/me/publication');
  standings.push(await standing());
  await aino.press('link', 'publication-see');
  const published = await aino.text('main');
  const after = await everybody(aino.told, path);
  await aino.open('/me/publication');
  await turn(aino, ['regions'], false);
  await aino.press('link', 'publication-see');
  return { on, standings, returned, previews, publicPage: [published, await aino.text('main')], statuses: [before.status, after.status] };
}

async function leave(aino) {
  await aino.open('/me');
  const log = await aino.text('main');
  await aino.press('link', 'data-title');
  const held = await aino.text('main');
  const download = aino.page.waitForEvent('download');
  await aino.page.getByRole('link', { name: aino.word('me-export'), exact: true }).click();
  const exported = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
  const statuses = [];
  const look = async () => statuses.push((await everybody(aino.told, `/@${aino.told.username}`)).status);
  const del = async () => {
    await aino.open('/me');
    await aino.press('link', 'delete-title');
    await aino.press('button', 'delete-submit');
    await look();
  };
  await del();
  const leaving = await aino.text('main .notice');
  await aino.press('button', 'delete-stay');
  await look();
  await del();
  return { log, held, exported, leaving, statuses };
}

await answer(async (browser, told, photograph) => {
  const sitDown = async () => new Reader(await open(browser, told.language, { reducedMotion: 'reduce' }), told);
  const [aino, kaisa] = [await sitDown(), await sitDown()];
  await join(aino);
  const skill = await write(aino);
  const published = await publish(aino, kaisa);
  await photograph(aino.page, `profile-${told.language}`);
  const left = await leave(aino);
  await photograph(aino.page, `leaving-${told.language}`);
  return { skill, ...published, ...left, statuses: [...published.statuses, ...left.statuses] };
});
