import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createTransport, type Transport } from "./transport.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const open: (Server | Transport)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await (each as { close(): unknown }).close();
});

/** A transport to a server that gives the answers one after the other, the last one for ever. */
async function serve({ patienceMs = 60_000 }: { patienceMs?: number }, ...answers: readonly Answer[]) {
  let count = 0;
  const server = createServer((request, response) =>
    answers[Math.min(count++, answers.length - 1)]?.(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const troubles: string[] = [];
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = createTransport({
    access: {
      context: { name: "test", cluster: "test", user: "test" },
      cluster: { name: "test", server: url, skipTLSVerify: true },
      user: { name: "test" },
    },
    server: url,
    signal: new AbortController().signal,
    patienceMs,
    onTrouble: (reason) => troubles.push(reason),
  });
  open.push(transport, server);
  return { transport, troubles, requests: () => count };
}

const answer =
  (code: number, text: string, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    response.writeHead(code, headers).end(text);
const cut: Answer = (request) => request.socket.destroy();
const get = { method: "GET", path: "/version", doing: "ask" } as const;

test.each<[string, Answer]>([
  ["503", answer(503, "starting")],
  ["429 with Retry-After", answer(429, "too many", { "retry-after": "1" })],
  ["a 500 of etcd", answer(500, "etcdserver: leader changed")],
  ["a cut connection", cut],
])("%s is tried again, and told once", async (_, trouble) => {
  const { transport, troubles } = await serve({}, trouble, trouble, answer(200, "{}"));
  await expect(transport.send(get)).resolves.toMatchObject({ code: 200, text: "{}" });
  expect(troubles).toHaveLength(1);
});

test("a 500 that refuses an object is no trouble of the server", async () => {
  const { transport, requests } = await serve(
    {},
    answer(500, JSON.stringify({ message: "failed to create typed patch object" })),
  );
  await expect(transport.send(get)).rejects.toMatchObject({
    code: "APPLY_REJECTED",
    message: "ask: failed to create typed patch object",
  });
  expect(requests()).toBe(1);
});

test("403 names what is denied, and causes are listed", async () => {
  const details = { causes: [{ field: "spec.replicas", message: "must be positive" }] };
  const { transport } = await serve(
    {},
    answer(403, JSON.stringify({ message: "pods is forbidden", details })),
  );
  await expect(transport.send(get)).rejects.toMatchObject({
    code: "CLUSTER_DENIED",
    message: "ask: pods is forbidden",
    details: ["spec.replicas: must be positive"],
  });
});

test("a status that is allowed is an answer", async () => {
  const { transport } = await serve({}, answer(404, "404 page not found"));
  await expect(transport.send({ ...get, allow: [404] })).resolves.toMatchObject({ code: 404 });
});

test("what does not end within the patience is reported with its reason", async () => {
  const { transport } = await serve({ patienceMs: 2500 }, cut);
  await expect(transport.send(get)).rejects.toMatchObject({
    code: "CLUSTER_UNREACHABLE",
    cause: expect.objectContaining({ message: expect.stringContaining("the connection was closed") }),
  });
});

test("once its signal is aborted no change is sent, or sent again, but questions are", async () => {
  const methods: string[] = [];
  const controller = new AbortController();
  const { transport } = await serve({}, ({ method = "" }, response) => {
    methods.push(method);
    response.writeHead(method === "GET" ? 200 : 503).end("{}");
    if (method !== "GET") controller.abort(new Error("the lease was lost"));
  });
  const held = transport.changingUntil(controller.signal);
  const change = { ...get, method: "PATCH" } as const;
  await expect(held.send(change)).rejects.toThrow("the lease was lost");
  await expect(held.send(change)).rejects.toThrow("the lease was lost");
  await expect(held.send(get)).resolves.toMatchObject({ code: 200 });
  expect(methods).toEqual(["PATCH", "GET"]);
});
