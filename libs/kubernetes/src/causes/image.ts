import type { ContainerRule } from "./types.ts";

/** The node cannot get the container's image. */
export const imageCause: ContainerRule = ({ name, state, image }, pod) => {
  const { reason = "", message = "" } = state.waiting ?? {};
  const wanted =
    [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((spec) => spec.name === name)?.image ??
    image ??
    "";
  if (reason === "InvalidImageName")
    return { text: `"${wanted}" is not an image reference`, doomedAfterMs: 0 };
  if (reason === "ErrImageNeverPull")
    return { text: `image ${wanted} is not on the node, and its pull policy is Never`, doomedAfterMs: 0 };
  if (reason !== "ErrImagePull" && reason !== "ImagePullBackOff") return undefined;
  if (/: not found|manifest unknown|NotFound/.test(message))
    return { text: `image ${wanted}: not found in the registry`, doomedAfterMs: 0 };
  if (/401|403|unauthorized|denied|authorization failed/i.test(message))
    return { text: `image ${wanted}: the registry gives no access to it`, doomedAfterMs: 0 };
  const why =
    /connection refused|no such host|i\/o timeout|TLS handshake timeout|certificate[^"]*|too many requests|5\d\d [A-Z][\w ]+|server gave HTTP response to HTTPS client/i.exec(
      message,
    )?.[0];
  // The back-off state alone says "Back-off pulling image"; the error itself returns at the next try.
  return why === undefined
    ? { text: `image ${wanted}: cannot be pulled`, doomedAfterMs: 60_000 }
    : { text: `image ${wanted}: the registry does not answer: ${why}`, doomedAfterMs: 60_000 };
};
