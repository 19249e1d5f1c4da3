export { buildOrder } from "./build-order.ts";
export { criticalPath, type PathStep } from "./critical-path.ts";
export { needsFirst } from "./depth-first.ts";
export { imageNeeds } from "./image-graph.ts";
export { runGraph, skippedBecauseOf, type NodeResult, type RunGraphOptions } from "./run-graph.ts";
export { asNamed, selectServices } from "./select-services.ts";
export {
  imageEdges,
  imageOwners,
  ownImageOf,
  prerequisiteEdges,
  reverse,
  withDependents,
  withNeeds,
  withoutCycles,
  type ServiceEdges,
  type Services,
} from "./service-graph.ts";
export { startAlone, startOrder, stopOrder, type StartAlone, type StopOptions } from "./start-order.ts";
