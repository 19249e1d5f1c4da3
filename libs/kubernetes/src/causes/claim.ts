import type { Cause, Evidence, ObjectEvent, Pod } from "./types.ts";

/** A claim of the pod gets no volume: only events about the claim tell why. */
export function claimCause(pod: Pod, { events }: Evidence): Omit<Cause, "pod"> | undefined {
  if ((pod.status.phase ?? "Pending") !== "Pending" || pod.spec.nodeName !== undefined) return undefined;
  const claims = (pod.spec.volumes ?? []).flatMap(
    ({ persistentVolumeClaim: claim }) => claim?.claimName ?? [],
  );
  for (const name of claims) {
    const event = events.find(({ kind, name: about }) => kind === "PersistentVolumeClaim" && about === name);
    const cause = event && describe(name, event);
    if (cause) return cause;
  }
  return undefined;
}

function describe(name: string, { reason, message }: ObjectEvent): Omit<Cause, "pod"> | undefined {
  const kind = `claim ${name}`;
  const claim = `its volume claim ${name} gets no volume`;
  switch (reason) {
    case "ProvisioningFailed":
      return { text: `${claim}: ${message}`, kind, doomedAfterMs: 5000 };
    case "FailedBinding":
      return { text: `${claim}: ${message}`, kind };
    case "ExternalProvisioning": {
      const provisioner = /external provisioner '([^']*)'/.exec(message)?.[1];
      return {
        kind,
        text:
          provisioner === undefined
            ? `${claim}: ${message}`
            : `${claim} yet: waiting for the provisioner ${provisioner}`,
      };
    }
    default:
      return undefined;
  }
}
