// Letters that a node keeps in a folder instead of sending them.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import path from 'node:path';
import { TIMEOUT_MS } from './chromium.mjs';

/** The link by which `mail` may join, from the first letter to that address; waits until it is there. */
export async function linkOfLetter({ letters, mail }) {
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end;) {
    // The folder is made with the first letter.
    const names = existsSync(letters) ? readdirSync(letters) : [];
    for (const name of names.filter((one) => one.endsWith('.eml'))) {
      const letter = readFileSync(path.join(letters, name), 'utf8').replaceAll('=\r\n', '').replaceAll('=3D', '=');
      const link = letter.includes(`To: ${mail}`) && /https?:\/\/\S+\/join\/\S+/.exec(letter);
      if (link) return link[0];
    }
    await pause(50);
  }
  throw new Error(`no letter to ${mail} in ${letters}`);
}
