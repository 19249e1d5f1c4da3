// Checks a tree without engine and cluster. Reads carefully first; the model and the templates, whose
// reading is not careful, come only when nothing hostile was met.
import { existsSync } from "node:fs";
import path from "node:path";
import {
  bundledSchema,
  describeSchema,
  diskTree,
  filesBelow,
  filesOf,
  readContext,
  runRules,
  type CheckContext,
  type CheckResult,
  type ConfigurationFolder,
  type Finding,
  type KubernetesSchema,
  withTemplates,
} from "@pai/check";
import { PaiError, type Report } from "@pai/core";
import { readClusterWithProblems, readModelFile, type Cluster } from "@pai/model";
import { selectServices } from "@pai/plan";
import { isManifestFile, templateTrier } from "@pai/render";
import { startPython } from "@pai/scripts";
import type { SchemaSource } from "./cluster-schema.ts";

export interface CheckOptions {
  readonly root: string;
  readonly configuration: string;
  /** A file with the whole model, in place of the configuration and the services' code. */
  readonly model?: string | undefined;
  /** Tells findings of these services and of the configuration only; all when absent. */
  readonly services?: readonly string[] | undefined;
  /** Ids of rules that say nothing. */
  readonly ignore?: readonly string[] | undefined;
  /** Ask the cluster of the configuration what its objects hold; without it, only files are read. */
  readonly cluster?: SchemaSource | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** Throws CONFIG_INVALID when there is no tree to check; everything else is a finding. */
export async function checkTree(options: CheckOptions): Promise<CheckResult> {
  const { root, ignore = [] } = options;
  const started = performance.now();
  if (!existsSync(path.join(root, "src"))) {
    throw new PaiError("CONFIG_INVALID", `there is no folder src in ${root}`, {
      hint: "run it in the root of the tree, the folder that holds src and configuration",
    });
  }
  const tree = diskTree(root);
  const context = readContext(tree, configurationFolder(options));
  const selected = new Set(selectServices(context.services, options.services));
  const { cluster, problems } = isSafe(context)
    ? await readModel(options)
    : { cluster: undefined, problems: [] };
  const read = { ...context, env: process.env, cluster, problems, templates: [], objects: [] };
  const asking = new AbortController();
  const asked = cluster && askCluster(options, context, cluster, asking.signal);
  const rendered = cluster ? withTemplates(read, templateTrier(cluster), selected) : read;
  const schema = rendered.objects.length > 0 ? ((await asked) ?? bundledSchema()) : undefined;
  asking.abort();
  options.signal.throwIfAborted();
  const findings = runRules({ ...rendered, schema }, ignore);
  return {
    findings: options.services ? findings.filter((finding) => isOf(finding, selected)) : findings,
    files: countFiles(context, options.services ? selected : undefined),
    ...(schema ? { schema: describeSchema(schema) } : {}),
    ms: performance.now() - started,
  };
}

/** Undefined where nobody wants it, nothing needs it, or nobody answers. */
async function askCluster(
  { cluster: source, signal }: CheckOptions,
  { services }: Pick<CheckContext, "services">,
  { apiServerUrl }: Cluster,
  ended: AbortSignal,
): Promise<KubernetesSchema | undefined> {
  const hasManifests = [...services.values()].some(({ deploy }) =>
    deploy?.templates.some(({ name }) => isManifestFile(name)),
  );
  if (!source || !hasManifests) return undefined;
  const { readClusterSchema } = await import("./cluster-schema.ts");
  return readClusterSchema(source, apiServerUrl, AbortSignal.any([signal, ended]));
}

/** Whether the model can be read, which follows every link and reads files of any size. */
function isSafe({ refusals }: Pick<CheckContext, "refusals">): boolean {
  return refusals.every(
    ({ kind, file }) =>
      kind === "yaml" || (/^src\/[^/]+\/(?:build|deploy)\//.test(file) && !file.endsWith("/service.yaml")),
  );
}

type ModelReading = Awaited<ReturnType<typeof readClusterWithProblems>>;

async function readModel(options: CheckOptions): Promise<ModelReading> {
  const { root, configuration, model, report, signal } = options;
  if (model !== undefined) return readGivenModel(root, model);
  return readClusterWithProblems({
    root,
    directory: configuration,
    code: {
      startPython,
      signal,
      onPrinted: (service, message) => report({ type: "warning", service, message }),
    },
  });
}

async function readGivenModel(root: string, file: string): Promise<ModelReading> {
  try {
    return { cluster: await readModelFile({ root, file }), problems: [] };
  } catch (error) {
    const errors = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
    const problems = errors.filter((each) => each instanceof PaiError);
    if (problems.length < errors.length) throw error;
    return { cluster: undefined, problems };
  }
}

/** Throws CONFIG_INVALID when there is none, and no model file in its place. */
function configurationFolder({ root, configuration, model }: CheckOptions): ConfigurationFolder {
  if (model !== undefined) {
    if (!existsSync(path.resolve(root, model))) {
      throw new PaiError("CONFIG_INVALID", `there is no model file ${model}`, {
        hint: `a relative path starts at ${root}`,
      });
    }
    const name = path.basename(model);
    return { tree: diskTree(path.dirname(path.resolve(root, model))), shown: () => model, modelFile: name };
  }
  const directory = path.resolve(root, configuration);
  if (!existsSync(directory)) {
    throw new PaiError("CONFIG_INVALID", `there is no configuration folder ${configuration}`, {
      hint: `name the folder that holds layout.yaml; a relative path starts at ${root}`,
    });
  }
  const shown = (name: string): string => `${shownFolder(root, directory, configuration)}${name}`;
  const isPart = !path.relative(root, directory).startsWith("..");
  return { tree: diskTree(directory, isPart ? root : directory), shown };
}

function shownFolder(root: string, directory: string, asGiven: string): string {
  const relative = path.relative(root, directory);
  const folder = relative.startsWith("..") ? asGiven.replace(/\/+$/, "") : relative;
  return folder === "" ? "" : `${folder}/`;
}

function isOf({ file }: Finding, services: ReadonlySet<string>): boolean {
  const [folder, service = ""] = file.split("/");
  return folder !== "src" || services.has(service);
}

function countFiles(
  { tree, configuration }: Pick<CheckContext, "tree" | "configuration">,
  services: ReadonlySet<string> | undefined,
): number {
  const folders = tree
    .list("src")
    .filter(({ name, kind }) => kind === "folder" && services?.has(name) !== false);
  return (
    filesOf(configuration).filter((name) => configuration.tree.exists(name)).length +
    folders.reduce((sum, { name }) => sum + filesBelow(tree, `src/${name}`).length, 0)
  );
}
