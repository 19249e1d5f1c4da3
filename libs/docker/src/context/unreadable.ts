import { PaiError } from "@pai/core";

/** For a file or folder of a context that cannot be read. */
export function unreadable(source: string, cause: unknown): PaiError {
  const hint = hintOf(source, cause);
  return new PaiError("BUILD_FAILED", `read ${source} for the build context`, {
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}

export function isDenied(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && (cause.code === "EACCES" || cause.code === "EPERM");
}

export const whenDenied = "make it readable for who builds, or name it in .dockerignore";

function hintOf(source: string, cause: unknown): string | undefined {
  // Reading a folder gives this sign for bytes that are no UTF-8; there is no such file then.
  if (source.includes("\uFFFD")) return "rename it: its name is not UTF-8";
  return isDenied(cause) ? whenDenied : undefined;
}
