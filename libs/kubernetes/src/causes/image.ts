import { parseImageReference } from "@pai/core";
import type { Cause, ContainerRule, Evidence, Pod } from "./types.ts";

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
      return { text: `image ${image}: ${whyNot(message, image, pod, evidence)}`, ...patience(message) };
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
const denied = /401|403|unauthorized|denied|authorization failed/i;
const unanswered =
  /connection refused|no such host|i\/o timeout|TLS handshake timeout|certificate[^"]*|429 Too Many Requests|too many requests|5\d\d [A-Z][\w ]+|server gave HTTP response to HTTPS client/i;

function whyNot(message: string, image: string, pod: Pod, { events }: Evidence): string {
  const registry = registryOf(image);
  if (notFound.test(message)) return `not found in the registry ${registry}`;
  if (denied.test(message)) {
    const secret = events.find(
      ({ uid, reason }) => uid === pod.metadata.uid && reason === "FailedToRetrieveImagePullSecret",
    );
    const missing = /\(([^)]+)\)/.exec(secret?.message ?? "")?.[1];
    return `the registry ${registry} gives no access to it${missing === undefined ? "" : `; the pull secret ${missing} is missing`}`;
  }
  const [why] = unanswered.exec(message) ?? [];
  // The back-off state of older kubelets says no more than that; the error returns at the next try.
  return why === undefined ? "cannot be pulled" : `the registry ${registry} does not answer: ${why}`;
}

function patience(message: string): Pick<Cause, "doomedAfterMs"> {
  return { doomedAfterMs: notFound.test(message) || denied.test(message) ? 0 : 60_000 };
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
