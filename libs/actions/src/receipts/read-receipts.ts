import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = "dist/images";

/** Image to the reference, with its content tag, that the last build in this tree was about. */
export function readReceipts(root: string): ReadonlyMap<string, string> {
  const receipts = new Map<string, string>();
  for (const name of filesOf(path.join(root, folder))) {
    const reference = referenceIn(path.join(root, folder, name));
    if (reference !== undefined) receipts.set(name.slice(0, -".json".length), reference);
  }
  return receipts;
}

function filesOf(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => name.endsWith(".json"));
  } catch {
    return [];
  }
}

/** undefined for what is no receipt: whoever looks for the image then builds it. */
function referenceIn(file: string): string | undefined {
  try {
    const { reference } = JSON.parse(readFileSync(file, "utf8")) as { reference?: unknown };
    return typeof reference === "string" ? reference : undefined;
  } catch {
    return undefined;
  }
}
