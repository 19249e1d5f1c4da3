import { lstatSync } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { PaiError } from "@pai/core";
import { isDenied, whenDenied } from "./unreadable.ts";
import type { ContextEntry } from "./walk.ts";

export interface PackOptions {
  /** Absolute. */
  readonly root: string;
  readonly entries: readonly ContextEntry[];
  /** Goes into the tar in place of the file of that path. */
  readonly dockerfile: { readonly path: string; readonly text: string };
}

/**
 * The context as a tar. Owner, time and mode are the same for everyone, as the engine's cache looks at some
 * of them. The Dockerfile comes last and only if no file changed since the walk: without it nothing is built,
 * so that no image can differ from what its content tag says.
 */
export async function packContext({ root, entries, dockerfile }: PackOptions): Promise<Readable> {
  // Twenty modules that only a build needs, and most runs build nothing.
  const { pack } = await import("tar-fs");
  const sent = entries.filter((entry) => entry.path !== dockerfile.path);
  const queue = sent.values();
  return pack(root, {
    entries: sent.map(({ source }) => source),
    ignore: () => true,
    map: (header) => {
      const entry = queue.next().value;
      if (entry) header.name = entry.path;
      return { ...header, mode: entry?.mode ?? header.mode, uid: 0, gid: 0, mtime: new Date(0) };
    },
    finalize: false,
    finish: (stream) => {
      const changed = sent.find((entry) => hasChanged(root, entry));
      if (changed) return stream.destroy(changedWhileSent(changed));
      stream.entry({ name: dockerfile.path, mode: 0o644, mtime: new Date(0) }, dockerfile.text, () =>
        stream.finalize(),
      );
    },
  });
}

// tar-fs itself says nothing when a file grows, and cuts it to the size it had.
function hasChanged(root: string, entry: ContextEntry): boolean {
  if (entry.type === "directory") return false;
  const now = lstatSync(path.join(root, entry.source), { throwIfNoEntry: false });
  return now?.mtimeMs !== entry.modified || (entry.type === "file" && now.size !== entry.size);
}

/** For whatever else reading the files ended with: one that has gone since the walk, or is shorter than it was. */
export function packFailure(image: string, cause: Error): Error {
  if (cause instanceof PaiError) return cause;
  return new PaiError("BUILD_FAILED", `${image}: send the build context`, {
    cause,
    hint: isDenied(cause) ? whenDenied : whenStill,
  });
}

const whenStill = "build again when nothing writes to the service's folder";

function changedWhileSent({ source }: ContextEntry): PaiError {
  return new PaiError("BUILD_FAILED", `${source} changed while the build context was sent`, {
    hint: whenStill,
  });
}
