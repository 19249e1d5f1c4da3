import { expect, test } from "vitest";
import { registryAuthHeader } from "./registry-auth.ts";

test("is base64 for URLs, padded, whatever the password's length and characters", () => {
  for (const password of ["p", "pa", "pas", "???>>>", "ÿÿÿ~~~"]) {
    const header = registryAuthHeader({ username: "u", password });
    expect(header).toMatch(/^[\w-]+={0,2}$/);
    expect(header.length % 4).toBe(0);
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toEqual({ username: "u", password });
  }
});

test("without credentials it is an empty object, which the engine takes for anonymous", () => {
  expect(registryAuthHeader(undefined)).toBe("e30=");
  expect(registryAuthHeader({ identityToken: "t" })).toBe(
    Buffer.from('{"identitytoken":"t"}').toString("base64"),
  );
});
