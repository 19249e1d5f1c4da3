// Runs one of a service's scripts: its rendered copy, from the tree root, as OpenPAI did, with kubectl
// bound to the chosen cluster.
import { access, constants, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PaiError, type Report } from "@pai/core";
import {
  formatContextPin,
  localHome,
  parseKubectlLine,
  pinnedKubeconfig,
  type ClusterConnection,
  type KubectlLine,
} from "@pai/kubernetes";
import type { ScriptName } from "@pai/model";
import { runScript, shimFolder } from "@pai/scripts";
import { deployFolder, writeDeployFolder } from "./folder.ts";
import type { PlannedService } from "./plan.ts";
import { refuseUnrendered } from "./script-needs.ts";

export interface ScriptRun {
  readonly root: string;
  readonly planned: PlannedService;
  readonly script: ScriptName;
  readonly connection: ClusterConnection;
  readonly timeoutMs: number;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly mask: (text: string) => string;
}

const lastLines = 10;

/** What kubectl said it changed. Throws SCRIPT_FAILED, or CONFIG_INVALID for a service without the script. */
export async function runServiceScript(run: ScriptRun): Promise<KubectlLine[]> {
  const { root, planned, script, connection, timeoutMs, report, signal, mask } = run;
  const { name: service } = planned;
  for (const { name, error } of refuseUnrendered(planned, script)) {
    const message = `${name} cannot be rendered, and the ${script}-script does not need it: ${error.message}`;
    report({ type: "warning", service, message, ...(error.location && { location: error.location }) });
  }
  const file = scriptFile(planned, script);
  await writeDeployFolder(root, service, planned.files);
  const changes: KubectlLine[] = [];
  const tail: string[] = [];
  const onLine = (raw: string): void => {
    const line = mask(raw);
    tail.push(line);
    if (tail.length > lastLines) tail.shift();
    const change = parseKubectlLine(raw);
    if (change) changes.push(change);
    report({ type: "output", service, line });
  };
  const private_ = await mkdtemp(path.join(tmpdir(), "pai-"));
  try {
    const pin = path.join(private_, "kubeconfig");
    await writeFile(pin, formatContextPin(connection.pin), { mode: 0o600 });
    const env = {
      ...process.env,
      PATH: [shimFolder, process.env["PATH"] ?? ""].join(path.delimiter),
      KUBECONFIG: pinnedKubeconfig(pin, connection.pin),
      PAI_KUBECTL: await findKubectl(process.env),
      PAI_ROOT: root,
      PAI_SERVICE: service,
    };
    const { code } = await runScript({ file, cwd: root, env, onLine, signal, timeoutMs });
    if (code === 0) return changes;
    throw new PaiError("SCRIPT_FAILED", `${service}: ${path.basename(file)} ended with exit code ${code}`, {
      location: { file: sourceOf(planned, script) },
      details: [
        ...(tail.length > 0 ? ["last lines:", ...tail.map((line) => `   ${line}`)] : ["it printed nothing"]),
        `ran as   ${file}`,
      ],
    });
  } finally {
    await rm(private_, { recursive: true, force: true });
  }
}

/** Relative to the root. */
function scriptFile(planned: PlannedService, script: ScriptName): string {
  const missing = findMissingScript(planned, script);
  if (missing) throw missing;
  const { service, name } = planned;
  const entry = service.deploy?.scripts[script];
  if (entry) return `${deployFolder(name)}/${entry.name}`;
  throw new PaiError("CONFIG_INVALID", `${name} has no ${script}-script`, {
    location: { file: service.deploy?.file ?? service.folder },
    hint: `name one: ${script}-script: ${script}.sh`,
  });
}

/** Why the script that service.yaml names cannot be run. */
export function findMissingScript(
  { service, name, files }: PlannedService,
  script: ScriptName,
): PaiError | undefined {
  const { deploy, folder } = service;
  const entry = deploy?.scripts[script];
  if (!entry) return undefined;
  const normal = path.posix.normalize(entry.name);
  const isThere = files.some(
    (file) => file.name === normal || (file.link !== undefined && normal.startsWith(`${file.name}/`)),
  );
  if (isThere) return undefined;
  return new PaiError(
    "CONFIG_INVALID",
    `${name}: ${script}-script is ${entry.name}, but ${folder}/deploy/${entry.name} does not exist`,
    { location: { file: deploy.file, line: entry.line }, hint: "write the script, or correct its name" },
  );
}

function sourceOf({ service, files }: PlannedService, script: ScriptName): string {
  const name = service.deploy?.scripts[script]?.name ?? "";
  return files.find((file) => file.name === name)?.template ?? `${service.folder}/deploy/${name}`;
}

/** The first kubectl on PATH, else the local stack's. */
async function findKubectl(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const folders = [...(env["PATH"] ?? "").split(path.delimiter), path.join(localHome(env), "bin")];
  for (const folder of folders) {
    const file = path.join(folder, "kubectl");
    const isExecutable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== "" && isExecutable) return file;
  }
  throw new PaiError("CONFIG_INVALID", "kubectl is not on PATH, and the scripts of services need it", {
    hint: "npm run local -- up brings one",
  });
}
