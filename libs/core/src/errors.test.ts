import { expect, test } from "vitest";
import { exitCodeOf, formatError, PaiError } from "./errors.ts";

test("prints message, place, facts, the chain of causes and the remedy", () => {
  const socket = new Error("connect ECONNREFUSED 127.0.0.1:5077");
  const error = new PaiError("REGISTRY_UNREACHABLE", "push hbase to 127.0.0.1:5077", {
    cause: new Error("fetch failed", { cause: socket }),
    location: { file: "configuration/services-configuration.yaml", line: 4 },
    details: ["tried for 10 s"],
    hint: "start it with: pai-local up",
  });
  expect(formatError(error)).toBe(`error[REGISTRY_UNREACHABLE]: push hbase to 127.0.0.1:5077
  --> configuration/services-configuration.yaml:4
  tried for 10 s
  caused by: fetch failed
  caused by: connect ECONNREFUSED 127.0.0.1:5077
  hint: start it with: pai-local up`);
});

test("a cause that names itself does not loop", () => {
  const cause: Error & { cause?: unknown } = new Error("round");
  cause.cause = cause;
  expect(formatError(new PaiError("BUILD_FAILED", "build a", { cause }))).toBe(
    "error[BUILD_FAILED]: build a\n  caused by: round",
  );
});

test("several errors are printed one after the other", () => {
  const errors = new AggregateError([new PaiError("USAGE", "a"), new PaiError("CONFIG_INVALID", "b")]);
  expect(formatError(errors)).toBe("error[USAGE]: a\nerror[CONFIG_INVALID]: b");
});

test.each([
  [new PaiError("CONFIG_INVALID", "x"), 2],
  [new PaiError("BUILD_FAILED", "x"), 1],
  [new PaiError("INTERRUPTED", "x"), 130],
  [new AggregateError([new PaiError("CONFIG_INVALID", "x"), new PaiError("CONFIG_INVALID", "y")]), 2],
  [new AggregateError([new PaiError("CONFIG_INVALID", "x"), new PaiError("BUILD_FAILED", "y")]), 1],
  [new TypeError("a bug"), 1],
])("%o ends with exit code %i", (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});
