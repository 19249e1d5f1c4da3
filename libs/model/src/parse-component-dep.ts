import type { NamedLine } from "./service.ts";

/** One service a line; blank lines and lines that start with `#` say nothing. */
export function parseComponentDep(text: string): NamedLine[] {
  return text
    .split(/\r?\n/)
    .map((name, index) => ({ name: name.trim(), line: index + 1 }))
    .filter(({ name }) => name !== "" && !name.startsWith("#"));
}
