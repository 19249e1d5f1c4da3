import { PaiError } from "@pai/core";

/** For commands that work on one service. Throws USAGE. */
export function oneService(names: readonly string[] | undefined): string {
  const [name, ...more] = names ?? [];
  if (name !== undefined && more.length === 0) return name;
  throw new PaiError("USAGE", "name one service", { hint: "such as -n hbase" });
}
