import { expect, test } from "vitest";
import { formatExplanations } from "./explain-text.ts";
import type { ImageExplanation } from "./explain.ts";

const now = new Date("2026-11-27T12:00:00Z");
const image = { service: "hbase", image: "hbase", tag: "c-77ab120000000000" } as const;
const newest = { tag: "c-1f09ce0000000000", created: "2026-11-25T11:00:00Z", revision: "4be2d10a" };

function textOf(explanation: Partial<ImageExplanation>): string {
  return formatExplanations([{ ...image, where: "nowhere", ...explanation }], now);
}

test("what differs is named with its old and its new hash, and a base with what changed in it", () => {
  const pom = {
    kind: "file",
    name: "src/run/build/pom.xml",
    old: "77d0aabbccdd",
    new: "1b2caabbccdd",
  } as const;
  const text = textOf({
    newest,
    changes: [
      { kind: "base", name: "run", old: "c-9d2c770000000000", new: "c-5e11b00000000000", because: [pom] },
      { kind: "file", name: "src/hbase/build/start.sh", old: "3c1faabbccdd", new: "a90eaabbccddx" },
      { kind: "file", name: "src/hbase/build/new", new: "a90eaabbccdd" },
      { kind: "setting", name: "target", old: "test" },
    ],
  });
  expect(text).toBe(
    `  hbase  c-77ab12…  is not in the registry; the newest there is c-1f09ce… (2 days ago, from 4be2d10a)
    changed   base run                  c-9d2c77… -> c-5e11b0…
                because of src/run/build/pom.xml  77d0aa… -> 1b2caa…
    changed   src/hbase/build/start.sh  3c1faa… -> a90eaa… (executable)
    added     src/hbase/build/new       new: a90eaa…
    removed   setting target            was: test`,
  );
});

test("what the registry has as it is now needs no explanation", () => {
  expect(textOf({ where: "registry", newest: { tag: image.tag } })).toBe(
    "  hbase  c-77ab12…  is in the registry",
  );
});

test("an image that was never pushed, and one that says nothing of itself", () => {
  expect(textOf({})).toBe("  hbase  c-77ab12…  is not in the registry; nothing of this image is there");
  expect(textOf({ where: "engine", newest: {} })).toBe(
    `  hbase  c-77ab12…  is built here, and not in the registry; the newest there is one that pai did not make
    it does not say what it was made of`,
  );
});
