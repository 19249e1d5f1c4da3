// What OpenPAI's scripts ask with check_pod_ready_status: whether all pods with a label are ready, or to wait until
// they are. Its own tool looked every ten seconds for an hour; here the rules of a start hold.
import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { PaiError, type Report } from "@pai/core";
import {
  describeTroubles,
  findLabelled,
  waitUntilReady,
  type ClusterConnection,
  type ObjectRef,
} from "@pai/kubernetes";
import { defaultFailFast } from "@pai/model";
import { manifestRefs } from "./members.ts";
import type { PlannedService } from "./plan-service.ts";

export interface PodsReadyOptions {
  readonly planned: PlannedService;
  readonly connection: ClusterConnection;
  readonly timeoutMs: number;
  readonly isComing: (kind: string, name: string) => boolean;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly mask: (text: string) => string;
  /** Looks at what a wait has failed for, before the script does anything about it. */
  readonly keepEvidence: (found: {
    readonly refs: readonly ObjectRef[];
    readonly since: Date;
  }) => Promise<void>;
  /** Takes the failure of a wait, which says more than an exit code. */
  readonly onFailed: (error: PaiError) => void;
}

interface Question {
  readonly key: string;
  readonly value: string;
  readonly waits: boolean;
  readonly timeoutMs: number;
}

/** Gives the exit code. */
export async function answerPodsReady(
  argv: readonly string[],
  say: (line: string) => void,
  options: PodsReadyOptions,
): Promise<number> {
  const question = parseQuestion(argv, options.timeoutMs);
  if (!question) {
    say("check_pod_ready_status: -k KEY and -v VALUE are needed; -w waits, at most -t SECONDS");
    return 2;
  }
  const { value, waits } = question;
  try {
    const reason = waits ? await waitForPods(question, options) : await lookAtPods(question, options);
    say(reason === undefined ? `${value} is ready!` : `${value} is not ready yet: ${reason}`);
    return reason === undefined ? 0 : 1;
  } catch (error) {
    if (!(error instanceof PaiError)) throw error;
    options.onFailed(error);
    say(error.message);
    return 1;
  }
}

function parseQuestion(argv: readonly string[], longest: number): Question | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        wait_service: { type: "boolean", short: "w" },
        "label-key": { type: "string", short: "k" },
        "label-value": { type: "string", short: "v" },
        timeout: { type: "string", short: "t", default: "3600" },
      },
    });
    const { "label-key": key, "label-value": value, wait_service: waits = false, timeout } = values;
    if (key === undefined || value === undefined) return undefined;
    return { key, value, waits, timeoutMs: Math.min(Number(timeout) * 1000, longest) };
  } catch {
    return undefined;
  }
}

async function lookAtPods(question: Question, options: PodsReadyOptions): Promise<string | undefined> {
  const found = await findPods(question, options);
  if (found.length === 0) return nothingFound(question);
  return (await describeTroubles({ ...options.connection, targets: found }))[0];
}

/** kubectl returns when objects are made, so only what other programs make of them comes later. */
const appearMs = 60_000;

/** Why it gave up, for what is no failure of a pod. Throws NOT_READY and WAIT_TIMEOUT. */
async function waitForPods(question: Question, options: PodsReadyOptions): Promise<string | undefined> {
  const { planned, connection, isComing, report, signal, mask } = options;
  const { name: service } = planned;
  const started = performance.now();
  const since = connection.now();
  const left = (): number => question.timeoutMs - (performance.now() - started);
  let found: readonly ObjectRef[] = [];
  for (;;) {
    found = await findPods(question, options);
    if (found.length > 0) break;
    const reason = nothingFound(question);
    if (performance.now() - started > Math.min(appearMs, question.timeoutMs)) return reason;
    report({ type: "waiting", service, reason });
    await sleep(1000, undefined, { signal });
  }
  await waitUntilReady({
    ...connection,
    service,
    targets: found,
    since,
    timeoutMs: left(),
    failFast: planned.service.deploy?.failFast ?? defaultFailFast,
    isComing,
    signal,
    mask,
    onWaiting: (waiting) => report({ type: "waiting", service, ...waiting }),
  }).catch(async (error: unknown) => {
    if (!signal.aborted) await options.keepEvidence({ refs: found, since });
    throw error;
  });
  return undefined;
}

/** In all namespaces, as OpenPAI looked; who may not see them all looks into those of the service. */
async function findPods(
  { key, value }: Question,
  { planned, connection }: PodsReadyOptions,
): Promise<readonly ObjectRef[]> {
  const { objects, pin } = connection;
  try {
    return await findLabelled(objects, { key, value });
  } catch (error) {
    if (!(error instanceof PaiError) || error.code !== "CLUSTER_DENIED") throw error;
    const used = manifestRefs(planned, connection).flatMap(({ namespace }) => namespace ?? []);
    const namespaces = [...new Set([pin.namespace ?? "default", ...used])];
    const found = namespaces.map((namespace) => findLabelled(objects, { key, value, namespace }));
    return (await Promise.all(found)).flat();
  }
}

function nothingFound({ key, value }: Question): string {
  return `no workload makes pods with the label ${key}=${value}`;
}
