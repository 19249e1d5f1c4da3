export { formatExplanations } from "./explain-text.ts";
export { explainImages, type ImageExplanation } from "./explain.ts";
export { formatDot, formatGraph, graphImages } from "./graph.ts";
export { formatImages } from "./list-text.ts";
export { listImages } from "./list.ts";
export { formatPruned } from "./prune-text.ts";
export { pruneImages } from "./prune.ts";
