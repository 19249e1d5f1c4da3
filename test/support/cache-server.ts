// A self-hosted remote cache of Nx, as its OpenAPI document has it, in memory.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface CacheServer {
  /** For Nx. */
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

export async function startCacheServer(): Promise<CacheServer> {
  const results = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const { method, url = "" } = request;
    const known = results.get(url);
    if (!url.startsWith("/v1/cache/")) response.writeHead(404).end();
    else if (method === "PUT") {
      void buffer(request).then((result) => {
        results.set(url, result);
        response.writeHead(200).end();
      });
    } else if (known) response.writeHead(200, { "content-type": "application/octet-stream" }).end(known);
    else response.writeHead(404).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    env: { NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${port}` },
    stop: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
