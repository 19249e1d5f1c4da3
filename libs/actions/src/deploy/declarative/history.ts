import { applySetOf, listRevisions, type RevisionInfo } from "@pai/kubernetes";
import { readServices } from "@pai/model";
import { readConfiguration } from "../../config/read-configuration.ts";
import { withCluster, type DeployOptions } from "../run.ts";
import { toolVersion } from "../version.ts";
import { declarativeService } from "./declarative-service.ts";

export interface HistoryOptions extends Omit<DeployOptions, "services"> {
  readonly service: string;
}

/** The revisions that the cluster keeps of the service, the newest first. */
export async function serviceHistory(options: HistoryOptions): Promise<RevisionInfo[]> {
  const [cluster, services] = await Promise.all([readConfiguration(options), readServices(options.root)]);
  declarativeService(services, options.service);
  return withCluster(options, cluster, async ({ objects }) =>
    (await listRevisions(objects, applySetOf(options.service, toolVersion))).toReversed(),
  );
}
