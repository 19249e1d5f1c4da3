import type { Transport } from "../transport.ts";
import { isRemovedLog } from "./removed-log.ts";

interface LogQuery {
  readonly namespace: string;
  readonly name: string;
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tail: number | undefined;
}

export interface LogStreams {
  /** Nothing for a container that has no such log. */
  open(query: LogQuery, signal: AbortSignal): AsyncIterable<string>;
}

export function createLogStreams(transport: Transport): LogStreams {
  return {
    async *open({ namespace, name, container, follow, previous, tail }, signal) {
      const { code, chunks } = await transport.open(
        {
          method: "GET",
          path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log`,
          query: {
            container,
            follow: String(follow),
            previous: String(previous),
            ...(tail === undefined ? {} : { tailLines: String(tail) }),
          },
          accept: "*/*",
          doing: `read the log of pod ${name}`,
          // 400: there is none of that run; 404: the pod is gone; 500 and 502: its node does not answer.
          allow: [400, 404, 500, 502],
          mayPause: true,
        },
        signal,
      );
      if (code >= 300) return;
      for await (const line of linesOf(chunks)) if (!isRemovedLog(line)) yield line;
    },
  };
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
