// Runs on any Node. Exit code 0: node_modules holds what package-lock.json names.
const { readFileSync } = require("node:fs");

const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages;

try {
  const wanted = packagesOf("package-lock.json");
  const installed = packagesOf("node_modules/.package-lock.json");
  // An optional package may be for another system.
  const isMissing = ([folder, { version, optional }]) =>
    folder.startsWith("node_modules/") && !optional && installed[folder]?.version !== version;
  process.exitCode = Object.entries(wanted).some(isMissing) ? 1 : 0;
} catch {
  process.exitCode = 1;
}
