// The scan itself, on pages whose faults are known: a scan that finds nothing must not be one that sees nothing.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { codeOf } from './totp.mjs';

const page = (language, body) =>
  `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>Title</title></head><body>${body}</body></html>`;

const PAGES = {
  '/good': (request) => page(request.headers['accept-language'].slice(0, 2), `
    <main><h1>Heading</h1><p><a href="/good">A link</a></p>
    <form><fieldset><legend>One of</legend><label><input type="radio" name="r">a</label> <label><input type="radio" name="r">b</label>
    </fieldset></form><details><summary>More</summary><a href="/good">Folded away</a></details></main>`),
  '/bad': () => `<!doctype html><html><body>
    <div style="width:900px">wide</div><img src="https://elsewhere.example/x.png"><a href="/empty"></a>
    <a href="/trap" onfocus="this.blur()">never keeps the focus</a> <a href="/bad" style="outline:none">shows no focus</a>
    <script>throw new Error('boom')</script></body></html>`,
  '/changing': () => `<!doctype html><html lang="en"><head><title>Title</title><style>
    
    .small { display: block; padding: 1rem }
    @media (min-width: 600px) { .small { display: inline-block; padding: 0; width: 9px; height: 9px; overflow: hidden } }
    @media (prefers-color-scheme: dark) { body { background: #000 } .pale { color: #222 } }</style></head><body><main><h1>Heading</h1>
    <p class="pale">Dark on dark</p><a class="small" href="/x">aa</a><a class="small" href="/y">bb</a></main></body></html>`,
  '/own': ({ headers }) => (headers.cookie === 'session=secret' ? page('en', '<main><h1>Own</h1></main>') : null),
  '/own-form': ({ headers }) =>
    (headers.cookie ? page('en', '<main><h1>Own</h1><form method="post" action="/own"><button>Send</button></form></main>') : null),
  '/code': () => page('en', `<main><h1>Code</h1><form action="/typed"><label for="code">Code</label><input id="code" name="code">
    <button>Send</button></form></main>`),
  '/often': ({ headers }) => page('en', `<main><h1>${headers['x-forwarded-for']}</h1></main>`),
  '/form': () => page('en', '<main><h1>Form</h1><form method="post" action="/answer"><button name="do">Send</button></form></main>'),
  '/refusing': () => page('en', '<main><h1>Form</h1><form method="post" action="/refused"><button>Send</button> <button>Not</button></form></main>'),
  '/answer': ({ method }) => page('en', `<main><h1>${method}</h1><p><img src="/none.png"></p></main>`),
};

/** How often somebody has asked, by the address that a proxy tells. */
const asked = {};
const isTooOften = ({ url, headers }) => {
  const client = url === '/often' && headers['x-forwarded-for'];
  if (client) asked[client] = (asked[client] ?? 0) + 1;
  return client && asked[client] > 3;
};

let server;
let origin;

before(async () => {
  server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return response.writeHead(204).end();
    const found = PAGES[request.url];
    const body = found ? found(request) : page('en', '<main><h1>Not here</h1></main>');
    if (body === null) {
      response.writeHead(303, { Location: '/good' });
      return response.end();
    }
    const policy = request.url === '/good' ? { 'Content-Security-Policy': "default-src 'none'" } : {};
    const status = isTooOften(request) ? 429 : found ? 200 : 404;
    response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...policy });
    return response.end(body);
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

async function one(path, language, width, more = {}) {
  const asked = { url: `${origin}${path}`, language, looks: [{ width }], keyboard: true, ...more };
  const { answers, err } = await scan(JSON.stringify([asked]));
  assert.equal(answers.length, 1, err);
  return answers[0];
}

test('a good page is found good, under a strict Content-Security-Policy', async () => {
  const { milliseconds, ...answer } = await one('/good', 'sv', 320);
  assert.deepEqual(Object.keys(milliseconds), ['load', 'look', 'walk']);
  const url = `${origin}/good`;
  assert.deepEqual(answer, {
    name: '/good', url, language: 'sv', at: url, status: 200, title: 'Title', lang: 'sv', consoleErrors: [], foreignRequests: [],
    looks: [{ width: 320, scheme: 'light', overflow: false, overflowing: [], violations: [], screenshot: null }],
    tab: { reached: 3, expected: 3, missed: [], unmarked: [] },
  });
});

