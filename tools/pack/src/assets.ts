import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { PackOptions } from "./bundle.ts";
import { flatName } from "./packages.ts";

/** What is no module, with paths as they are in the package. */
export function copyAssets({ root, folder, description }: PackOptions): void {
  for (const [target, source] of Object.entries(description.copies)) {
    const from = path.join(root, source);
    if (!existsSync(from)) continue;
    mkdirSync(path.dirname(path.join(folder, target)), { recursive: true });
    cpSync(from, path.join(folder, target), { recursive: true });
  }
  for (const [file, change] of Object.entries(changes)) {
    const absolute = path.join(folder, file);
    if (existsSync(absolute)) writeFileSync(absolute, change(readFileSync(absolute, "utf8")));
  }
}

const changes: Readonly<Record<string, (text: string) => string>> = {
  "shims/python": (text) => text.replaceAll("../src/ask.ts", "../dist/ask.mjs"),
  "plugin.cjs": (text) =>
    text
      .replace("./index.ts", "./dist/index.mjs")
      .replace("this repository needs", "@pai/nx-plugin needs")
      .replace(': run "npx nx", which takes the Node of node_modules', ""),
  "executors.json": withFlatNames,
  "generators.json": withFlatNames,
};

function withFlatNames(text: string): string {
  return text.replaceAll(/"(\.\/src\/[^"]+)"/g, (_, file: string) =>
    file.endsWith(".ts") ? `"./dist/${flatName(file)}"` : `"./schemas/${flatName(file)}"`,
  );
}
