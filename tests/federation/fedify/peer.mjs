// A server built with Fedify, on a free port of localhost: it signs by RFC 9421 first, verifies strictly, and reads every
// document with a JSON-LD processor. The federation suite starts it and tells it over /control what to do; everything that it
// took in is in its journal.
//
// No context is fetched: what a document needs beyond those that ship with the library is an error.

import { createServer } from "node:http";
import { createFederation, generateCryptoKeyPair, MemoryKvStore } from "@fedify/fedify";
import { preloadedContexts } from "@fedify/vocab-runtime";
import { Accept, Activity, Create, Delete, Endpoints, Follow, isActor, Like, Note, Person, PUBLIC_COLLECTION, Undo, Update } from "@fedify/vocab";
import jsonld from "jsonld";

const NAME = "aino";
/** The only remote contexts that a document of ours may name. */
const OURS = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"];

const journal = [];
/** Bodies that were posted to its inboxes, and what it posted itself: where, how signed, and what was answered. */
const bodies = [];
const posts = [];
const refused = [];
const followers = new Map();
const sent = new Map();
const keys = [await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), await generateCryptoKeyPair("Ed25519")];

// Nothing beyond this machine is asked, so a context that is not bundled is an error. Handles are looked up by https alone,
// which nobody on this machine speaks.
const ask = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.hostname !== "localhost") return Promise.reject(new Error(`${url} is asked for`));
  url.protocol = "http:";
  const request = new Request(input instanceof Request ? new Request(url, input) : url, init);
  const answer = await ask(request);
  if (request.method === "POST") {
    const signed = request.headers.has("signature-input") ? "rfc9421" : request.headers.has("signature") ? "cavage" : "not";
    posts.push({ url: url.href, signed, status: answer.status });
  }
  return answer;
};

const federation = createFederation({ kv: new MemoryKvStore(), allowPrivateAddress: true, firstKnock: "rfc9421" });

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
    if (identifier !== NAME) return null;
    const pairs = await ctx.getActorKeyPairs(identifier);
    return new Person({
      id: ctx.getActorUri(identifier),
      preferredUsername: identifier,
      name: "Aino",
      inbox: ctx.getInboxUri(identifier),
      endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
      followers: ctx.getFollowersUri(identifier),
      publicKey: pairs[0].cryptographicKey,
      assertionMethods: pairs.map((pair) => pair.multikey),
    });
  })
  .setKeyPairsDispatcher((_ctx, identifier) => (identifier === NAME ? keys : []));

federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...followers.values()] }));

federation.setObjectDispatcher(Note, "/notes/{id}", (_ctx, { id }) => sent.get(id) ?? null);

federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .setSharedKeyDispatcher(() => ({ identifier: NAME }))
  .on(Activity, async (ctx, activity) => {
    const object = await activity.getObject(ctx).catch(() => null);
    journal.push({
      type: activity.constructor.name,
      id: activity.id?.href,
      actor: activity.actorId?.href,
      object: activity.objectId?.href ?? object?.id?.href,
      objectType: object?.constructor.name,
      name: object?.name?.toString(),
    });
    if (activity instanceof Follow) {
      const follower = await activity.getActor(ctx);
      followers.set(follower.id.href, { id: follower.id, inboxId: follower.inboxId, endpoints: follower.endpoints });
      await ctx.sendActivity({ identifier: NAME }, follower, new Accept({ id: fresh(ctx, "accepts"), actor: activity.objectId, object: activity }));
    }
  })
  .onUnverifiedActivity((_ctx, _activity, reason) => refused.push(JSON.stringify(reason)))
  .onError((_ctx, error) => refused.push(String(error)));

let counter = 0;
const fresh = (ctx, kind) => new URL(`/${kind}/${++counter}`, ctx.canonicalOrigin);

/** Signs an activity as our actor and sends it to another. */
async function say(ctx, recipient, activity) {
  const actor = await ctx.lookupObject(recipient);
  if (!isActor(actor)) throw new Error(`${recipient} is no actor`);
  await ctx.sendActivity({ identifier: NAME }, actor, activity(actor, ctx.getActorUri(NAME)));
  return { actor: actor.id.href };
}

const control = {
  /** What the library makes of an address or a handle. */
  async lookup(ctx, { what }) {
    const object = await ctx.lookupObject(what);
    if (object === null) return { found: false };
    return { found: true, type: object.constructor.name, id: object.id?.href, name: object.name?.toString(), url: object.url?.href?.toString() };
  },
  follow: (ctx, { whom }) => say(ctx, whom, (actor, me) => new Follow({ id: fresh(ctx, "follows"), actor: me, object: actor.id })),
  unfollow: (ctx, { whom }) =>
    say(ctx, whom, (actor, me) => new Undo({ id: fresh(ctx, "undos"), actor: me, object: new Follow({ id: fresh(ctx, "follows"), actor: me, object: actor.id }) })),
  like: (ctx, { whom, what }) => say(ctx, whom, (_actor, me) => new Like({ id: fresh(ctx, "likes"), actor: me, object: new URL(what) })),
  reply: (ctx, { whom, what, text }) =>
    say(ctx, whom, (actor, me) => {
      const id = String(++counter);
      const note = new Note({ id: ctx.getObjectUri(Note, { id }), attribution: me, content: text, replyTarget: new URL(what), to: PUBLIC_COLLECTION, cc: actor.id });
      sent.set(id, note);
      return new Create({ id: fresh(ctx, "creates"), actor: me, object: note, to: PUBLIC_COLLECTION, cc: actor.id });
    }),
  /** A document, or the one at an address of another server, expanded with only the two contexts that ours may name. In safe mode a term that would be lost is an error. */
  async expand(_ctx, { what, document: given }) {
    const document = given ?? (await (await fetch(what, { headers: { accept: "application/activity+json" } })).json());
    const documentLoader = async (url) => {
      if (!OURS.includes(url)) throw new Error(`${what} names the context ${url}`);
      return { contextUrl: null, documentUrl: url, document: preloadedContexts[url] };
    };
    return { expanded: await jsonld.expand(document, { documentLoader, safe: true }) };
  },
  journal: async () => ({ journal, bodies, posts, refused, followers: [...followers.keys()] }),
};

async function answer(request) {
  const url = new URL(request.url);
  if (!url.pathname.startsWith("/control/")) return await federation.fetch(request, { contextData: undefined });
  const act = control[url.pathname.slice("/control/".length)];
  if (act === undefined) return new Response("no such command", { status: 404 });
  const ctx = federation.createContext(request, undefined);
  try {
    return Response.json(await act(ctx, await request.json()));
  } catch (error) {
    return new Response(`${error.stack ?? error}`, { status: 500 });
  }
}

const server = createServer(async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = ["GET", "HEAD"].includes(incoming.method) ? undefined : Buffer.concat(chunks);
  if (incoming.method === "POST" && incoming.url.endsWith("/inbox")) bodies.push(JSON.parse(body.toString()));
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values]) => values.map((value) => [name, value]));
  const request = new Request(`http://${incoming.headers.host}${incoming.url}`, { method: incoming.method, headers, body });
  const response = await answer(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
});
server.listen(0, "127.0.0.1", () => console.log(`http://localhost:${server.address().port}`));
// Ends with whoever started it, also when that was killed.
process.stdin.resume().on("end", () => process.exit(0));
