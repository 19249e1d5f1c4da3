// Who holds a lease, so that people know whom to ask, and a run on the same machine knows whether it is gone.
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import type { ActionName } from "@pai/core";
import type { LeaseHolder } from "@pai/kubernetes";

/** `root@m1, start (process 123)` */
export function describeHolder(action: ActionName | "convert"): LeaseHolder {
  const about = `${userInfo().username}@${hostname()}, ${action} (process ${process.pid})`;
  return { id: [place(), process.pid, randomUUID()].join("/"), about, isGone };
}

/** Whether the holder ran here and has ended without giving its lease back. */
function isGone(id: string): boolean {
  const [where, pid] = id.split("/");
  if (where === unknownPlace || where !== place()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

const unknownPlace = "elsewhere";

/** The same for all processes that see each other's numbers: those of one boot and one PID namespace. */
function place(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}-${readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "")}`;
  } catch {
    return unknownPlace;
  }
}
