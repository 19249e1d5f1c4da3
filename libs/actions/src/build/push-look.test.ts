import { PaiError } from "@pai/core";
import { LoginRefused } from "@pai/registry";
import { expect, test } from "vitest";
import { sameForHost, type ClosedHosts } from "./push-look.ts";

test("a host that lets nothing in has one error for all images, what it says of one image stays that one's", () => {
  const closed: ClosedHosts = new Map();
  const share = (host: string, error: unknown): unknown => sameForHost(closed, host, error);
  const down = new PaiError("REGISTRY_UNREACHABLE", "look for a");
  const refused = new LoginRefused("REGISTRY_DENIED", "look for a: r wants credentials");
  const forbidden = new PaiError("REGISTRY_DENIED", "look for a: r does not allow it");

  expect(share("r", down)).toBe(down);
  expect(share("r", new PaiError("REGISTRY_UNREACHABLE", "look for b"))).toBe(down);
  expect(share("r", refused)).toBe(refused);
  expect(share("r", new LoginRefused("REGISTRY_DENIED", "look for b"))).toBe(refused);
  expect(share("r", forbidden)).toBe(forbidden);
  const elsewhere = new LoginRefused("REGISTRY_DENIED", "look for b: s wants credentials");
  expect(share("s", elsewhere)).toBe(elsewhere);
});
