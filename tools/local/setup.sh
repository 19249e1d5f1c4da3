#!/bin/sh
# Installs the packages of package-lock.json, Node 24 among them. Quick when they are there already.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
  echo "setup: npm is missing; install Node.js 18 or newer with npm 9 or newer (https://nodejs.org, or: apt-get install npm)" >&2
  exit 1
fi
npm_major=$(npm --version | cut -d. -f1)
if [ "$npm_major" -lt 9 ]; then
  echo "setup: npm $(npm --version) is too old; install npm 9 or newer: npm install --global npm" >&2
  exit 1
fi
if ! node tools/local/is-installed.cjs; then
  echo "setup: npm ci" >&2
  npm ci --loglevel=error
fi
# npm may have been told to run no install scripts; the one of the package "node" brings Node itself.
if ! node_modules/.bin/node --version >/dev/null 2>&1; then
  npm rebuild node --ignore-scripts=false --loglevel=error >&2
fi
if ! node_modules/.bin/node --version >/dev/null 2>&1; then
  echo "setup: node_modules/.bin/node does not start; remove node_modules and run this again" >&2
  exit 1
fi
