#!/bin/sh
# exec: the server gets the cloud's signals itself, and ends when it is told to.
set -eu
cd "$(dirname "$0")"
exec python3 main.py
