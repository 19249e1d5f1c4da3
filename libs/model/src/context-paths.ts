import type { Instruction } from "./dockerfile-instructions.ts";

/**
 * What an instruction reads from the build context: paths without glob characters, `.` for all of it (also
 * where a variable hides the path), nothing for what comes from other images, URLs and heredocs.
 */
export function contextPathsOf({ keyword, flags, words }: Instruction): string[] {
  if (keyword === "RUN") {
    return flags.flatMap(([name, value]) => (name === "mount" ? (boundPath(value) ?? []) : []));
  }
  if ((keyword !== "COPY" && keyword !== "ADD") || flags.some(([name]) => name === "from")) return [];
  return sourcesOf(words)
    .filter((source) => !source.startsWith("<<") && !/^(?:[a-z+]+:\/\/|git@)/.test(source))
    .map(contextPath);
}

function sourcesOf(words: readonly string[]): string[] {
  const text = words.join(" ");
  if (text.startsWith("[")) {
    try {
      return (JSON.parse(text) as unknown[]).map(String).slice(0, -1);
    } catch {
      // Not JSON after all: the engine reads it as words, too.
    }
  }
  return words.slice(0, -1).map((word) => word.replaceAll(/["']/g, ""));
}

function boundPath(mount: string): string | undefined {
  const fields = new Map(
    mount
      .replaceAll(/["']/g, "")
      .split(",")
      .map((field) => {
        const [key = "", ...value] = field.trim().split("=");
        return [key, value.join("=")];
      }),
  );
  if ((fields.get("type") ?? "bind") !== "bind" || fields.has("from")) return undefined;
  return contextPath(fields.get("source") ?? fields.get("src") ?? ".");
}

function contextPath(source: string): string {
  if (source.includes("$")) return ".";
  const kept: string[] = [];
  for (const step of source.split("/")) {
    if (/[*?[\\]/.test(step)) break;
    if (step === "..") kept.pop();
    else if (step !== "" && step !== ".") kept.push(step);
  }
  return kept.join("/") || ".";
}
