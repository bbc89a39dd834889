#!/bin/sh
# exec: the server gets the cloud's signals itself, and ends when it is told to.
set -eu
cd "$(dirname "$0")"
# Where clouds keep Node, which is not on PATH: Tencent Cloud (Nodejs18.15), Alibaba Cloud (custom.debian10).
export PATH="$PATH:/var/lang/node18/bin:/var/fc/lang/nodejs20/bin"
export NODE_ENV="${NODE_ENV:-production}"
exec node server.js
