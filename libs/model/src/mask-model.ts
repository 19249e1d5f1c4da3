import { createMask, mask } from "@pai/core";
import { ModelFloat, type Cluster, type ModelObject, type ModelValue } from "./cluster.ts";
import { isModelList, isModelObject } from "./yaml.ts";

/** The model as it may be shown: every secret, and every text that holds one, is masked. */
export function maskModel({ model, secrets }: Pick<Cluster, "model" | "secrets">): ModelObject {
  const known = new Set(secrets.filter((secret) => secret !== ""));
  const maskText = createMask(known);
  const masked = (value: ModelValue): ModelValue => {
    if (isModelList(value)) return value.map(masked);
    if (isModelObject(value)) return maskedObject(value);
    if (value === null || typeof value === "boolean") return value;
    const text = value instanceof ModelFloat ? value.toString() : String(value);
    // Short secrets are masked only where they are the whole value.
    if (known.has(text)) return mask;
    return typeof value === "string" ? maskText(value) : value;
  };
  const maskedObject = (object: ModelObject): ModelObject =>
    new Map([...object].map(([key, value]) => [key, masked(value)]));
  return maskedObject(model);
}