test('every fault of a bad page is named', async () => {
  const answer = await one('/bad', 'fi', 320);
  const [look] = answer.looks;
  assert.equal(answer.lang, null);
  assert.equal(look.overflow, true);
  assert.match(look.overflowing.join(), /wide/);
  assert.match(answer.consoleErrors.join(), /boom/);
  assert.deepEqual(answer.foreignRequests, ['https://elsewhere.example/x.png']);
  const found = look.violations.map(({ id }) => id);
  for (const id of ['document-title', 'html-has-lang', 'image-alt', 'link-name']) assert.ok(found.includes(id), id);
  assert.match(answer.tab.missed.join(), /never keeps the focus/);
  assert.match(answer.tab.unmarked.join(), /shows no focus/);
});

test('one load is looked at in every width and scheme, by the rules that were asked for', async () => {
  const looks = [
    { width: 320 }, { width: 1280, rules: ['shape'] }, { width: 1280, scheme: 'dark', rules: ['shape', 'colour'] },
    { width: 320, scheme: 'dark', rules: ['colour'] }, { width: 320, rules: ['colour'] },
    { width: 1280, scheme: 'dark', rules: [] },
  ];
  const answer = await one('/changing', 'en', 0, { looks, keyboard: false });
  const found = answer.looks.map(({ violations }) => violations.map(({ id }) => id));
  assert.deepEqual(found.map((ids) => ids.sort()), [[], ['target-size'], ['color-contrast', 'target-size'], ['color-contrast'], [], []]);
  assert.equal(answer.tab, null);
});

test('who is signed in sees the page, who is not is seen to be sent away', async () => {
  const own = await one('/own', 'en', 320, { cookie: { name: 'session', value: 'secret' } });
  assert.deepEqual([own.at, own.status], [own.url, 200]);
  const stranger = await one('/own', 'en', 320);
  assert.deepEqual([stranger.at, stranger.status], [`${origin}/good`, 200]);
});

test('the answer to a form is scanned when its button is named', async () => {
  const answer = await one('/form', 'en', 320, { press: 'main button', name: 'a form' });
  assert.deepEqual([answer.name, answer.at, answer.status], ['a form', `${origin}/answer`, 200]);
  assert.deepEqual(answer.looks[0].violations.map(({ id }) => id), ['image-alt']);
});

test('the answer to a form that refuses it is scanned like any other', async () => {
  const answer = await one('/refusing', 'en', 320, { press: 'main button' });
  assert.deepEqual([answer.at, answer.status], [`${origin}/refused`, 404]);
  assert.deepEqual(answer.consoleErrors, []);
});

test('the code of a second step is that of the RFC, and is typed before the button is pressed', async () => {
  const key = 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ';
  const codes = [59, 1111111109, 1234567890, 20000000000].map((seconds) => codeOf(key, seconds));
  assert.deepEqual(codes, ['287082', '081804', '005924', '353130']);
  const answer = await one('/code', 'en', 320, { press: 'main button', code: { field: '#code', key } });
  assert.match(answer.at, /\/typed\?code=\d{6}$/);
});

test('a form can be sent by a browser that has lost its cookies', async () => {
  const more = { press: 'main button', cookie: { name: 'session', value: 'secret' } };
  assert.equal((await one('/own-form', 'en', 320, more)).at, `${origin}/own`);
  assert.equal((await one('/own-form', 'en', 320, { ...more, forgets: true })).at, `${origin}/good`);
});

test('a page is asked for until it is refused, by one client alone', async () => {
  const answer = await one('/often', 'en', 320, { often: '198.51.100.7' });
  assert.deepEqual([answer.status, answer.at, asked], [429, answer.url, { '198.51.100.7': 4 }]);
  assert.deepEqual(answer.consoleErrors, []);
  assert.equal((await one('/often', 'en', 320)).status, 200);
});

test('an error page is scanned like any other', async () => {
  const answer = await one('/gone', 'en', 1280);
  assert.equal(answer.status, 404);
  assert.deepEqual(answer.consoleErrors, []);
});

test('a page that cannot be opened is answered for, a list that cannot be read is not', async () => {
  const unreachable = await scan(
    JSON.stringify([{ url: 'http://nowhere.invalid/', language: 'fi', looks: [{ width: 320 }] }]),
  );
  assert.equal(unreachable.status, 0);
  assert.match(unreachable.answers[0].error, /ERR_/);
  for (const input of ['{}', '[{"url":"http://a.invalid/","language":"fi","looks":[{"width":320,"rules":["none"]}]}]']) {
    const unreadable = await scan(input);
    assert.notEqual(unreadable.status, 0);
    assert.match(unreadable.err, /must be a JSON list/);
  }
});
