// npm run reference: docs/reference from the commands, the schemas and the Nx plugin. With --check it writes
// nothing and ends with 1 where a page is not what it would write.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makePages } from "./pages.ts";

const folder = path.resolve(import.meta.dirname, "../../../docs/reference");
const isCheck = process.argv.includes("--check");

mkdirSync(folder, { recursive: true });
const pages = await makePages();
const stale = [...pages].filter(([name, text]) => read(path.join(folder, name)) !== text);
for (const [name, text] of isCheck ? [] : stale) writeFileSync(path.join(folder, name), text);
const verb = isCheck ? "is not what the commands say: npm run reference" : "written";
for (const [name] of stale) console.log(`docs/reference/${name} ${verb}`);
process.exitCode = isCheck && stale.length > 0 ? 1 : 0;

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
