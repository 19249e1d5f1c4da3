import { decodeFields, messagesOf, numberOf, textOf, type Fields } from "./protobuf.ts";

/** What BuildKit says in one `moby.buildkit.trace` event (its StatusResponse). */
export interface Trace {
  readonly vertices: readonly Vertex[];
  readonly logs: readonly VertexLog[];
}

/** A step; it is told of several times, as it comes to be started, cached, completed. */
export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  /** Milliseconds since 1970. */
  readonly started?: number;
  readonly completed?: number;
  readonly error?: string;
}

interface VertexLog {
  readonly vertex: string;
  /** May end within a line and within a character. */
  readonly bytes: Uint8Array;
}

export function decodeTrace(base64: string): Trace {
  const response = decodeFields(Buffer.from(base64, "base64"));
  return {
    vertices: messagesOf(response, 1).map(vertexOf),
    logs: messagesOf(response, 3).map((log) => {
      const bytes = log.get(4)?.at(-1);
      return { vertex: textOf(log, 1), bytes: bytes instanceof Uint8Array ? bytes : new Uint8Array() };
    }),
  };
}

function vertexOf(fields: Fields): Vertex {
  const started = timeOf(fields, 5);
  const completed = timeOf(fields, 6);
  const error = textOf(fields, 7);
  return {
    digest: textOf(fields, 1),
    name: textOf(fields, 3),
    cached: numberOf(fields, 4) === 1,
    ...(started === undefined ? {} : { started }),
    ...(completed === undefined ? {} : { completed }),
    ...(error === "" ? {} : { error }),
  };
}

function timeOf(fields: Fields, number: number): number | undefined {
  const [time] = messagesOf(fields, number);
  return time && (numberOf(time, 1) ?? 0) * 1000 + (numberOf(time, 2) ?? 0) / 1e6;
}
