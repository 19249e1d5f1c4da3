import path from "node:path";
import executors from "../../nx-plugin/executors.json" with { type: "json" };
import generators from "../../nx-plugin/generators.json" with { type: "json" };

/** A package as it is installed, made of parts of this repository. All paths are relative to the root. */
export interface PackageDescription {
  readonly name: string;
  /** In dist/packages. */
  readonly folder: string;
  readonly description: string;
  /** File in dist/ to module. */
  readonly entries: Readonly<Record<string, string>>;
  /** More of package.json. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Modules that whoever installs the package has already. */
  readonly external: readonly string[];
  /** File or folder of the package to where it comes from. */
  readonly copies: Readonly<Record<string, string>>;
  /** What index.d.ts exports. */
  readonly types: readonly { readonly from: string; readonly names: readonly string[] }[];
}

const shims = { shims: "libs/scripts/shims" };
const schemas = { "docs/schemas": "docs/schemas" };
const license = { LICENSE: "LICENSE" };
/** Started by the shims of scripts. */
const asked = { "ask.mjs": "libs/scripts/src/ask.ts" };

/** What executors.json and generators.json name, as files of the package. */
const named = Object.values({ ...executors.executors, ...generators.generators })
  .flatMap((each) => Object.values<string | boolean>(each))
  .filter((value) => typeof value === "string")
  .filter((value) => value.startsWith("./src/"));
const namedModules = named.filter((file) => file.endsWith(".ts"));
const namedSchemas = named.filter((file) => file.endsWith(".json"));

/** `executors-batch-build` of `./src/executors/batch/build.ts`. */
export function flatName(file: string): string {
  return file.replace("./src/", "").replaceAll("/", "-").replace(/\.ts$/, ".mjs");
}

export const packages: readonly PackageDescription[] = [
  {
    name: "pai",
    folder: "pai",
    description: "Build and deploy every service of a cluster from one tree: pai-build, paictl and pai-local",
    entries: {
      "pai-build.mjs": "tools/pai-build/src/bin.js",
      "paictl.mjs": "tools/paictl/src/bin.js",
      "pai-local.mjs": "tools/local/src/bin.js",
      ...asked,
    },
    manifest: {
      bin: {
        "pai-build": "dist/pai-build.mjs",
        paictl: "dist/paictl.mjs",
        "pai-local": "dist/pai-local.mjs",
      },
      exports: { ".": { types: "./types/index.d.ts" }, "./package.json": "./package.json" },
    },
    external: [],
    copies: { ...shims, ...schemas, ...license, kubernetes: "tools/local/kubernetes" },
    types: [
      {
        from: "tools/pack/src/service-config-types.ts",
        names: [
          "Complaints",
          "Machine",
          "PlainObject",
          "PlainValue",
          "Schema",
          "ServiceConfigInput",
          "ServiceConfigModule",
        ],
      },
      { from: "libs/core/src/events.ts", names: ["ActionEvent", "ActionName"] },
    ],
  },
  {
    name: "@pai/nx-plugin",
    folder: "nx-plugin",
    description: "Services below src as Nx projects: check, build, push and deploy them",
    entries: {
      "index.mjs": "tools/nx-plugin/src/index.ts",
      ...Object.fromEntries(
        namedModules.map((file) => [flatName(file), path.posix.join("tools/nx-plugin", file)]),
      ),
      ...asked,
    },
    manifest: {
      exports: {
        ".": { types: "./types/index.d.ts", default: "./plugin.cjs" },
        "./package.json": "./package.json",
        "./executors.json": "./executors.json",
        "./generators.json": "./generators.json",
      },
      executors: "./executors.json",
      generators: "./generators.json",
      peerDependencies: { nx: ">=24.0.0 <25", "@nx/devkit": ">=24.0.0 <25" },
    },
    external: ["@nx/devkit"],
    copies: {
      ...shims,
      ...license,
      "plugin.cjs": "tools/nx-plugin/src/plugin.cjs",
      "executors.json": "tools/nx-plugin/executors.json",
      "generators.json": "tools/nx-plugin/generators.json",
      "dist/files": "tools/nx-plugin/src/generators/service/files",
      ...Object.fromEntries(
        namedSchemas.map((file) => [`schemas/${flatName(file)}`, path.posix.join("tools/nx-plugin", file)]),
      ),
    },
    types: [{ from: "tools/nx-plugin/src/options.ts", names: ["PluginOptions"] }],
  },
];
