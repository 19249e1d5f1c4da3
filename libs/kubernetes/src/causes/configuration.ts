import { missingPatience } from "./missing.ts";
import type { ContainerRule } from "./types.ts";

/** The container cannot be made: a missing ConfigMap or Secret for its environment, or a wrong setting. */
export const configurationCause: ContainerRule = ({ state }, _, evidence) => {
  const { reason, message = "" } = state.waiting ?? {};
  if (reason === "CreateContainerConfigError")
    return { text: message, doomedAfterMs: missingPatience(message, evidence) };
  if (reason === "CreateContainerError") return { text: message, kind: "creation", doomedAfterMs: 15_000 };
  return undefined;
};
