// service.yaml with the keys of a declarative service in place of its scripts; every other line stays as it is.
import type { DeclarativeKeys } from "./convert-sources.ts";

const replaced = /^(?:start|stop|refresh|upgraded)-script[ \t]*:/;

export function convertServiceYaml(text: string, keys: DeclarativeKeys): string {
  const lines = text.replace(/\n*$/, "").split("\n");
  const at = lines.findIndex((line) => line.startsWith("start-script"));
  const kept = (part: readonly string[]): string[] => part.filter((line) => !replaced.test(line));
  const before = kept(lines.slice(0, Math.max(0, at)));
  return `${[...before, ...format(keys), ...kept(lines.slice(Math.max(0, at)))].join("\n")}\n`;
}

function format({ apply, sources }: DeclarativeKeys): string[] {
  const madeOf = (kind: "ConfigMap" | "Secret", key: string): string[] => {
    const entries = sources.filter((source) => source.kind === kind);
    return entries.length === 0 ? [] : [`${key}:`, ...entries.flatMap(formatSource)];
  };
  return [
    ...(apply.length > 0 ? ["apply:", ...apply.map((file) => `  - ${quote(file)}`)] : []),
    ...madeOf("ConfigMap", "config-map"),
    ...madeOf("Secret", "secret"),
  ];
}

function formatSource({
  name,
  namespace,
  type,
  from,
  literal,
}: DeclarativeKeys["sources"][number]): string[] {
  const [only, ...more] = from;
  const texts = Object.entries(literal);
  return [
    `  - name: ${quote(name)}`,
    ...(namespace === undefined ? [] : [`    namespace: ${quote(namespace)}`]),
    ...(type === undefined ? [] : [`    type: ${quote(type)}`]),
    ...(only !== undefined && more.length === 0 ? [`    from: ${quote(only)}`] : []),
    ...(more.length > 0 ? ["    from:", ...from.map((file) => `      - ${quote(file)}`)] : []),
    ...(texts.length > 0
      ? ["    literal:", ...texts.map(([key, value]) => `      ${quote(key)}: ${JSON.stringify(value)}`)]
      : []),
  ];
}

/** Plain where it can be read as nothing else. */
function quote(text: string): string {
  return /^[a-zA-Z][\w./=-]*$/.test(text) && !/^(?:true|false|yes|no|on|off|null|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}
