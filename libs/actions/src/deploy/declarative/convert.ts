// From script to declarative without a restart: the objects that the script made get the service's label,
// their fields change hands, and service.yaml names what they are made of.
import { PaiError } from "@pai/core";
import { applySetOf, findWhole, readRecord, type WantedObject } from "@pai/kubernetes";
import { parseService } from "@pai/model";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pinOwnImages } from "../images.ts";
import { changingWhileHeld, createExclusive } from "../exclusive.ts";
import { describeHolder } from "../holder.ts";
import { planDeployment, type DeployPlan, type PlannedService } from "../plan.ts";
import { planServiceStart } from "../planning/plan-service.ts";
import type { ServicePlan } from "../planning/types.ts";
import { viewObject } from "../planning/view.ts";
import { openRun, withCluster, type DeployOptions, type DeployRun } from "../run.ts";
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
  const { service, dryRun, report } = options;
  const selection: DeployOptions = { ...options, services: [service] };
  const unpinned = await planConvertible(selection, service);
  return withCluster(options, unpinned.cluster, async (connection) => {
    const plan = await pinOwnImages(unpinned, options.signal);
    const run = openRun("start", plan, connection, { ...selection, report: () => {} });
    const holder = describeHolder("convert");
    const exclusive = createExclusive({ ...run, holder, service, lease: `pai-service-${service}`, report });
    const { signal } = exclusive;
    try {
      if (dryRun) return (await planConversion(run)).conversion;
      // Whoever was waited for may have changed the tree, too.
      const waited = await exclusive.hold();
      const again = { ...selection, report: run.report };
      const current = waited ? await pinOwnImages(await planConvertible(again, service), signal) : plan;
      const own = changingWhileHeld(connection, exclusive);
      return await convert({ ...run, connection: own, plan: current, signal });
    } finally {
      await exclusive.release();
    }
  });
}

async function planConvertible(selection: DeployOptions, name: string): Promise<DeployPlan> {
  const plan = await planDeployment(selection, { order: "start", withPrerequisites: false });
  if (plan.services.get(name)?.deploy?.scripts.start) return plan;
  throw new PaiError("CONFIG_INVALID", `${name} has no start-script: there is nothing to convert`);
}

interface PlannedConversion {
  readonly conversion: Conversion;
  readonly converted: PlannedService;
  readonly wanted: readonly WantedObject[];
}

async function planConversion(run: DeployRun): Promise<PlannedConversion> {
  const { plan, connection, mask } = run;
  const [planned] = plan.order as [PlannedService];
  const { name } = planned;
  const text = await newServiceYaml(run, planned);
  const order = [convertedService(plan.root, planned, text)];
  // By its scripts it was not certain which files are manifests.
  const [converted] = (await pinOwnImages({ ...plan, order }, run.signal)).order as [PlannedService];
  const set = applySetOf(name, toolVersion);
  const wanted = wantedObjects({ planned: converted, cluster: plan.cluster, connection, set }).map(
    (object, _, all) => adopted(object, all),
  );
  const objects = await planAdoption(run, wanted, name);
  const changes = objects.filter((each) => !isMereAdoption(each)).map((each) => viewObject(each, mask));
  const conversion = {
    file: planned.service.deploy?.file ?? "",
    text,
    kept: keptFields(objects, wanted),
    fixed: fixedJobs(wanted),
    isDone: false,
    plan: { service: name, objects: changes },
  };
  return { conversion, converted, wanted };
}

/** To be called with the service's lease: nothing may change between the look and the handing over. */
async function convert(run: DeployRun): Promise<Conversion> {
  const { conversion, converted, wanted } = await planConversion(run);
  if (conversion.plan.objects.length > 0) return conversion;
  await adopt(run, wanted, converted.name);
  run.signal.throwIfAborted();
  await writeFile(path.join(run.plan.root, conversion.file), conversion.text);
  await recordFirstRevision(run, converted);
  return { ...conversion, isDone: true, plan: await planServiceStart(run, converted) };
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
  const live = (await findWhole(connection.objects, record.objects)).flatMap(({ object }) => object ?? []);
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
