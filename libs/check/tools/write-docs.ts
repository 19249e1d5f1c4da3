// Writes docs/rules.md and docs/schemas:  node libs/check/tools/write-docs.ts
import { mkdirSync, writeFileSync } from "node:fs";
import { generatedDocs } from "../src/docs.ts";

const root = new URL("../../../", import.meta.url);
mkdirSync(new URL("docs/schemas/", root), { recursive: true });
for (const [file, text] of generatedDocs()) writeFileSync(new URL(file, root), text);
