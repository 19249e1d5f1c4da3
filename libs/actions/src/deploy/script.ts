// Runs one of a service's scripts: its rendered copy, from the tree root, as OpenPAI did.
import path from "node:path";
import { PaiError, type Report } from "@pai/core";
import { parseKubectlLine, type ClusterConnection, type KubectlLine } from "@pai/kubernetes";
import type { ScriptName } from "@pai/model";
import { runScript } from "@pai/scripts";
import { deployFolder, writeDeployFolder } from "./folder.ts";
import type { PlannedService } from "./plan.ts";
import { keepEvidence } from "./run.ts";
import type { RunMemory } from "./run-memory.ts";
import { withScriptEnvironment } from "./script-environment.ts";
import { refuseUnrendered } from "./script-needs.ts";

export interface ScriptRun {
  readonly root: string;
  readonly planned: PlannedService;
  readonly script: ScriptName;
  readonly connection: ClusterConnection;
  readonly memory: RunMemory;
  readonly timeoutMs: number;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly mask: (text: string) => string;
  /** Whether the run makes this object, too. */
  readonly isComing: (kind: string, name: string) => boolean;
}

const lastLines = 10;

/** What kubectl said it changed. Throws SCRIPT_FAILED, or CONFIG_INVALID for a service without the script. */
export async function runServiceScript(run: ScriptRun): Promise<KubectlLine[]> {
  const { root, planned, script, timeoutMs, report, signal, mask } = run;
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
  let unready: PaiError | undefined;
  const onFailed = (error: PaiError): void => void (unready = error);
  const { code } = await withScriptEnvironment(
    { ...run, onFailed, keepEvidence: (found) => keepEvidence(run, planned, found) },
    (env) => runScript({ file, cwd: root, env, onLine, signal, timeoutMs }),
  );
  if (code === 0) {
    // A wait that failed was none of the script's concern, so what was seen then tells nothing.
    run.memory.forget(service);
    return changes;
  }
  if (unready) throw unready;
  throw new PaiError("SCRIPT_FAILED", `${service}: ${path.basename(file)} ended with exit code ${code}`, {
    location: { file: sourceOf(planned, script) },
    details: [
      ...(tail.length > 0 ? ["last lines:", ...tail.map((line) => `   ${line}`)] : ["it printed nothing"]),
      `ran as   ${file}`,
    ],
  });
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
