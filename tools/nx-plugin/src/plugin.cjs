// Nx loads this on whatever Node runs it; without the check an older one only says "Cannot find module".
if (!process.features.typescript) {
  throw new Error(
    `this repository needs Node 22.18 or later, and this is ${process.version}: run "npx nx", which takes the Node of node_modules`,
  );
}
require("node:module").enableCompileCache?.();
module.exports = require("./index.ts");
