// One run at a time changes a service: a lease per service, as Nx deploys each by a process of its own, and
// services that are only looked at need none.
import { PaiError, type Report } from "@pai/core";
import type { ClusterConnection, HeldLease, LeaseHolder } from "@pai/kubernetes";

export interface Exclusive {
  /**
   * Keeps every other run from changing it until the release; does nothing when it does so already. True when
   * another run had to be waited for, which may have done what was to be done here.
   */
  hold(): Promise<boolean>;
  /** Aborted with the run, and when the lease is lost. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

export interface ExclusiveOptions {
  readonly connection: Pick<ClusterConnection, "leases">;
  readonly lease: string;
  /** Whom to tell others about. */
  readonly holder: LeaseHolder;
  /** For messages. */
  readonly service: string;
  readonly timeoutMs: number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** The connection, but nothing is changed by it once the lease is lost. */
export function changingWhileHeld(
  connection: ClusterConnection,
  { signal }: Pick<Exclusive, "signal">,
): ClusterConnection {
  return { ...connection, objects: connection.changingUntil(signal) };
}

export function createExclusive(options: ExclusiveOptions): Exclusive {
  const { connection, lease: name, holder, service, report, timeoutMs } = options;
  const controller = new AbortController();
  const signal = AbortSignal.any([options.signal, controller.signal]);
  let held: HeldLease | undefined;
  return {
    signal,
    async hold() {
      if (held) return false;
      const timeout = AbortSignal.timeout(timeoutMs);
      let by = "another run";
      held = await connection.leases
        .acquire({
          name,
          holder,
          signal: AbortSignal.any([signal, timeout]),
          onWaiting: ({ about, since }) => {
            by = about;
            report({ type: "waiting", service, reason: `waits for ${about}, who works on it`, since });
          },
        })
        .catch((error: unknown) => {
          if (!timeout.aborted || signal.aborted) throw error;
          throw new PaiError("WAIT_TIMEOUT", `${service}: ${by} is still working on it`, { cause: error });
        });
      const { lost, waited } = held;
      lost.addEventListener("abort", () => controller.abort(lost.reason), { once: true });
      return waited;
    },
    release: async () => {
      await held?.release();
      held = undefined;
    },
  };
}
