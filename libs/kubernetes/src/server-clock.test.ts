import { expect, test } from "vitest";
import { createServerClock } from "./server-clock.ts";

test("time is the server's, as near as its whole seconds tell", () => {
  const here = Date.parse("2026-11-24T10:00:00.500Z");
  const clock = createServerClock(() => here);
  expect(clock.now().toISOString()).toBe("2026-11-24T10:00:00.500Z");
  clock.see("Tue, 24 Nov 2026 10:05:00 GMT");
  clock.see("Tue, 24 Nov 2026 10:04:58 GMT");
  expect(clock.now().toISOString()).toBe("2026-11-24T10:05:00.000Z");
  clock.see(undefined);
  expect(clock.now().toISOString()).toBe("2026-11-24T10:05:00.000Z");
});
