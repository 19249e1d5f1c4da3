import { PaiError } from "@pai/core";
import { defaultRevisions, type Service } from "@pai/model";
import { selectServices } from "@pai/plan";

/** Throws UNKNOWN_SERVICE, or CONFIG_INVALID for a service that a script starts: it has no revisions. */
export function declarativeService(services: ReadonlyMap<string, Service>, name: string): Service {
  selectServices(services, [name]);
  const service = services.get(name) as Service;
  if (service.deploy?.declarative) return service;
  const line = service.deploy?.scripts.start?.line;
  throw new PaiError(
    "CONFIG_INVALID",
    service.deploy
      ? `${name} is started by a script, and nobody but the script knows what an earlier state was`
      : `${name} only builds images`,
    {
      location: { file: service.deploy?.file ?? service.folder, ...(line === undefined ? {} : { line }) },
      ...(service.deploy
        ? {
            hint: `check out the tree of then and start it, or convert it: paictl service convert -n ${name}`,
          }
        : {}),
    },
  );
}

/** How many revisions stay in the cluster. */
export function keptRevisions({ deploy }: Service): number {
  return deploy?.declarative?.keepRevisions ?? defaultRevisions;
}
