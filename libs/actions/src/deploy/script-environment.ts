// What a script finds around it: kubectl bound to the chosen cluster, and answers to what OpenPAI's own tools were
// asked.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { formatContextPin, pinnedKubeconfig } from "@pai/kubernetes";
import { openAnswers, shimFolder } from "@pai/scripts";
import { findKubectl } from "./find-kubectl.ts";
import { answerPodsReady, type PodsReadyOptions } from "./pods-ready.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ScriptEnvironmentOptions extends PodsReadyOptions {
  readonly root: string;
}

/** The environment holds for the time of `work`. */
export async function withScriptEnvironment<T>(
  options: ScriptEnvironmentOptions,
  work: (env: Environment) => Promise<T>,
): Promise<T> {
  const { root, planned, connection, signal } = options;
  const folder = await mkdtemp(path.join(tmpdir(), "pai-"));
  const answers = await openAnswers({
    folder,
    answer: ([, ...argv], say, left) =>
      answerPodsReady(argv, say, { ...options, signal: AbortSignal.any([signal, left]) }),
  });
  try {
    const pin = path.join(folder, "kubeconfig");
    await writeFile(pin, formatContextPin(connection.pin), { mode: 0o600 });
    return await work({
      ...process.env,
      PATH: [shimFolder, process.env["PATH"] ?? ""].join(path.delimiter),
      KUBECONFIG: pinnedKubeconfig(pin, connection.pin),
      PAI_KUBECTL: await findKubectl(process.env, signal),
      PAI_SPOOL: folder,
      PAI_NODE: process.execPath,
      PAI_ANSWERS: answers.socket,
      PAI_ROOT: root,
      PAI_SERVICE: planned.name,
    });
  } finally {
    answers.close();
    await rm(folder, { recursive: true, force: true });
  }
}
