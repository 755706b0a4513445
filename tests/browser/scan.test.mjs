// The scan itself, on pages whose faults are known: a scan that finds nothing must not be one that sees nothing.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const page = (language, body) =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>Title</title></head><body>${body}</body></html>`;

const PAGES = {
  '/good': (request) => page(request.headers['accept-language'].slice(0, 2), `
    <main><h1>Heading</h1><p><a href="/good">A link</a></p>
    <form><fieldset><legend>One of</legend><label><input type="radio" name="r">a</label> <label><input type="radio" name="r">b</label>
    </fieldset></form><details><summary>More</summary><a href="/good">Folded away</a></details></main>`),
  '/bad': () => `<!doctype html><html><body>
    <div style="width:900px">wide</div><img src="https://elsewhere.example/x.png"><a href="/empty"></a>
    <a href="/trap" onfocus="this.blur()">never keeps the focus</a><script>throw new Error('boom')</script></body></html>`,
};

let server;
let origin;

before(async () => {
  server = createServer((request, response) => {
    const found = PAGES[request.url];
    const policy = request.url === '/good' ? { 'Content-Security-Policy': "default-src 'none'" } : {};
    response.writeHead(found ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', ...policy });
    response.end(found ? found(request) : page('en', '<main><h1>Not here</h1></main>'));
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  origin = `http://localhost:${server.address().port}`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

async function scan(input) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('scan.mjs', import.meta.url))]);
  child.stdin.end(input);
  const [out, err, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status, err, answers: out.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) };
}

async function one(path, language, width) {
  const { answers, err } = await scan(JSON.stringify([{ url: `${origin}${path}`, language, width }]));
  assert.equal(answers.length, 1, err);
  return answers[0];
}

test('a good page is found good, under a strict Content-Security-Policy', async () => {
  const answer = await one('/good', 'sv', 320);
  assert.deepEqual(answer, {
    url: `${origin}/good`, language: 'sv', width: 320, scheme: 'light', status: 200, title: 'Title', lang: 'sv',
    overflow: false, overflowing: [], consoleErrors: [], foreignRequests: [], violations: [],
    tab: { reached: 3, expected: 3, missed: [] }, screenshot: null,
  });
});

test('every fault of a bad page is named', async () => {
  const answer = await one('/bad', 'fi', 320);
  assert.equal(answer.lang, null);
  assert.equal(answer.overflow, true);
  assert.match(answer.overflowing.join(), /wide/);
  assert.match(answer.consoleErrors.join(), /boom/);
  assert.deepEqual(answer.foreignRequests, ['https://elsewhere.example/x.png']);
  const found = answer.violations.map(({ id }) => id);
  for (const id of ['document-title', 'html-has-lang', 'image-alt', 'link-name']) assert.ok(found.includes(id), id);
  assert.match(answer.tab.missed.join(), /never keeps the focus/);
});

test('an error page is scanned like any other', async () => {
  const answer = await one('/gone', 'en', 1280);
  assert.equal(answer.status, 404);
  assert.deepEqual(answer.consoleErrors, []);
});

test('a page that cannot be opened is answered for, a list that cannot be read is not', async () => {
  const unreachable = await scan(JSON.stringify([{ url: 'http://nowhere.invalid/', language: 'fi', width: 320 }]));
  assert.equal(unreachable.status, 0);
  assert.match(unreachable.answers[0].error, /ERR_/);
  const unreadable = await scan('{}');
  assert.notEqual(unreadable.status, 0);
  assert.match(unreadable.err, /must be a JSON list/);
});
