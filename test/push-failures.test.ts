// Pushes that are cut, refused or fail for a moment, and what the next one makes of it.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { formatError, type ActionEvent } from "@pai/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createImageTree, engine, importShell, type ImageTree, type Outcome } from "./support/docker.ts";
import { startFront, startWire, type Wire } from "./support/proxies.ts";
import { startRegistry, type TestRegistry } from "./support/registry.ts";

const shell = `pai-shell-${process.pid}-push-failures`;
let registry: TestRegistry;

beforeAll(async () => {
  [registry] = await Promise.all([startRegistry(), importShell(shell)]);
});
afterAll(async () => {
  await registry.stop();
  await engine("DELETE", `/images/${shell}:1?force=true`);
});

/** A built image with a layer of some 3 MB that nothing compresses much. */
async function withTree(
  options: { readonly registry: string; readonly settings?: string },
  work: (tree: ImageTree) => Promise<void>,
): Promise<void> {
  const tree = await createImageTree({
    ...options,
    files: {
      "src/{a}/build/{a}.dockerfile": `FROM ${shell}:1\nCOPY build/data /data\n`,
      "src/{a}/build/data": randomBytes(3e6).toString("hex"),
    },
  });
  try {
    const { errors } = await tree.build();
    expect(errors).toEqual([]);
    await work(tree);
  } finally {
    await tree.remove();
  }
}

async function withWire(work: (wire: Wire) => Promise<void>): Promise<void> {
  const wire = await startWire(registry.host);
  try {
    await work(wire);
  } finally {
    wire.stop();
  }
}

function textOf({ errors }: Outcome): string {
  expect(errors).toHaveLength(1);
  return formatError(errors[0]);
}

/** Resolves when an event is reported that says so. */
function lookFor(text: string): { report: (event: ActionEvent) => void; seen: Promise<unknown> } {
  const target = new EventTarget();
  const seen = once(target, "seen", { signal: AbortSignal.timeout(200_000) });
  const report = (event: ActionEvent): void => {
    if (JSON.stringify(event).includes(text)) target.dispatchEvent(new Event("seen"));
  };
  return { report, seen };
}

describe.concurrent("a connection that is cut in the middle of a push", () => {
  test("for a moment: it is said, the engine goes on, the digest is right", () =>
    withWire((wire) =>
      withTree({ registry: wire.host }, async ({ push, repository }) => {
        wire.cutAfter(1e6);
        const { report, seen } = lookFor("connection lost: retrying in ");
        const pushed = push({ report });
        await seen;
        expect(wire.isCut()).toBe(true);
        wire.mend();
        expect((await pushed).errors).toEqual([]);
        const [content] = await registry.tags(repository("a"));
        expect(await registry.digest(repository("a"), "latest")).toBe(
          await registry.digest(repository("a"), content ?? ""),
        );
      }),
    ));

  test("and the run is interrupted: the registry shows no image, the next push repairs it", () =>
    withWire((wire) =>
      withTree({ registry: wire.host }, async ({ push, repository }) => {
        wire.cutAfter(1e6);
        const { report, seen } = lookFor("connection lost");
        const controller = new AbortController();
        const pushed = push({ report, signal: controller.signal });
        await seen;
        controller.abort();
        const started = performance.now();
        expect((await pushed).errors).toHaveLength(1);
        expect(performance.now() - started).toBeLessThan(2000);
        expect(await registry.tags(repository("a"))).toEqual([]);
        wire.mend();
        expect((await push()).images).toEqual({ a: "pushed" });
        expect(await registry.tags(repository("a"))).toEqual([expect.stringMatching(/^c-/), "latest"]);
      }),
    ));

  test("for good: the engine gives up, the error names image, registry and remedy, and is not tried again", () =>
    withWire((wire) =>
      withTree({ registry: wire.host }, async ({ push, repository }) => {
        wire.cutAfter(1e6);
        const text = textOf(await push());
        expect(text).toContain(`error[REGISTRY_UNREACHABLE]: push ${wire.host}/${repository("a")}:c-`);
        expect(text).toContain(`registry ${wire.host} has stopped answering`);
        expect(text).toMatch(/caused by: .*(EOF|reset|broken pipe)/);
        expect(text).toContain("push again: what has arrived is not sent twice");
      }),
    ));

  test("from registry to registry: an error that names the copy's place; the next push sends the rest", () =>
    withWire((wire) => {
      const settings = `, mirrors: [{domain: "${wire.host}", namespace: copies}]`;
      return withTree({ registry: registry.host, settings }, async ({ push, name, repository }) => {
        wire.cutAfter(1e6);
        const text = textOf(await push());
        expect(text).toContain("error[REGISTRY_UNREACHABLE]: send layer sha256:");
        expect(text).toContain(`of ${wire.host}/copies/${name("a")}: registry ${wire.host} does not answer`);
        expect(await registry.tags(`copies/${name("a")}`)).toEqual([]);
        wire.mend();
        expect(await push()).toMatchObject({ errors: [], images: { a: "copied" } });
        expect(await registry.digest(`copies/${name("a")}`, "latest")).toBe(
          await registry.digest(repository("a"), "latest"),
        );
      });
    }));
});

