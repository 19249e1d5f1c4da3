// ConfigMaps and Secrets from files, byte for byte as `kubectl create configmap --from-file` makes them.
import { PaiError, type Location } from "@pai/core";
import { isUtf8 } from "node:buffer";
import type { KubernetesObject } from "../objects.ts";

export interface SourceOfData {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
  readonly namespace?: string;
  /** Of a Secret; `Opaque` when absent. */
  readonly type?: string;
  /** Contents by key. */
  readonly contents: ReadonlyMap<string, Buffer>;
  readonly location: Location;
}

const maxBytes = 1_048_576;
const keyPattern = /^[-._a-zA-Z0-9]{1,253}$/;

/** Throws CONFIG_INVALID for keys and sizes that the API server does not take. */
export function objectFromFiles(source: SourceOfData): KubernetesObject {
  const { kind, name, namespace, type = "Opaque", contents, location } = source;
  const fail = (problem: string, hint?: string): PaiError =>
    new PaiError("CONFIG_INVALID", `${kind} ${name}: ${problem}`, { location, ...(hint ? { hint } : {}) });
  for (const key of contents.keys()) {
    if (!keyPattern.test(key) || key === "." || key.startsWith(".."))
      throw fail(
        `"${key}" cannot be a key`,
        "letters, digits, - _ and . make one; give it another: key=file",
      );
  }
  const bytes = [...contents.values()].reduce((sum, content) => sum + content.length, 0);
  if (bytes > maxBytes) throw fail(`its files have ${bytes} bytes, and it holds ${maxBytes}`);
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return kind === "Secret"
    ? { apiVersion: "v1", kind, metadata, type, data: mapOf(contents, encode) }
    : { apiVersion: "v1", kind, metadata, ...configMapData(contents) };
}

function configMapData(contents: ReadonlyMap<string, Buffer>): {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
} {
  const texts = new Map([...contents].filter(([, content]) => isText(content)));
  const binaries = new Map([...contents].filter(([key]) => !texts.has(key)));
  return {
    ...(texts.size > 0 ? { data: mapOf(texts, (content) => content.toString("utf8")) } : {}),
    ...(binaries.size > 0 ? { binaryData: mapOf(binaries, encode) } : {}),
  };
}

/** Many NULs are valid UTF-8, but each is six characters of JSON, and the server takes 3 MiB at once. */
function isText(content: Buffer): boolean {
  return isUtf8(content) && JSON.stringify(content.toString("utf8")).length <= 2 * content.length + 1024;
}

function encode(content: Buffer): string {
  return content.toString("base64");
}

function mapOf(
  contents: ReadonlyMap<string, Buffer>,
  form: (content: Buffer) => string,
): Record<string, string> {
  return Object.fromEntries([...contents].map(([key, content]) => [key, form(content)]));
}
