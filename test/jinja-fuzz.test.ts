import { JinjaError, memoryLoader, parseJsonContext, renderTemplate } from "@pai/jinja";
import { expect, test } from "vitest";
import { hostileTemplate } from "./support/jinja/hostile.ts";

const INPUTS = 12_000;
const seed = Number(process.env["PAI_SEED"] ?? 20261124);
const LIMITS = {
  timeMs: 50,
  outputLength: 1_000_000,
  repeatLength: 200_000,
  rangeLength: 200_000,
  integerBits: 50_000,
};
/** What one call that cannot be interrupted may take on a busy machine, beyond the limit of time. */
const SLACK_MS = 4000;

const loader = memoryLoader({
  "self.j2": "{% include 'self.j2' %}{% extends 'self.j2' %}",
  "lib.j2": "{% macro m() %}{% endmacro %}",
});

/** Everything of JavaScript a template might change, as far as names and values of properties show it. */
function fingerprint(): string {
  const owners = [
    Object,
    Function,
    Array,
    String,
    Number,
    Boolean,
    Symbol,
    Map,
    Set,
    RegExp,
    Error,
    Promise,
    JSON,
    Math,
  ];
  const described = owners
    .flatMap((owner) => [owner, (owner as { prototype?: object }).prototype])
    .map((owner) =>
      owner === undefined
        ? ""
        : Reflect.ownKeys(owner)
            .map((key) => `${String(key)}:${typeof Object.getOwnPropertyDescriptor(owner, key)?.value}`)
            .join(),
    );
  // Of the global object only the names: Node fills some of its values when they are first used.
  return [...described, Reflect.ownKeys(globalThis).map(String).join()].join("\n");
}

function attempt(template: string): { error?: unknown; text?: string; ms: number } {
  const context = parseJsonContext(
    '{"cfg": {"a": 1, "s": "x"}, "s": "text", "l": [3, 1, 2], "n": 3, "x": 2.5}',
  );
  const start = performance.now();
  try {
    const text = renderTemplate({
      name: "main",
      source: template,
      context,
      loader,
      limits: LIMITS,
      extensions: ["do", "loopcontrols"],
    });
    return { text, ms: performance.now() - start };
  } catch (error) {
    return { error, ms: performance.now() - start };
  }
}

test("hostile templates run no code, change no object, and end in time with a JinjaError or text", () => {
  console.log(`${INPUTS} templates from PAI_SEED=${seed}`);
  const before = fingerprint();
  const broken: unknown[] = [];
  for (let index = 0; index < INPUTS; index++) {
    const template = hostileTemplate(seed * 1_000_003 + index);
    const { error, text, ms } = attempt(template);
    const known = error === undefined || (error instanceof JinjaError && error.type !== "InternalError");
    const leaks =
      text !== undefined &&
      /native code|\[object |process\.exit|=> \{/.test(text) &&
      !/process/.test(template);
    if (!known || leaks || ms > LIMITS.timeMs + SLACK_MS)
      broken.push({ index, template: template.slice(0, 400), error, text: text?.slice(0, 200), ms });
  }
  expect(broken).toEqual([]);
  expect(fingerprint()).toBe(before);
  expect("__pwned" in globalThis).toBe(false);
});
