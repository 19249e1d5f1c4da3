const warning = /299 \S+ "(?<text>(?:[^"\\]|\\.)*)"/g;

/** Texts of the `Warning` header (RFC 7234), in which the API server speaks of deprecations and policies. */
export function warningsIn(header: string | readonly string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .flatMap((value) =>
      Array.from(value.matchAll(warning), ({ groups }) =>
        (groups?.["text"] ?? "").replaceAll(/\\(.)/g, "$1"),
      ),
    );
}
