import { parseDockerfile, readInstructions } from "@pai/model";
import { expect, test } from "vitest";
import { rewriteBases } from "./rewrite-bases.ts";

/** Every base becomes `<name>!`. */
function rewrite(text: string): string {
  const replacements = parseDockerfile(text).bases.map((base) => ({
    ...base,
    replacement: `${base.reference}!`,
  }));
  return rewriteBases(text, readInstructions(text).instructions, replacements);
}

test.each([
  ["FROM base\n", "FROM base!\n"],
  ["from base as base\n", "from base! as base\n"],
  [
    "FROM --platform=linux/amd64 base AS x\r\nRUN base\r\n",
    "FROM --platform=linux/amd64 base! AS x\r\nRUN base\r\n",
  ],
  ["ARG BASE=base\nFROM ${BASE}:latest\n", "ARG BASE=base\nFROM base:latest!\n"],
  ["FROM \\\n  # which\n  base\n", "FROM \\\n  # which\n  base!\n"],
  ["FROM a AS x\nFROM b\nCOPY --from=x /a /a\n", "FROM a! AS x\nFROM b!\nCOPY --from=x /a /a\n"],
  ["FROM a\nCOPY --chown=1 --from=b b b\n", "FROM a!\nCOPY --chown=1 --from=b! b b\n"],
  [
    "FROM a\nRUN --mount=type=bind,from=b,target=/b \\\n  --mount=from=c,target=/c cp /b /c\n",
    "FROM a!\nRUN --mount=type=bind,from=b!,target=/b \\\n  --mount=from=c!,target=/c cp /b /c\n",
  ],
])("%j becomes %j", (text, expected) => {
  expect(rewrite(text)).toBe(expected);
});
