export { buildServices, type BuildServicesOptions } from "./build.ts";
export { pushServices, type PushServicesOptions } from "./push.ts";
