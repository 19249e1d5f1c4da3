import type { ModelValue } from "./cluster.ts";
import { isModelList, isModelObject } from "./yaml.ts";

/** What a value is, never what it holds: configuration holds passwords. */
export function describe(value: ModelValue): string {
  if (value === null) return "empty";
  if (isModelList(value)) return "a list";
  if (isModelObject(value)) return "a map";
  if (typeof value === "boolean") return "a yes/no value";
  return typeof value === "string" ? (value === "" ? "an empty text" : "a text") : "a number";
}
