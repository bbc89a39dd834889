"use strict";

const { createApp } = require("./app");

// PORT is what Qiao says; the others are what Alibaba Cloud and Volcengine say by themselves.
const port = Number(process.env.PORT || process.env.FC_SERVER_PORT || process.env._FAAS_RUNTIME_PORT || 9000);

function log(line) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}

const server = createApp(log).listen(port, "0.0.0.0", (error) => {
  if (error) {
    log({ level: "error", message: "cannot listen", port, reason: error.code });
    process.exit(1);
  }
  log({ level: "info", message: "listening", port });
});
// What stands before an instance keeps its connections for later calls. Were they closed here after Node's five
// seconds, a call that is just then on its way would be lost.
server.keepAliveTimeout = 15 * 60 * 1000;

// The cloud ends an instance so: calls that are under way are answered, and no others taken.
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    // What still runs then would be killed anyway.
    setTimeout(() => process.exit(0), 5000).unref();
  });
}
