/** What a registry asks for in `WWW-Authenticate`. */
export type Challenge =
  | { readonly scheme: "basic" }
  | { readonly scheme: "bearer"; readonly realm: string; readonly service?: string; readonly scope?: string };

/** Undefined when the header names no scheme that we know. */
export function parseChallenge(header: string): Challenge | undefined {
  const [, scheme = "", rest = ""] = /^\s*(\S+)\s*(.*)$/s.exec(header) ?? [];
  if (scheme.toLowerCase() === "basic") return { scheme: "basic" };
  if (scheme.toLowerCase() !== "bearer") return undefined;
  const values = new Map(
    [...rest.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(([, key = "", quoted, plain]) => [
      key.toLowerCase(),
      quoted === undefined ? (plain ?? "") : quoted.replaceAll(/\\(.)/g, "$1"),
    ]),
  );
  const realm = values.get("realm");
  if (realm === undefined) return undefined;
  const service = values.get("service");
  const scope = values.get("scope");
  return {
    scheme: "bearer",
    realm,
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
  };
}
