import { expect, test } from "vitest";
import { progressStyle } from "./open-view.ts";

const onTerminal = { env: { TERM: "xterm" }, isTerminal: true };

test("a terminal gets the live view", () => {
  expect(progressStyle("auto", onTerminal)).toBe("tty");
});

test.each([{ TERM: "dumb" }, { CI: "true" }, { NO_COLOR: "1" }])("with %j it gets lines", (env) => {
  expect(progressStyle("auto", { env, isTerminal: true })).toBe("plain");
  expect(progressStyle("tty", { env, isTerminal: true })).toBe("tty");
});

test("a pipe gets lines, and no live view can be asked for", () => {
  expect(progressStyle("auto", { ...onTerminal, isTerminal: false })).toBe("plain");
  expect(() => progressStyle("tty", { ...onTerminal, isTerminal: false })).toThrow(
    "stderr is not a terminal",
  );
});
