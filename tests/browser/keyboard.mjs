// What two people do from the first page to a published profile and task, by the keyboard alone: no mouse, and no field that a
// script fills in. A member joins by the link of a letter, writes a profile, turns switches and asks for it to be published; the
// coordinator publishes it, and a task.
//
//   node keyboard.mjs [FOLDER-FOR-SCREENSHOTS] < told.json
//
// Standard input: {origin, language, mail, letters, signIn}: the node, the language of the browser, the address of who joins, the folder in
// which the node keeps its letters, and the link by which the coordinator signs in.
//
// Standard output: one JSON object:
//   profile, task   paths of what was published
//   published       the fields whose switches were left on
//   stops           how often the focus moved
//   unmarked        stops at which nobody could have seen where the focus is: [{page, element}]
//   pointers        how often a pointer was used; 0
//
// A stop that is not reached within 400 presses of a key ends the journey with an error that names it.

import { answer, open } from './chromium.mjs';
import { linkOfLetter } from './letters.mjs';

const MOST_PRESSES = 400;

/** Runs in each page before anything of it: counts what a mouse would do. */
function countPointers() {
  window.solmuPointers = 0;
  for (const kind of ['pointerdown', 'mousedown', 'touchstart']) {
    document.addEventListener(kind, () => { window.solmuPointers += 1; }, { capture: true });
  }
}

/** Runs in the page: where the focus is, and whether it can be seen there. */
function whereFocusIs(wanted) {
  const element = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
  const inSight = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth && width > 1 && height > 1;
  // `auto` is the browser's own, whatever its width.
  const marked = outlineStyle === 'auto' || (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2);
  return {
    isThere: element.matches(wanted),
    isBody: element === document.body,
    isSeen: inSight && marked,
    html: element.outerHTML.slice(0, 200),
  };
}

/** Somebody at a keyboard. */
class Typist {
  constructor(page, told) {
    Object.assign(this, { page, told, stops: 0, unmarked: [], pointers: 0 });
  }

  /** Follows a link of a letter, or types an address. */
  async open(address) {
    await this.page.goto(new URL(address, this.told.origin).href, { waitUntil: 'load' });
  }

  at() {
    return new URL(this.page.url()).pathname;
  }

  /** Presses Tab, or Shift and Tab, until the focus is on what is wanted; looks at each stop whether it can be seen. */
  async go(wanted, key = 'Tab') {
    for (let presses = 0; presses < MOST_PRESSES; presses += 1) {
      await this.page.keyboard.press(key);
      this.stops += 1;
      const focus = await this.page.evaluate(whereFocusIs, wanted);
      if (!focus.isBody && !focus.isSeen) this.unmarked.push({ page: this.at(), element: focus.html });
      if (focus.isThere) return;
    }
    throw new Error(`${wanted} is not reached by ${key} on ${this.at()}`);
  }

  /** Jumps over the head of the page by its first link. */
  async skip() {
    await this.go('a.skip');
    await this.page.keyboard.press('Enter');
    const { isThere } = await this.page.evaluate(whereFocusIs, 'main');
    if (!isThere) throw new Error(`the first link of ${this.at()} does not lead to the content`);
  }

  async press(key) {
    await this.page.keyboard.press(key);
  }

  async type(words) {
    await this.page.keyboard.type(words);
  }

  /** Goes to a field and types. What stands there is typed over. */
  async fill(field, words) {
    await this.go(field);
    await this.press('Control+A');
    await this.type(words);
  }

  /** Goes to a box or a switch and turns it. */
  async turn(box) {
    await this.go(box);
    await this.press('Space');
  }

  /** Goes to a list of choices and moves down in it until one is chosen. */
  async choose(list, value) {
    await this.go(list);
    for (let presses = 0; presses < MOST_PRESSES; presses += 1) {
      if ((await this.value()) === value) return;
      await this.press('ArrowDown');
    }
    throw new Error(`${value} is no choice of ${list}`);
  }

  value() {
    return this.page.evaluate(() => document.activeElement.value);
  }

  /** Presses Enter where the focus is, and waits for the page behind it. */
  async enter() {
    this.pointers += await this.page.evaluate(() => window.solmuPointers);
    const opened = this.page.waitForNavigation({ waitUntil: 'load' });
    await this.press('Enter');
    const response = await opened;
    if (!response.ok()) throw new Error(`${this.at()} answers ${response.status()}`);
  }

  async follow(link, key) {
    await this.go(link, key);
    await this.enter();
  }
}

