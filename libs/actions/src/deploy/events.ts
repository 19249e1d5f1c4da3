import { evidenceOf } from "@pai/kubernetes";
import type { DeployOptions } from "./run.ts";
import { withServiceObjects } from "./service-objects.ts";

export interface ServiceEvent {
  readonly service: string;
  /** ISO 8601. */
  readonly time: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  /** `Pod hbase-master-x7k` */
  readonly about: string;
  readonly message: string;
}

/** What the cluster still knows to have happened to the services, oldest first. */
export async function serviceEvents(options: DeployOptions): Promise<ServiceEvent[]> {
  return withServiceObjects(options, async ({ connection, refs, mask }) => {
    const found = await Promise.all(
      [...refs].map(async ([service, own]) => {
        const { events } = await evidenceOf(connection.objects, own, new Date(0));
        return events.map(({ time, type, reason, kind, name, message }) => ({
          service,
          time: new Date(time).toISOString(),
          type,
          reason,
          about: `${kind} ${name}`,
          message: mask(message.trim()),
        }));
      }),
    );
    return found.flat().toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  });
}
