export {
  exitCodeOf,
  failureFacts,
  formatError,
  formatLocation,
  joinErrors,
  PaiError,
  type ErrorCode,
  type Location,
  type PaiErrorOptions,
} from "./errors.ts";
export { parseDuration } from "./duration.ts";
export type { ActionEvent, ActionName, BuildStep, Report, Task, WaitingFor } from "./events.ts";
export { formatImageReference, parseImageReference, type ImageReference } from "./image-reference.ts";
export { isRecord } from "./is-record.ts";
export { mapAtOnce, type AtOnceOptions } from "./map-at-once.ts";
export { nearMisses } from "./near-misses.ts";
export { createMask, mask } from "./secrets.ts";
