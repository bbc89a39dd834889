// The gateway of Qiao's applications on Tencent Cloud: an EdgeOne edge function in front of functions' own addresses.
//
// A call passes when a route knows its path, method and caller's address, and, where the route asks for a token, when
// the token is valid. Whatever goes wrong on the way is an answer of its own (401, 502), never a pass.
//
// Environment: ROUTES (JSON, the most particular route first), JWT_ALG (RS256 or HS256: what the token says never
// decides), JWT_JWKS (JSON) or JWT_SECRET, JWT_ISSUER, JWT_AUDIENCE, JWT_REQUIRED (JSON list of claims),
// ORIGIN_SECRET (shown to the functions), HTTPS_ONLY.

const MOST_TOKEN = 8192;
const LEAST_SECRET = 32;
const SKEW_SECONDS = 60;
const CONNECT_SECONDS = 10;
const BASE = 'https://path';
const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const HS256 = { name: 'HMAC', hash: 'SHA-256' };
const DROPPED = [
  'connection', 'forwarded', 'host', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'x-real-ip',
];
const REASONS = {
  400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed',
  502: 'Bad Gateway',
};

// Never `event.passThroughOnException()`: a fault would then lead past every check.
addEventListener('fetch', (event) => event.respondWith(answer(event.request)));

async function answer(request) {
  try {
    return await guarded(request);
  } catch (error) {
    return refusal(401);
  }
}

async function guarded(request) {
  const url = new URL(request.url);
  if (env.HTTPS_ONLY === 'true' && url.protocol !== 'https:') {
    url.protocol = 'https:';
    return new Response(null, { status: 308, headers: { location: url.href } });
  }
  const routes = parsed(env.ROUTES);
  const route = routes.find((one) => covers(one, url.pathname));
  if (!route) return refusal(404);
  if (kept(routes, route, url.pathname)) return refusal(400);
  const caller = (request.eo && request.eo.clientIp) || '';
  if (route.allow.length && !route.allow.some((block) => within(caller, block))) return refusal(403);
  if (route.methods && !route.methods.includes(request.method)) return refusal(405);

  const asking = preflight(request);
  const headers = outgoing(request, route, url, caller);
  if (route.auth === 'jwt') {
    // A browser asks first, without a token, whether it may send one: the function answers that, and gets no body.
    if (!asking) headers.set('x-jwt-sub', encodeURIComponent((await claimsOf(request)).sub));
  } else if (route.auth !== 'app' && route.auth !== 'public') {
    return refusal(401);
  }
  return passed(request, route, url, headers, asking);
}

// ---- routes

function pathOf(route) {
  return new URL(route.path, BASE).pathname;
}

function covers(route, path) {
  return reaches(pathOf(route), path, route.prefix);
}

function reaches(own, path, prefix) {
  const stem = own.replace(/\/+$/, '');
  return prefix ? path === stem || path.startsWith(`${stem}/`) : path === own;
}

// Applications read paths more loosely than URLs are written: they decode, fold case, drop slashes. A path that one of
// them could take for another route's must not come in by a route that asks for less.
function kept(routes, route, path) {
  const loose = plainest(path);
  const meant = routes.find((one) => reaches(plainest(pathOf(one)), loose, one.prefix));
  if (!meant || meant === route) return false;
  const addresses = meant.allow.length > 0 && String(meant.allow) !== String(route.allow);
  return addresses || (meant.auth === 'jwt' && route.auth !== 'jwt');
}

function plainest(path) {
  const text = decoded(decoded(decoded(path))).replace(/[?#]/g, '_').replace(/\\/g, '/');
  const joined = text.replace(/;[^/]*/g, '').replace(/\/+/g, '/');
  return decoded(new URL(joined, BASE).pathname).toLowerCase().replace(/\/+$/, '');
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    return text;
  }
}

// ---- who calls

function within(address, block) {
  const [base, bits] = block.split('/');
  const size = 2 ** (32 - Number(bits));
  // What is no IPv4 address is NaN, which equals nothing.
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}

function number(address) {
  const parts = address.replace(/^::ffff:/i, '').split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : NaN));
  return parts.length === 4 && parts.every((part) => part < 256) ? parts.reduce((sum, part) => sum * 256 + part, 0) : NaN;
}

function preflight(request) {
  const named = request.headers.get('origin') && request.headers.get('access-control-request-method');
  return request.method === 'OPTIONS' && Boolean(named);
}

// ---- tokens

