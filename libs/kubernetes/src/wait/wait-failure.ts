import { PaiError } from "@pai/core";
import { describeWithContainer } from "../causes/find-cause.ts";
import type { Cause } from "../causes/types.ts";
import { describeObject, type Objects } from "../objects.ts";
import type { Trouble } from "./trouble.ts";

export interface LogMemory {
  /** Last lines of the container that the trouble is about. */
  read(trouble: Trouble): Promise<readonly string[]>;
  /** The last one, where it is the reason itself. */
  lastLine(trouble: Trouble): Promise<string | undefined>;
}

const logLines = 10;

/** Remembers what it has read, as a Job that fails deletes the pods that could tell why. */
export function createLogMemory({
  objects,
  mask,
}: {
  readonly objects: Pick<Objects, "log">;
  readonly mask: (text: string) => string;
}): LogMemory {
  const lastOf = new Map<string, readonly string[]>();
  const read = async ({ ref, causes: [cause] }: Trouble): Promise<readonly string[]> => {
    const key = describeObject(ref);
    if (cause?.pod === undefined || cause.container === undefined || cause.log === undefined)
      return cause === undefined ? (lastOf.get(key) ?? []) : [];
    const text = await objects.log({
      namespace: ref.namespace ?? "default",
      name: cause.pod.metadata.name,
      container: cause.container,
      previous: cause.log === "previous",
      lines: logLines,
    });
    const lines = mask(text)
      .split("\n")
      .filter((line) => line.trim() !== "");
    if (lines.length > 0) lastOf.set(key, lines);
    return lines.length > 0 ? lines : (lastOf.get(key) ?? []);
  };
  return {
    read,
    lastLine: async (trouble) =>
      trouble.causes[0]?.lastLineTells ? (await read(trouble)).at(-1) : undefined,
  };
}

export function describeFailure(
  code: "NOT_READY" | "WAIT_TIMEOUT",
  what: string,
  { ref, reason, causes: [cause], isFinal }: Trouble,
  log: readonly string[],
): PaiError {
  const pod = cause?.pod;
  const node = pod?.spec.nodeName;
  const last = log.at(-1);
  return new PaiError(code, `${what}: ${causeOf(reason, cause, isFinal)}`, {
    details: [
      ...(last === undefined ? [] : [`cause    "${last}"`]),
      `where    ${describeObject(ref)}${pod ? `, pod ${pod.metadata.name}` : ""}${node === undefined ? "" : ` on ${node}`}`,
      ...(log.length > 1 ? ["log      its last lines:", ...log.map((line) => `           ${line}`)] : []),
    ],
    ...(cause?.hint === undefined ? {} : { hint: cause.hint }),
  });
}

function causeOf(reason: string, cause: Cause | undefined, isFinal: boolean): string {
  if (!cause) return reason;
  const text = cause.container === undefined ? cause.text : `container ${cause.container}: ${cause.text}`;
  // What Kubernetes itself has given up says when; the container says why.
  return isFinal ? `${reason}; ${describeWithContainer(cause)}` : text;
}
