// Makes a workspace with the plugin of any tree with services below src, and changes none of their files.
import { logger, readJson, writeJson, type NxJsonConfiguration, type Tree } from "@nx/devkit";
import { keepOutDefaults } from "./target-defaults.ts";

export interface InitOptions {
  readonly config?: string;
}

const plugin = "@pai/nx-plugin";
const configurationFiles = ["layout.yaml", "cluster-configuration.yaml", "services-configuration.yaml"];
const ignored = [".nx/cache", ".nx/workspace-data", "dist"];

/** `nx g @pai/nx-plugin:init` */
export default function init(tree: Tree, { config = findConfiguration(tree) }: InitOptions): void {
  const nxJson: NxJsonConfiguration = tree.exists("nx.json") ? readJson(tree, "nx.json") : {};
  writeJson(tree, "nx.json", withPlugin(nxJson, config));
  const before = tree.read(".gitignore", "utf8") ?? "";
  const lines = before.split("\n").map((line) => line.trim());
  const missing = ignored.filter((entry) => !lines.some((line) => covers(line, entry)));
  if (missing.length > 0) {
    tree.write(".gitignore", `${[before.trimEnd(), ...missing].filter(Boolean).join("\n")}\n`);
  }
  // Files that git ignores do not exist for Nx, and OpenPAI keeps the Dockerfiles in folders of that name.
  const hides = lines.find((line) => /^(?:\*\*\/|\/)?(?:src\/\*\/)?build\/?$/.test(line));
  if (hides !== undefined)
    logger.warn(
      `.gitignore: "${hides}" hides src/*/build from git and from Nx; take it out, or name the folder that you mean`,
    );
}

function withPlugin(nxJson: NxJsonConfiguration, config: string | undefined): NxJsonConfiguration {
  const plugins = nxJson.plugins ?? [];
  const isThere = plugins.some((each) => (typeof each === "string" ? each : each.plugin) === plugin);
  const isDefault = config === undefined || config === "configuration";
  const entry = isDefault ? plugin : { plugin, options: { config } };
  return {
    // Without the first two, Nx asks on a terminal, and keeps one cache for all clones of a repository.
    analytics: false,
    cacheDirectory: ".nx/cache",
    neverConnectToCloud: true,
    ...nxJson,
    ...(nxJson.targetDefaults ? { targetDefaults: keepOutDefaults(nxJson.targetDefaults) } : {}),
    plugins: isThere ? plugins : [...plugins, entry],
  };
}

/** In the root, or one or two folders below it. */
function findConfiguration(tree: Tree): string | undefined {
  const isConfiguration = (folder: string): boolean =>
    configurationFiles.some((file) => tree.exists(`${folder}/${file}`));
  const foldersIn = (folder: string): string[] =>
    tree
      .children(folder)
      .filter((name) => !name.startsWith(".") && !["node_modules", "src", "dist"].includes(name))
      .map((name) => (folder === "." ? name : `${folder}/${name}`))
      .filter((each) => !tree.isFile(each));
  const first = foldersIn(".");
  return [...first, ...first.flatMap(foldersIn)].find(isConfiguration);
}

function covers(line: string, entry: string): boolean {
  const plain = line.replace(/^\//, "").replace(/\/$/, "");
  return plain === entry || entry.startsWith(`${plain}/`);
}
