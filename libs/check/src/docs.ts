import { allRules } from "./all-rules.ts";
import { bundledSchema } from "./kubernetes/schema.ts";
import { schemas } from "./schema/index.ts";
import type { Schema } from "@pai/model";

/** Text by path relative to the repository: docs/rules.md and the JSON Schemas. */
export function generatedDocs(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/rules.md", rulesPage()],
    ...[...schemas].map(([name, schema]) => [schemaPath(name), schemaText(schema)] as const),
  ]);
}

function schemaPath(name: string): string {
  return `docs/schemas/${name.replace(/\.yaml$/, ".schema.json")}`;
}

function schemaText(schema: Schema): string {
  const document = { $schema: "http://json-schema.org/draft-07/schema#", ...withEmptyKeys(schema) };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** A key with nothing after it counts as absent, unless it is needed. */
function withEmptyKeys(schema: Schema): Schema {
  const { properties, items, additionalProperties, required = [] } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [
          key,
          orEmpty(withEmptyKeys(value), required.includes(key)),
        ]),
      ),
    }),
    ...(items && { items: withEmptyKeys(items) }),
    ...(typeof additionalProperties === "object" && {
      additionalProperties: withEmptyKeys(additionalProperties),
    }),
  };
}

function orEmpty(schema: Schema, isNeeded: boolean): Schema {
  if (isNeeded || schema.type === undefined || schema.enum) return schema;
  return { ...schema, type: [...new Set([schema.type, "null" as const].flat())] };
}

function rulesPage(): string {
  const rows = allRules.map(
    ({ id, level, about }) => `| \`${id}\` | ${level} | ${about.replaceAll("|", "\\|")} |`,
  );
  return `# Rules of \`paictl check\`

\`paictl check\` finds what can be known without engine and cluster, in one run:

    paictl check                            the whole tree, with the configuration folder ./configuration
    paictl check -p staging -n hbase        another configuration, findings of one service and of the configuration
    paictl check --format github            annotations in a workflow's log; also json and sarif (2.1.0)
    nx run hbase:check                      one service, cached by Nx; nx affected -t check

Exit code 0: no errors (warnings and hints may be there). 1: errors. 2: it could not check, such as without \`src/\`.

An **error** stops a command or makes something other than what is written. A **warning** is nearly always a mistake. A **hint** is worth knowing.

A rule is silenced in one place by a comment in that line or in the line above, in every file that has comments:

    hostip: 10.0.0.1   # pai-ignore: duplicate-address
    {# pai-ignore: undefined-value, unknown-field #}

and everywhere by \`--ignore RULE\`.

Objects are checked against the API of the cluster that the configuration names, with its custom resources, when a kubeconfig leads to it and it answers within 2 s; else, with \`--offline\` and in \`nx run\`, against that of Kubernetes ${bundledSchema().version}. The last line says which. A template is rendered with the model of the configuration; what it makes is checked, and the place of a finding is the template's line that made it. As long as a configuration cannot be read at all (a file is missing, is no YAML, or has no \`cluster.docker-registry\`), templates are not rendered.

With \`-n\`, only templates of the named services are rendered, so an object that another service makes, too, is told by the check of the whole tree.

| rule | level | what it says |
| --- | --- | --- |
${rows.join("\n")}

This page is made from the rules by \`node libs/check/tools/write-docs.ts\`, and so are the JSON Schemas in \`docs/schemas\`. An editor with yaml-language-server uses them by a first line such as this one, which \`paictl config generate\` writes into its files:

    # yaml-language-server: $schema=../../../docs/schemas/service.schema.json
`;
}
