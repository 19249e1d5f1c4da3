// `deploy-rules` of service.yaml become node affinity. The original replaced a workload's whole affinity
// and knew files of one document only; here the rules are added to what the author wrote.
import { isRecord } from "@pai/core";
import type { DeployRule } from "@pai/model";
import { formatManifestYaml, parseManifestYaml, podSpecPath } from "@pai/model";
import { isManifestFile } from "./manifest.ts";

interface Expression {
  readonly key: string;
  readonly operator: "In" | "NotIn";
  readonly values: readonly string[];
}
interface Term {
  readonly matchExpressions?: readonly Expression[];
  readonly matchFields?: readonly unknown[];
}

/**
 * Adds the rules to every workload of a manifest file; documents without a workload keep their text to
 * the byte. Files with `delete` in their names are left alone, as those are the clean-up jobs of
 * delete scripts, which run wherever data is.
 */
export function injectDeployRules(text: string, file: string, rules: readonly DeployRule[]): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  if (rules.length === 0 || !isManifestFile(name) || name.includes("delete")) return text;
  const pieces: string[] = [];
  let end = 0;
  for (const document of parseManifestYaml(text, file)) {
    const ruled = withDeployRules(document.value, rules);
    const original = text.slice(document.start, document.end);
    pieces.push(
      text.slice(end, document.start),
      ruled === document.value ? original : formatManifestYaml(ruled),
    );
    end = document.end;
  }
  return [...pieces, text.slice(end)].join("");
}

/** Returns the very same value when it is no workload or already follows the rules. */
export function withDeployRules(value: unknown, rules: readonly DeployRule[]): unknown {
  if (!isRecord(value)) return value;
  if (value["kind"] === "List" && Array.isArray(value["items"])) {
    const items = value["items"] as unknown[];
    const ruled = items.map((item) => withDeployRules(item, rules));
    return ruled.every((item, index) => item === items[index]) ? value : { ...value, items: ruled };
  }
  const path = podSpecPath(String(value["kind"]));
  return path ? updateAt(value, path, (podSpec) => withAffinity(podSpec, rules.map(expressionOf))) : value;
}

const affinityPath = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];

function expressionOf({ operator, label }: DeployRule): Expression {
  return { key: label, operator: operator === "in" ? "In" : "NotIn", values: ["true"] };
}

function withAffinity(
  podSpec: Record<string, unknown>,
  added: readonly Expression[],
): Record<string, unknown> {
  return updateAt(podSpec, affinityPath, (selector) => {
    const terms = (selector["nodeSelectorTerms"] ?? []) as readonly Term[];
    // Terms are alternatives, so each of them has to hold the rules.
    const ruled =
      terms.length === 0 ? [{ matchExpressions: added }] : terms.map((term) => addTo(term, added));
    return ruled.some((term, index) => term !== terms[index])
      ? { ...selector, nodeSelectorTerms: ruled }
      : selector;
  });
}

function addTo(term: Term, added: readonly Expression[]): Term {
  const existing = term.matchExpressions ?? [];
  // An empty term matches no node; an expression in it would make it match some.
  if (existing.length === 0 && (term.matchFields ?? []).length === 0) return term;
  const missing = added.filter((expression) => !existing.some((other) => isEqual(other, expression)));
  return missing.length === 0 ? term : { ...term, matchExpressions: [...existing, ...missing] };
}

function isEqual(a: Expression, b: Expression): boolean {
  return a.key === b.key && a.operator === b.operator && a.values?.length === 1 && a.values[0] === "true";
}

/** A copy with the record at `path` replaced (absent ones count as empty), or the same value if it stays. */
function updateAt(
  record: Record<string, unknown>,
  path: readonly string[],
  update: (at: Record<string, unknown>) => Record<string, unknown>,
): Record<string, unknown> {
  const [key, ...rest] = path;
  if (key === undefined) return update(record);
  const child = isRecord(record[key]) ? record[key] : {};
  const updated = updateAt(child, rest, update);
  return updated === child ? record : { ...record, [key]: updated };
}
