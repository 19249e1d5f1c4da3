// From script to declarative without a restart: the objects that the script made get the service's label,
// their fields change hands, and service.yaml names what they are made of.
import { PaiError } from "@pai/core";
import { applySetOf, findAll, readRecord } from "@pai/kubernetes";
import { parseService } from "@pai/model";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pinOwnImages } from "../images.ts";
import { planDeployment, type PlannedService } from "../plan.ts";
import { planServiceStart } from "../planning/plan-service.ts";
import type { ServicePlan } from "../planning/types.ts";
import { viewObject } from "../planning/view.ts";
import { openRun, runServices, withCluster, type DeployOptions, type DeployRun } from "../run.ts";
import { inputHash } from "../start-service.ts";
import { toolVersion } from "../version.ts";
import { adopt, adopted, fixedJobs, isMereAdoption, keptFields, planAdoption } from "./adoption.ts";
import { findSources } from "./convert-sources.ts";
import { convertServiceYaml } from "./convert-yaml.ts";
import { keptRevisions } from "./declarative-service.ts";
import { deploySet } from "./deploy-set.ts";
import { imagesOf } from "./images-of.ts";
import { wantedObjects } from "./wanted-objects.ts";

export interface ConvertOptions extends Omit<DeployOptions, "services"> {
  readonly service: string;
  /** Shows what would be written, and changes nothing. */
  readonly dryRun: boolean;
}

export interface Conversion {
  /** service.yaml, relative to the root, and its new text. */
  readonly file: string;
  readonly text: string;
  readonly isDone: boolean;
  /** What a start would change: before the conversion why it is not done, afterwards nothing. */
  readonly plan: Pick<ServicePlan, "service" | "objects">;
  /** Fields in the cluster that the manifests do not have; they stay, and are nobody's. */
  readonly kept: readonly string[];
  /** Jobs that a start could run, but not change. */
  readonly fixed: readonly string[];
}

/** Throws CONFIG_INVALID for a service that cannot be converted. */
export async function convertService(options: ConvertOptions): Promise<Conversion> {
  const { service: name, root, signal } = options;
  const selection = { ...options, services: [name] };
  const unpinned = await planDeployment(selection, { order: "start", withPrerequisites: false });
  const { deploy } = unpinned.services.get(name) ?? {};
  if (!deploy?.scripts.start)
    throw new PaiError("CONFIG_INVALID", `${name} has no start-script: there is nothing to convert`);
  return withCluster(options, unpinned.cluster, async (connection) => {
    const plan = await pinOwnImages(unpinned, signal);
    const run = openRun("start", plan, connection, { ...selection, report: () => {} });
    const [planned] = plan.order as [PlannedService];
    const text = await newServiceYaml(run, planned);
    const converted = convertedService(root, planned, text);
    const wanted = wantedObjects({
      planned: converted,
      cluster: plan.cluster,
      connection,
      set: applySetOf(name, toolVersion),
    }).map((object, _, all) => adopted(object, all));
    const objects = await planAdoption(run, wanted, name);
    const found = { file: deploy.file, text, kept: keptFields(objects, wanted), fixed: fixedJobs(wanted) };
    const changes = objects.filter((each) => !isMereAdoption(each)).map((each) => viewObject(each, run.mask));
    if (changes.length > 0 || options.dryRun)
      return { ...found, isDone: false, plan: { service: name, objects: changes } };
    await runServices(run, async (_, own) => {
      await own.hold();
      await adopt(own, wanted, name);
      await writeFile(path.join(root, deploy.file), text);
      await recordFirstRevision(own, converted);
      return { outcome: "changed", detail: "converted" };
    });
    return { ...found, isDone: true, plan: await planServiceStart(run, converted) };
  });
}

/** Throws CONFIG_INVALID when the service does not run, or has objects that come from no file. */
async function newServiceYaml(
  { connection }: DeployRun,
  { name, service, files }: PlannedService,
): Promise<string> {
  const record = await readRecord(connection.objects, name);
  if (record?.state !== "started") {
    throw new PaiError("CONFIG_INVALID", `${name} does not run, so what its script makes is not known`, {
      hint: `start it first: paictl service start -n ${name}`,
    });
  }
  const live = (await findAll(connection.objects, record.objects)).flatMap(({ object }) => object ?? []);
  const keys = findSources(files, live, connection.pin.namespace ?? "default");
  if (keys.problems.length > 0) {
    throw new PaiError("CONFIG_INVALID", `${name} has objects that only its script can make`, {
      details: keys.problems,
      hint: "write manifests for them, or leave the service to its script",
      ...(service.deploy ? { location: { file: service.deploy.file } } : {}),
    });
  }
  const current = files.find((file) => file.name === "service.yaml")?.content.toString() ?? "";
  return convertServiceYaml(current, keys);
}

function convertedService(root: string, planned: PlannedService, text: string): PlannedService {
  const { name, service, files } = planned;
  const { deploy, problems } = parseService({
    name,
    dockerfiles: new Map(),
    serviceYaml: text,
    exists: (file) => existsSync(path.join(root, file)),
  });
  if (!deploy || problems[0]) throw problems[0] ?? new Error("service.yaml became empty");
  return {
    name,
    service: { ...service, deploy },
    files: files.map((file) =>
      file.name === "service.yaml" ? { ...file, content: Buffer.from(text) } : file,
    ),
  };
}

async function recordFirstRevision(run: DeployRun, planned: PlannedService): Promise<void> {
  const set = applySetOf(planned.name, toolVersion);
  const wanted = wantedObjects({ planned, cluster: run.plan.cluster, connection: run.connection, set });
  await deploySet({
    run,
    set,
    wanted,
    hash: inputHash(run, planned),
    images: imagesOf(wanted),
    keepRevisions: keptRevisions(planned.service),
    takeOver: false,
    wait: async () => {},
  });
}
