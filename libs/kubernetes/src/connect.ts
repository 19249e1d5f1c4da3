import { PaiError } from "@pai/core";
import { findAccess, type KubeconfigSources } from "./kubeconfig.ts";
import { createLeases, type Leases } from "./lease/lease.ts";
import { createLogStreams, type LogStreams } from "./logs/log-stream.ts";
import { connectObjects } from "./connect-objects.ts";
import type { Objects } from "./objects.ts";
import { createTransport } from "./transport.ts";
import { createWatches, type Watches } from "./watch/watch-pool.ts";

export interface ClusterConnection {
  /** Name of the kubeconfig's context. */
  readonly context: string;
  readonly server: string;
  /** Version of the API server, such as `v1.34.4`. */
  readonly version: string;
  /** What a script's kubectl needs to reach the same cluster. */
  readonly pin: ContextPin;
  readonly objects: Objects;
  /** `objects`, but once the signal is aborted nothing is changed by them any more. */
  readonly changingUntil: (signal: AbortSignal) => Objects;
  readonly watches: Watches;
  readonly leases: Leases;
  readonly logs: LogStreams;
  /** The server's clock, by which it dates objects and events. */
  readonly now: () => Date;
  close(): Promise<void>;
}

export interface ContextPin {
  readonly files: readonly string[];
  readonly cluster: string;
  readonly user: string;
  readonly namespace?: string;
}

export interface ConnectOptions extends KubeconfigSources {
  readonly context?: string;
  /** `kubernetes.api-servers-url` of the configuration; absent where there is none to go by. */
  readonly server?: string | undefined;
  readonly signal: AbortSignal;
  readonly onTrouble?: (reason: string) => void;
}

/**
 * Chooses the cluster and makes sure that it is the configured one and answers. Throws CONFIG_INVALID,
 * CLUSTER_MISMATCH, CLUSTER_UNREACHABLE or CLUSTER_DENIED, all before anything is changed.
 */
export async function connectCluster(options: ConnectOptions): Promise<ClusterConnection> {
  const { context, server, signal, onTrouble } = options;
  const { files, access } = await findAccess(options, { context, server });
  const { context: chosen } = access;
  const base = { access, server: access.cluster?.server ?? server ?? "", signal };
  // A server that does not answer at the start is reported soon; one that restarts during a run is not.
  const first = createTransport({ ...base, patienceMs: 2000 });
  try {
    const { text } = await first.send({
      method: "GET",
      path: "/version",
      doing: `connect to the cluster ${chosen.name}`,
    });
    const { gitVersion } = JSON.parse(text) as { readonly gitVersion: string };
    const transport = createTransport({ ...base, ...(onTrouble ? { onTrouble } : {}) });
    const { objects, changingUntil } = await connectObjects(transport);
    const watches = createWatches(transport, objects);
    return {
      context: chosen.name,
      server: base.server,
      version: gitVersion,
      pin: {
        files,
        cluster: chosen.cluster,
        user: chosen.user,
        ...(chosen.namespace === undefined ? {} : { namespace: chosen.namespace }),
      },
      objects,
      changingUntil,
      watches,
      leases: createLeases(transport),
      logs: createLogStreams(transport),
      now: transport.now,
      close: () => {
        watches.close();
        return transport.close();
      },
    };
  } catch (error) {
    if (error instanceof PaiError || signal.aborted) throw error;
    throw new PaiError("CLUSTER_UNREACHABLE", `connect to the cluster ${chosen.name} (${base.server})`, {
      cause: error,
    });
  } finally {
    await first.close();
  }
}
