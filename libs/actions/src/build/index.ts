export { buildServices, type BuildServicesOptions } from "./build.ts";
export { checkLogins, type RegistryLogin } from "./login.ts";
export { pushServices, type PushServicesOptions } from "./push.ts";
export { explainImages, type ImageExplanation } from "./explain.ts";
export { formatExplanations } from "./explain-text.ts";
export { formatDot, formatGraph, graphImages } from "./graph.ts";
export { listImages } from "./list.ts";
export { formatImages } from "./list-text.ts";
