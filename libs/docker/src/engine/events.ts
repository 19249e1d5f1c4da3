import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";

/** One line of the engine's answer to a build or a push. */
export interface EngineEvent {
  readonly id?: string;
  readonly status?: string;
  readonly stream?: string;
  readonly aux?: unknown;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
}

/** The engine took the request and then could not do it; it answers HTTP 200 and says so in the body. */
export class EngineError extends Error {
  override readonly name = "EngineError";
}

/**
 * The events of an answer. Throws EngineError at its end when one of them was an error, and another error when
 * none was what `isDone` looks for: then the engine went away in the middle.
 */
export async function* engineEvents(
  body: Readable,
  isDone: (event: EngineEvent) => boolean,
): AsyncGenerator<EngineEvent> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let done = false;
  let failure: string | undefined;
  const take = (line: string): EngineEvent[] => {
    if (line.trim() === "") return [];
    const event = JSON.parse(line) as EngineEvent;
    if (event.error !== undefined) {
      failure ??= event.errorDetail?.message ?? event.error;
      return [];
    }
    done ||= isDone(event);
    return [event];
  };
  for await (const chunk of body) {
    const lines = (rest + decoder.write(chunk as Buffer)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield* take(line);
  }
  yield* take(rest);
  if (failure !== undefined) throw new EngineError(failure);
  if (!done) throw new Error("the engine's answer ended early");
}

/** In the answer to a build: the id of the image, once it is there. */
export function imageIdOf({ aux }: EngineEvent): string | undefined {
  return (aux as { ID?: string } | undefined)?.ID;
}
