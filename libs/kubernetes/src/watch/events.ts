import type { KubernetesObject } from "../objects.ts";

export type WatchEvent =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK"; readonly object: KubernetesObject }
  /** A `Status`: the server ends a watch that it cannot go on with inside an answer of 200. */
  | { readonly type: "ERROR"; readonly object: { readonly code?: number; readonly message?: string } };

/** The JSON lines of a watch. A line may come in parts, and a part may end inside a character. */
export async function* readWatchEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield JSON.parse(line) as WatchEvent;
  }
}
