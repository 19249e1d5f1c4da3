// What the engine says while it pushes.
import type { EngineEvent } from "./engine/events.ts";

export interface PushProgress {
  readonly sent: number;
  readonly total: number;
  /** The connection was lost and the engine will try again by itself, such as `Retrying in 5 seconds`. */
  readonly trouble?: string;
}

export function digestOf({ aux, status }: EngineEvent): string | undefined {
  const { Digest: digest } = (aux ?? {}) as { readonly Digest?: string };
  // Podman names the digest only in its text.
  return digest ?? /digest: (sha256:[a-f0-9]{64})/.exec(status ?? "")?.[1];
}

/** Sums what the events say of single layers; undefined for an event that says nothing new. */
export function sumPush(): (event: EngineEvent) => PushProgress | undefined {
  const layers = new Map<string, { readonly sent: number; readonly total: number }>();
  return ({ id, status, progressDetail }) => {
    const trouble = status?.startsWith("Retrying in ") ? status : undefined;
    const { current = 0, total = 0 } = progressDetail ?? {};
    if (id !== undefined && total > 0) layers.set(id, { sent: Math.min(current, total), total });
    else if (trouble === undefined) return undefined;
    const all = [...layers.values()];
    return {
      sent: all.reduce((sum, { sent }) => sum + sent, 0),
      total: all.reduce((sum, layer) => sum + layer.total, 0),
      ...(trouble === undefined ? {} : { trouble }),
    };
  };
}
