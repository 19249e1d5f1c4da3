import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { localServer } from "./cluster.ts";

/** What this process asks the API server meanwhile, such as `GET /api/v1/nodes`; queries are left out. */
export async function requestsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const channel = "undici:request:create";
  const requests: string[] = [];
  const see = (message: unknown): void => {
    const { origin, method, path } = (
      message as {
        readonly request: { readonly origin: string; readonly method: string; readonly path: string };
      }
    ).request;
    if (origin === localServer) requests.push(`${method} ${path.split("?", 1)[0]}`);
  };
  subscribe(channel, see);
  try {
    await work();
  } finally {
    unsubscribe(channel, see);
  }
  return requests;
}