describe.concurrent("a registry that refuses or fails", () => {
  const denied = { errors: [{ code: "DENIED", message: "requested access to the resource is denied" }] };

  test("403 of a push: who may not do what, once, without a second try", async () => {
    let refused = 0;
    const front = await startFront(registry.host, ({ method }) => {
      if (method !== "POST") return undefined;
      refused++;
      return { status: 403, body: denied };
    });
    await withTree({ registry: front.host }, async ({ push, repository }) => {
      const text = textOf(await push());
      expect(text).toContain(
        `error[REGISTRY_DENIED]: push to ${front.host}/${repository("a")}: ${front.host} does not allow it`,
      );
      expect(text).toContain("caused by: HTTP 403 DENIED: requested access to the resource is denied");
      expect(text).toContain("pai-build login --check");
      expect(refused).toBe(1);
    }).finally(front.stop);
  });

  test("403 of a tag: the image, the registry's words, the remedy", async () => {
    const front = await startFront(registry.host, ({ method, url = "" }) =>
      method === "PUT" && url.endsWith("/latest") ? { status: 403, body: denied } : undefined,
    );
    await withTree({ registry: front.host }, async ({ push, repository }) => {
      const text = textOf(await push());
      expect(text).toContain(`tag ${front.host}/${repository("a")}:latest: ${front.host} does not allow it`);
      expect(text).toContain("caused by: HTTP 403 DENIED: requested access to the resource is denied");
      expect(text).toContain("hint: check the namespace");
    }).finally(front.stop);
  });

  test("a layer that is not what its digest says goes no further", async () => {
    const front = await startFront(registry.host, ({ method, url = "" }) =>
      method === "GET" && url.includes("/blobs/sha256:") ? { status: 200, body: { not: "it" } } : undefined,
    );
    const mirror = await startRegistry();
    const settings = `, mirrors: [{domain: "${mirror.host}", namespace: copies}]`;
    await withTree({ registry: front.host, settings }, async ({ push, name }) => {
      const text = textOf(await push());
      expect(text).toContain("error[PUSH_FAILED]: send layer sha256:");
      expect(text).toContain("what was read is not what its digest says");
      expect(await mirror.tags(`copies/${name("a")}`)).toEqual([]);
    }).finally(front.stop);
    await mirror.stop();
  });

  test("an image that somebody else replaces meanwhile is told with both digests", async () => {
    const other = `sha256:${"0".repeat(64)}`;
    let sent = false;
    const front = await startFront(registry.host, ({ method, url = "" }) => {
      if (!url.includes("/manifests/c-")) return undefined;
      if (method === "PUT") sent = true;
      const isLook = sent && (method === "HEAD" || method === "GET");
      return isLook ? { status: 200, body: {}, headers: { "docker-content-digest": other } } : undefined;
    });
    await withTree({ registry: front.host }, async ({ push, name }) => {
      const text = textOf(await push());
      expect(text).toContain(
        `error[PUSH_FAILED]: push ${name("a")}: ${front.host} has another digest than was sent`,
      );
      expect(text).toMatch(/sent sha256:[0-9a-f]{64}/);
      expect(text).toContain(`found ${other}`);
      expect(text).toContain("hint: push again when nobody else writes to this repository");
    }).finally(front.stop);
  });

  test("a 503 is tried once more, a second one is the registry's failure", async () => {
    let left = 1;
    let asked = 0;
    const front = await startFront(registry.host, ({ method, url = "" }) => {
      if (method !== "HEAD" || !url.includes("/manifests/c-")) return undefined;
      asked++;
      return left-- > 0 ? { status: 503, body: { errors: [{ code: "UNAVAILABLE" }] } } : undefined;
    });
    await withTree({ registry: front.host }, async ({ push, repository }) => {
      left = 1;
      expect(await push()).toMatchObject({ errors: [], images: { a: "pushed" } });
      left = Infinity;
      asked = 0;
      const text = textOf(await push());
      expect(asked).toBe(2);
      expect(text).toContain(`error[REGISTRY_UNREACHABLE]: look for ${front.host}/${repository("a")}:c-`);
      expect(text).toContain("HTTP 503");
    }).finally(front.stop);
  });
});