// The claims of a valid bearer token; throws for every other.
async function claimsOf(request) {
  const sent = request.headers.get('authorization') || '';
  must(sent.length <= MOST_TOKEN, 'too long');
  // Two headers arrive as one with a comma, which no token has.
  const found = /^bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(sent);
  must(found, 'no bearer token');
  const [header, claims] = [json(found[1]), json(found[2])];
  must(header.alg === env.JWT_ALG, 'another algorithm');
  must(header.crit === undefined, 'an extension that is not understood');
  const [algorithm, key] = await keyOf(header);
  const signed = new TextEncoder().encode(`${found[1]}.${found[2]}`);
  must((await crypto.subtle.verify(algorithm, key, bytes(found[3]), signed)) === true, 'not signed so');
  checkClaims(claims, Date.now() / 1000);
  return claims;
}

async function keyOf(header) {
  if (env.JWT_ALG === 'HS256') {
    const secret = new TextEncoder().encode(env.JWT_SECRET);
    must(typeof env.JWT_SECRET === 'string' && secret.length >= LEAST_SECRET, 'no secret to check with');
    return [HS256, await crypto.subtle.importKey('raw', secret, HS256, false, ['verify'])];
  }
  must(env.JWT_ALG === 'RS256', 'no algorithm to check with');
  const known = parsed(env.JWT_JWKS).keys.filter((one) => one.kty === 'RSA' && one.kid === header.kid && signs(one));
  must(typeof header.kid === 'string' && known.length === 1, 'an unknown key');
  const { kty, n, e } = known[0];
  return [RS256, await crypto.subtle.importKey('jwk', { kty, n, e, alg: 'RS256' }, RS256, false, ['verify'])];
}

function signs(key) {
  return (key.use === undefined || key.use === 'sig') && (key.alg === undefined || key.alg === 'RS256');
}

function checkClaims(claims, now) {
  must(parsed(env.JWT_REQUIRED).every((name) => claims[name] !== undefined && claims[name] !== null), 'a claim is missing');
  must(Number.isFinite(claims.exp) && now < claims.exp + SKEW_SECONDS, 'expired');
  must(claims.nbf === undefined || (Number.isFinite(claims.nbf) && now >= claims.nbf - SKEW_SECONDS), 'not valid yet');
  must(env.JWT_ISSUER && claims.iss === env.JWT_ISSUER, 'another issuer');
  const audience = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  must(env.JWT_AUDIENCE && audience.includes(env.JWT_AUDIENCE), 'another audience');
  must(typeof claims.sub === 'string' && claims.sub, 'nobody');
}

function must(holds, reason) {
  if (!holds) throw new Error(reason);
}

function bytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
}

function json(part) {
  return JSON.parse(new TextDecoder().decode(bytes(part)));
}

// A variable of the type json comes parsed, one of the type string does not.
function parsed(value) {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

// ---- what goes on, and what comes back

// What a caller may not say: who it is, and what concerns its own connection alone. Servers read `x_edge_auth` as they
// read `x-edge-auth`.
function dropped(name) {
  return /^x-(edge|jwt|forwarded)-/.test(name.replace(/_/g, '-')) || DROPPED.includes(name);
}

function outgoing(request, route, url, caller) {
  const headers = new Headers(request.headers);
  [...headers.keys()].filter(dropped).forEach((name) => headers.delete(name));
  rewrite(headers, route.request);
  headers.set('x-forwarded-host', url.host);
  headers.set('x-forwarded-proto', url.protocol.replace(':', ''));
  if (caller) headers.set('x-forwarded-for', caller);
  if (env.ORIGIN_SECRET) headers.set('x-edge-auth', env.ORIGIN_SECRET);
  return headers;
}

function rewrite(headers, changes) {
  Object.entries(changes).forEach(([name, value]) => (value === null ? headers.delete(name) : headers.set(name, value)));
}

async function passed(request, route, url, headers, asking) {
  const bare = asking || request.method === 'GET' || request.method === 'HEAD';
  // Never the path of a URL of its own: behind the origin it cannot name another host.
  const path = route.strip ? url.pathname.slice(pathOf(route).replace(/\/+$/, '').length) || '/' : url.pathname;
  const wait = route.seconds * 1000;
  if (bare) headers.delete('content-length');
  try {
    const found = await fetch(route.origin + path + url.search, {
      method: request.method,
      headers,
      body: bare ? undefined : request.body,
      duplex: 'half',
      // Redirects are the caller's affair; followed here, they would lead the secret elsewhere.
      redirect: 'manual',
      eo: { timeoutSetting: { connectTimeout: CONNECT_SECONDS * 1000, readTimeout: wait, writeTimeout: wait } },
    });
    // Its body is handed on as it comes.
    const back = new Response(found.body, found);
    back.headers.delete('x-edge-auth');
    rewrite(back.headers, route.response);
    return back;
  } catch (error) {
    return refusal(502);
  }
}

function refusal(status) {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  return new Response(`${status} ${REASONS[status]}\n`, { status, headers });
}
