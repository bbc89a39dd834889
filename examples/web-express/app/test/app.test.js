"use strict";

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { createApp } = require("../app");

let server;
let base;
const lines = [];

before(async () => {
  server = createApp((line) => lines.push(line)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  base = `http://127.0.0.1:${server.address().port}`;
});
after(() => server.close());

test("the first page welcomes", async () => {
  const answer = await fetch(`${base}/`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type"), /^text\/html/);
  assert.match(await answer.text(), /Welcome to Express/);
});

test("the feature is there", async () => {
  const answer = await fetch(`${base}/feature`);
  assert.match(await answer.text(), /This is a new feature/);
});

test("it says that it lives, and nobody keeps that", async () => {
  const answer = await fetch(`${base}/healthz`);
  assert.deepEqual(await answer.json(), { status: "ok" });
  assert.equal(answer.headers.get("cache-control"), "no-store");
});

test("what is not there is 404, and no more is told", async () => {
  const answer = await fetch(`${base}/no-such-page?token=secret`);
  assert.equal(answer.status, 404);
  assert.deepEqual(await answer.json(), { error: "there is no such page" });
  assert.equal(answer.headers.get("x-powered-by"), null);
  const line = lines.find((one) => one.path === "/no-such-page");
  assert.equal(line.status, 404);
  assert.ok(!JSON.stringify(line).includes("secret"));
});

test("a body that is no JSON is the caller's mistake", async () => {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${base}/echo`, { method: "POST", headers, body: "{" });
  assert.equal(answer.status, 400);
});
