import { readFileSync } from "node:fs";
import path from "node:path";
import { readCommands, withoutShared } from "./commands.ts";
import { schemaTable, type Schema } from "./schemas.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const made = "<!-- Made by npm run reference. -->";

/** File in docs/reference to text. */
export async function makePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["pai-build.md", await commandPage("pai-build", "pai-build")],
    ["paictl.md", await commandPage("paictl", "paictl")],
    ["pai-local.md", await commandPage("pai-local", "local")],
    ["files.md", filesPage()],
    ["nx.md", nxPage()],
  ]);
}

async function commandPage(name: string, tool: string): Promise<string> {
  const [first, ...commands] = await readCommands(name, path.join(root, `tools/${tool}/src/main.ts`));
  const sections = commands.map(({ line, text }) => `## ${line}\n${block(withoutShared(text))}`);
  return `${[`# ${name}`, made, block(first?.text ?? ""), ...sections].join("\n\n")}\n`;
}

const schemas = [
  "service",
  "layout",
  "services-configuration",
  "cluster-configuration",
  "kubernetes-configuration",
];

function filesPage(): string {
  const sections = schemas.map((name) => {
    const schema = readJson<Schema>(`docs/schemas/${name}.schema.json`);
    return `## ${schema.title ?? name}\n${schema.description ?? ""}\n\n${schemaTable(schema)}`;
  });
  return `${["# Files", made, ...sections].join("\n\n")}\n`;
}

interface Collection {
  readonly [name: string]: { readonly schema: string; readonly description: string };
}

function nxPage(): string {
  const { executors } = readJson<{ executors: Collection }>("tools/nx-plugin/executors.json");
  const { generators } = readJson<{ generators: Collection }>("tools/nx-plugin/generators.json");
  const targets = Object.entries(executors).map(
    ([name, { description }]) => `| \`${name}\` | ${description} |`,
  );
  const [options] = new Set(Object.values(executors).map(({ schema }) => schema));
  const sections = Object.entries(generators).map(
    ([name, { schema, description }]) =>
      `## nx g @pai/nx-plugin:${name}\n${description}.\n\n${pluginTable(schema)}`,
  );
  return `${[
    "# Nx targets and generators",
    made,
    "An option `x` is `--x=…` on the command line; a boolean one is `--x` or `--no-x`.",
    `## nx run <service>:<target>\n| target | meaning |\n| --- | --- |\n${targets.join("\n")}`,
    `Every target takes all of these options, so that one command line serves several targets, and leaves alone those that are not for it.\n\n${pluginTable(options ?? "")}`,
    ...sections,
  ].join("\n\n")}\n`;
}

function pluginTable(schema: string): string {
  return schemaTable(readJson<Schema>(path.posix.join("tools/nx-plugin", schema)));
}

function block(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(path.join(root, file), "utf8")) as T;
}
