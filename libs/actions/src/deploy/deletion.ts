import { describeObject, findLeftovers, readRecords, refOf, type KubernetesObject } from "@pai/kubernetes";
import { planDeployment, type PlannedService } from "./plan.ts";
import { withCluster, type DeployOptions } from "./run.ts";

export interface Deletion {
  readonly service: string;
  /** The script that decides what of its data goes; absent for services that pai applies. */
  readonly script?: string;
  /** Objects of its record, such as `DaemonSet hbase-master`. */
  readonly objects: readonly string[];
  /** Those that stay, as they hold data. */
  readonly kept: readonly string[];
}

/** What a delete would take away, in its order. Changes nothing. */
export async function planDeletion(options: DeployOptions): Promise<Deletion[]> {
  const plan = await planDeployment({ ...options, report: () => {} }, { order: "stop" });
  return withCluster({ ...options, report: () => {} }, plan.cluster, async ({ objects }) => {
    const records = await readRecords(objects);
    return plan.order.map((planned) => {
      const recorded = records.get(planned.name)?.objects ?? [];
      const script = scriptOf(planned);
      const named = recorded.map(({ apiVersion, kind, ...metadata }): KubernetesObject => ({
        apiVersion,
        kind,
        metadata,
      }));
      const { prunable, kept } = findLeftovers(named, []);
      const going = planned.service.deploy?.declarative ? prunable : named;
      return {
        service: planned.name,
        ...(script === undefined ? {} : { script }),
        objects: going.map(refOf).map(describeObject),
        kept: going === named ? [] : kept.map(refOf).map(describeObject),
      };
    });
  });
}

function scriptOf({ service }: PlannedService): string | undefined {
  const script = service.deploy?.scripts.delete;
  return script && `${service.folder}/deploy/${script.name}`;
}
