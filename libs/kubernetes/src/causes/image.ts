import { parseImageReference } from "@pai/core";
import type { ContainerRule, Evidence, Pod } from "./types.ts";

/** The node cannot get the container's image. */
export const imageCause: ContainerRule = (status, pod, evidence) => {
  const { reason = "", message = "" } = status.state.waiting ?? {};
  const image = imageOf(status.name, pod) ?? status.image ?? "";
  switch (reason) {
    case "InvalidImageName":
      return { text: `"${image}" is not an image reference`, doomedAfterMs: 0 };
    case "ErrImageNeverPull":
      return { text: `image ${image} is not on the node, and its pull policy is Never`, doomedAfterMs: 0 };
    case "ErrImagePull":
    case "ImagePullBackOff":
      return {
        kind: "pull",
        text: `image ${image}: ${whyNot(message, image, pod, evidence)}`,
        doomedAfterMs: patienceMs(message, pod, evidence),
      };
    case "ContainerCreating":
    case "PodInitializing":
      return isPulling(status.name, pod, evidence)
        ? { text: `image ${image} is still being pulled` }
        : undefined;
    default:
      return undefined;
  }
};

const notFound = /: not found|manifest unknown|NotFound/;
// With its reason: three digits alone are also part of ports and digests.
const denied =
  /\b(?:401 Unauthorized|403 Forbidden)|unauthorized:|denied|authorization failed|no basic auth credentials/i;
const unanswered =
  /connection refused|no such host|i\/o timeout|TLS handshake timeout|certificate[^"]*|429 Too Many Requests|too many requests|5\d\d [A-Z][\w ]+|server gave HTTP response to HTTPS client/i;

function whyNot(message: string, image: string, pod: Pod, evidence: Evidence): string {
  const registry = registryOf(image);
  if (notFound.test(message)) return `not found in the registry ${registry}`;
  if (denied.test(message)) return `the registry ${registry} ${refusalOf(message)}${loginOf(pod, evidence)}`;
  const [why] = unanswered.exec(message) ?? [];
  // The back-off state of older kubelets says no more than that; the error returns at the next try.
  return why === undefined ? "cannot be pulled" : `the registry ${registry} does not answer: ${why}`;
}

// Docker Hub and others do not say "not found" to who may not know what there is.
function refusalOf(message: string): string {
  return /does not exist or may require/.test(message) && !message.includes("no basic auth credentials")
    ? "has no such repository, or gives no access to it"
    : "gives no access to it";
}

function loginOf(pod: Pod, evidence: Evidence): string {
  const secrets = pullSecretsOf(pod);
  if (secrets.length === 0) return "; the pod names no pull secret";
  const missing = missingSecret(pod, evidence);
  return missing === undefined
    ? ` with the pull secret ${secrets.join(", ")}`
    : `; the pull secret ${missing.name} is missing`;
}

const pullSecretsOf = ({ spec }: Pod): string[] => (spec.imagePullSecrets ?? []).map(({ name }) => name);

// The kubelet looks for the secret before each pull, and a busy one may not find one that is there: what it found
// at a later pull counts.
const sameTryMs = 5000;
/** The kubelet tries again after 10 s, and up to half as long more; other pulls may go before. */
const nextPullMs = 30_000;

function missingSecret(
  { metadata }: Pod,
  { events }: Evidence,
): { readonly name: string; readonly isMissedTwice: boolean } | undefined {
  const own = events.filter(({ uid }) => uid === metadata.uid);
  const search = own.find(({ reason }) => reason === "FailedToRetrieveImagePullSecret");
  const pull = own.find(({ reason, message }) => reason === "Failed" && message.includes("pull image"));
  if (!search || (pull && pull.time - search.time >= sameTryMs)) return undefined;
  const [, name] = /\(([^)]+)\)/.exec(search.message) ?? [];
  return name === undefined ? undefined : { name, isMissedTwice: search.time - search.since >= sameTryMs };
}

function patienceMs(message: string, pod: Pod, evidence: Evidence): number {
  if (notFound.test(message)) return 0;
  if (!denied.test(message)) return 60_000;
  if (pullSecretsOf(pod).length === 0) return 0;
  const missing = missingSecret(pod, evidence);
  // A busy node writes the event that a pull secret is missing some seconds after the pull.
  if (missing === undefined) return 10_000;
  return missing.isMissedTwice ? 0 : nextPullMs;
}

function registryOf(image: string): string {
  try {
    return parseImageReference(image).registry;
  } catch {
    return "";
  }
}

function imageOf(name: string, { spec }: Pod): string | undefined {
  return [...spec.containers, ...(spec.initContainers ?? [])].find((each) => each.name === name)?.image;
}

// A node pulls one image at a time, and nothing but these events tells that it is at it.
function isPulling(name: string, { metadata }: Pod, { events }: Evidence): boolean {
  const last = events.find(
    ({ uid, fieldPath, reason }) =>
      uid === metadata.uid && fieldPath?.endsWith(`{${name}}`) && /^(?:Pulling|Pulled)$/.test(reason),
  );
  return last?.reason === "Pulling";
}
