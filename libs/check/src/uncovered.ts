import type { PaiError } from "@pai/core";
import { formatLocation } from "@pai/core";
import { shown, type Finding } from "./finding.ts";
import type { CheckContext } from "./rule.ts";

export const refusedConfiguration = {
  id: "refused",
  level: "error",
  about: "Commands refuse this file, service or configuration, for a reason that no other rule names.",
} as const;

/** What reading the services and the configuration refuses at places where no rule has found anything. */
export function uncovered({ services, problems }: CheckContext, findings: readonly Finding[]): Finding[] {
  const errors = findings.filter(({ level }) => level === "error");
  const covered = new Set(errors.flatMap((finding) => [placeOf(finding), finding.message]));
  return [...[...services.values()].flatMap((service) => service.problems), ...problems]
    .filter(
      (problem) => !covered.has(placeOf(problem.location ?? { file: "" })) && !covered.has(problem.message),
    )
    .map((problem) => findingOf(problem));
}

function placeOf({ file, line = 1 }: { readonly file: string; readonly line?: number }): string {
  return formatLocation({ file, line });
}

function findingOf({ message, hint, location }: PaiError): Finding {
  const { file = ".", line = 1, column = 1 } = location ?? {};
  const { id: rule, level } = refusedConfiguration;
  return {
    rule,
    level,
    file,
    line,
    column,
    message: shown(hint === undefined ? message : `${message}; ${hint}`),
  };
}
