// Runs the edge function as EdgeOne does: the globals it names there, `env`, one listener, `request.eo`. A line of JSON
// in, a line of JSON out. Node's own globals are hidden from it, so that it cannot come to need them.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const source = readFileSync(process.argv[2], 'utf8');
const HIDDEN = ['process', 'Buffer', 'global', 'globalThis', 'require', 'module', 'setTimeout', 'structuredClone'];
const NAMES = ['addEventListener', 'env', 'fetch', 'crypto'];
const load = new Function(...NAMES, ...HIDDEN, `'use strict';\n${source}`);
const LATE = 2000;

createInterface({ input: process.stdin }).on('line', async (line) => {
  let said;
  try {
    said = await run(JSON.parse(line));
  } catch (error) {
    said = { error: String(error && error.stack) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
});

async function run(given) {
  let forwarded = null;
  reads = 0;
  let listener;
  let passedThrough = false;
  const crypto = given.crypto === 'throws' ? { subtle: { importKey: fail, verify: fail } } : globalThis.crypto;
  const stub = async (url, init) => {
    if (given.upstream.throws) throw new TypeError('no connection');
    const request = new Request(url, init);
    forwarded = {
      url: request.url,
      method: request.method,
      headers: [...request.headers],
      redirect: request.redirect,
      wait: init.eo.timeoutSetting,
      early: reads,
      body: request.body === null ? null : await request.text(),
    };
    const { status, headers, body } = given.upstream;
    return new Response(body === undefined ? null : stream(body), { status, headers });
  };
  load((_, added) => { listener = added; }, given.env, stub, crypto);
  const response = await new Promise((resolve, reject) => {
    listener({ request: asked(given.request), respondWith: (made) => Promise.resolve(made).then(resolve, reject),
      passThroughOnException: () => { passedThrough = true; } });
  });
  const { status, headers } = response;
  const body = given.gate ? await gated(response) : await response.text();
  return { status, headers: [...headers], body, forwarded, passedThrough };
}

function asked({ url, method, headers, body, ip }) {
  const made = new Request(url, { method, headers, body: body === null ? undefined : stream(body), duplex: 'half' });
  Object.defineProperty(made, 'eo', { value: ip === null ? undefined : { clientIp: ip } });
  return made;
}

let reads = 0;

// A body in parts, each of which comes only once the one before it was taken: who collects a whole body first, waits for
// as long as it is given.
function stream(parts) {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      reads += 1;
      if (next === parts.length) controller.close();
      else controller.enqueue(new TextEncoder().encode(parts[next]));
      next += 1;
    },
  }, { highWaterMark: 0 });
}

// How much of an answer was read before the caller read any: nothing, when it is handed on as it comes.
async function gated(response) {
  const before = reads;
  const text = await Promise.race([
    response.text(), new Promise((_, reject) => setTimeout(() => reject(new Error('late')), LATE)),
  ]);
  return JSON.stringify({ text, before });
}

async function fail() {
  throw new Error('no such algorithm');
}
