// What manifests of a script get beside what their author wrote, in the rendered copy: the service's
// deploy-rules, and the pull secret of the own registry. pai adds both to the objects that it applies itself.
import { PaiError } from "@pai/core";
import type { RegistryConfiguration } from "@pai/model";
import { injectDeployRules, injectPullSecret, isManifestFile } from "@pai/render";
import type { DeployFile } from "./folder.ts";
import type { PlannedService } from "./plan-service.ts";
import { appliedByScript } from "./script-needs.ts";

const scripts = ["start", "refresh", "upgraded", "stop", "delete"] as const;

/** Of the service's manifests, those that are rendered, or that its scripts name as they are. */
export function completeManifests(planned: PlannedService, registry: RegistryConfiguration): PlannedService {
  const { declarative, deployRules = [] } = planned.service.deploy ?? {};
  if (declarative || (deployRules.length === 0 && !registry.credentials)) return planned;
  const named = new Set(scripts.flatMap((script) => [...appliedByScript(planned, script)]));
  const complete = (file: DeployFile): DeployFile => {
    const { name, template, link } = file;
    const isApplied = link === undefined && (template !== undefined || named.has(name));
    if (!isApplied || !isManifestFile(name)) return file;
    const text = file.content.toString();
    const ruled = template === undefined ? withRules(text, name, deployRules) : text;
    const completed = injectPullSecret(ruled, name, registry);
    return completed === text ? file : { ...file, content: Buffer.from(completed) };
  };
  return { ...planned, files: planned.files.map(complete) };
}

/** What is no YAML before its script has changed it stays as it is; rendered files have their rules already. */
function withRules(text: string, name: string, rules: Parameters<typeof injectDeployRules>[2]): string {
  try {
    return injectDeployRules(text, name, rules);
  } catch (error) {
    if (!(error instanceof PaiError)) throw error;
    return text;
  }
}
