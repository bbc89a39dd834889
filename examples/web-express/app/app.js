"use strict";

const crypto = require("node:crypto");
const path = require("node:path");
const express = require("express");

const PAGES = path.join(__dirname, "public");

/**
 * The application, without a server: tests call it on a port of their own.
 *
 * @param {(line: object) => void} log takes one object for each line of the log
 */
function createApp(log) {
  const app = express();
  // Whoever asks need not know what answers.
  app.disable("x-powered-by");
  app.use(logged(log));

  app.get("/healthz", (_request, response) => {
    response.set("Cache-Control", "no-store").json({ status: "ok" });
  });
  app.get("/feature", (_request, response) => {
    response.sendFile("feature.html", { root: PAGES });
  });
  app.post("/echo", express.json({ limit: "100kb" }), (request, response) => {
    response.json({ received: request.body ?? null });
  });
  app.use(express.static(PAGES, { index: "index.html" }));

  app.use((_request, response) => {
    response.status(404).json({ error: "there is no such page" });
  });
  // Express knows by its four parameters that this takes errors.
  app.use((error, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) {
      log({ level: "error", message: "failed", id: response.locals.id, stack: error.stack });
    }
    response.status(status).json({ error: status === 500 ? "something went wrong" : error.message });
  });
  return app;
}

/** One line of log a call, under an id that the caller gets back. */
function logged(log) {
  return (request, response, next) => {
    const begun = process.hrtime.bigint();
    response.locals.id = crypto.randomUUID();
    response.set("X-Request-Id", response.locals.id);
    response.on("finish", () => {
      log({
        level: response.statusCode < 500 ? "info" : "error",
        message: "answered",
        id: response.locals.id,
        method: request.method,
        // Not the query: people put secrets into it.
        path: request.path,
        status: response.statusCode,
        milliseconds: Number((process.hrtime.bigint() - begun) / 1000000n),
      });
    });
    next();
  };
}

module.exports = { createApp };