async function join(aino) {
  await aino.open('/');
  // Backwards from the top: the way to join stands in the foot.
  await aino.follow('footer a[href="/join"]', 'Shift+Tab');
  await aino.skip();
  await aino.fill('#mail', aino.told.mail);
  await aino.enter();
  await aino.open(await linkOfLetter(aino.told));
  await aino.skip();
  await aino.fill('#name', 'Aino Näppäimistö');
  await aino.turn('#adult');
  await aino.turn('#accepted');
  await aino.follow('main button[type=submit]');
}

async function writeProfile(aino) {
  await aino.follow('main a.button');
  await aino.skip();
  await aino.fill('#headline', 'Kiertueita ja klubeja');
  await aino.go('#bio');
  await aino.type('Ensimmäinen kappale.\n\nToinen.');
  await aino.turn('[name=fields][value=circus]');
  await aino.turn('[name=languages][value=fi]');
  await aino.follow('main form.form button[type=submit]');
  await aino.skip();
  await aino.follow('main .steps a[href^="/me/skills"]');
  await aino.skip();
  await aino.fill('#q', 'apuraha');
  await aino.enter();
  await aino.skip();
  await aino.turn('[name=skill]:not(:checked)');
  await aino.follow('main form.form button[type=submit]');
  await aino.skip();
  await aino.choose('select[name^=level-]', '3');
  await aino.follow('main form.form button[type=submit]');
}

/** Turns switches, one of them twice, and asks for the profile to be published. */
async function publishProfile(aino) {
  await aino.skip();
  await aino.follow('main .steps a[href^="/me/publication"]');
  await aino.skip();
  await aino.turn('#on-name');
  await aino.turn('#on-headline');
  await aino.turn('#on-bio');
  await aino.press('Space');
  await aino.turn('#on-skills');
  await aino.follow('main form.form button[type=submit]');
  const published = await aino.page.locator('main [role=switch]:checked').evaluateAll((all) => all.map((one) => one.value));
  await aino.follow('main form[action^="/me/publication/ask"] button');
  return published;
}

async function approve(kaisa) {
  await kaisa.open(kaisa.told.signIn);
  await kaisa.skip();
  await kaisa.follow('main button[type=submit]');
  await kaisa.skip();
  await kaisa.follow('main a[href^="/desk/profiles"]');
  if (kaisa.at() === '/desk/profiles') await kaisa.follow('main a[href^="/desk/profiles/"]');
  await kaisa.follow('main form[action*="/publish"] button');
}

/** A day and a time, part by part. The order of day and month is the browser's own, so they are the same here. */
async function typeMoment(typist, field) {
  await typist.go(field);
  await typist.type('0101');
  await typist.type('2037');
  await typist.press('ArrowRight');
  await typist.type('1010');
  await typist.type('p'); // the afternoon, where a day has two halves
}

async function publishTask(kaisa) {
  await kaisa.open('/desk');
  await kaisa.skip();
  await kaisa.follow('main a[href^="/desk/tasks/new"]');
  await kaisa.skip();
  await kaisa.fill('#title', 'Tuottaja näppäimistölle');
  await kaisa.go('#description');
  await kaisa.type('Kolme iltaa.');
  await kaisa.fill('#client', 'Kulmateatteri');
  await kaisa.choose('#kind', 'gig');
  await kaisa.turn('[name=engagement][value=invoice]');
  await kaisa.fill('#pay_min', '500');
  await kaisa.choose('#pay_unit', 'project');
  await typeMoment(kaisa, '#deadline');
  await kaisa.fill('#municipality', 'Tampere');
  await kaisa.follow('main button.button[value=publish]');
  const faults = await kaisa.page.locator('main .faults li').allInnerTexts();
  if (faults.length > 0) throw new Error(`the task was not taken: ${faults.join('; ')}`);
  await kaisa.skip();
  await kaisa.follow('main .facts-line a');
  return kaisa.at();
}

await answer(async (browser, told, photograph) => {
  const sitDown = async () => {
    const page = await open(browser, told.language, { reducedMotion: 'reduce' });
    await page.addInitScript(countPointers);
    return new Typist(page, told);
  };
  const [aino, kaisa] = [await sitDown(), await sitDown()];
  await join(aino);
  await writeProfile(aino);
  const published = await publishProfile(aino);
  await photograph(aino.page, 'publication');
  await approve(kaisa);
  const task = await publishTask(kaisa);
  await aino.open('/me/publication');
  await aino.skip();
  await aino.follow('main a[href^="/@"]');
  const sum = (what) => [aino, kaisa].map(what).reduce((all, one) => all + one, 0);
  return {
    profile: decodeURI(aino.at()), task, published, stops: sum(({ stops }) => stops),
    unmarked: [...aino.unmarked, ...kaisa.unmarked], pointers: sum(({ pointers }) => pointers),
  };
});
