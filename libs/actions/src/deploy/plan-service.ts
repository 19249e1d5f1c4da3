// One service as a deployment will see it: its deploy folder with the rendered files in place of the templates'
// names, nothing in it that Kubernetes has removed, and all in it that the configuration adds.
import { joinErrors, type PaiError, type Report } from "@pai/core";
import type { Cluster, Service } from "@pai/model";
import { renderTemplates, upgradeManifests, type ApiUpgrade } from "@pai/render";
import { readStaticFiles, type DeployFile } from "./folder.ts";
import { completeManifests } from "./script-manifests.ts";

export interface PlannedService {
  readonly name: string;
  readonly service: Service;
  /** The deploy folder as scripts will see it: rendered files in place of their templates' names. */
  readonly files: readonly DeployFile[];
  /** Why a template has no rendered file, by the file's name; only where failures are tolerated. */
  readonly unrendered?: ReadonlyMap<string, PaiError>;
}

export interface PlanServiceOptions {
  readonly root: string;
  readonly cluster: Cluster;
  /** Writes objects of removed API versions as Kubernetes has them today. */
  readonly upgrade: boolean;
  /** Takes templates that cannot be rendered as they are: not there. */
  readonly tolerant: boolean;
  readonly report: Report;
}

/** Throws TEMPLATE_INVALID for each template that cannot be rendered, unless failures are tolerated. */
export async function planService(service: Service, options: PlanServiceOptions): Promise<PlannedService> {
  const { root, cluster, upgrade, tolerant } = options;
  const { files: rendered, failures } = await renderTemplates({ root, service, cluster });
  if (failures.length > 0 && !tolerant) throw joinErrors(failures.map(({ error }) => error));
  const files = new Map((await readStaticFiles(root, service)).map((file) => [file.name, file]));
  for (const { name, template, text } of rendered) {
    files.set(name, { name, template, content: Buffer.from(text), mode: 0o644 });
  }
  // What an earlier version of OpenPAI has rendered into the tree is not what is asked for.
  for (const { name } of failures) files.delete(name);
  const planned = {
    name: service.name,
    service,
    files: [...files.values()].map((file) => (upgrade ? upgradeFile(file, service, options) : file)),
    ...(failures.length > 0 ? { unrendered: new Map(failures.map(({ name, error }) => [name, error])) } : {}),
  };
  return completeManifests(planned, cluster.registry);
}

function upgradeFile(file: DeployFile, service: Service, { report }: PlanServiceOptions): DeployFile {
  if (file.link !== undefined) return file;
  const { text, upgrades } = upgradeManifests(file.content.toString(), file.name);
  const source = file.template ?? `${service.folder}/deploy/${file.name}`;
  for (const each of upgrades) {
    const location = { file: source, line: each.line };
    report({ type: "warning", service: service.name, message: describeUpgrade(each), location });
  }
  return upgrades.length === 0 ? file : { ...file, content: Buffer.from(text) };
}

function describeUpgrade({ object, from, to, kept }: ApiUpgrade): string {
  const gone = `${object}: Kubernetes serves ${from} no more`;
  return kept === undefined
    ? `${gone}; the rendered copy has ${to}`
    : `${gone}, and it stays as it is: ${kept}`;
}
