export { buildServices, type BuildServicesOptions } from "./build.ts";
export { checkLogins, type RegistryLogin } from "./login.ts";
export { pushServices, type PushServicesOptions } from "./push.ts";
