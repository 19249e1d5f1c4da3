export type { DeployOptions } from "./run.ts";
export { refreshServices, startServices, type StartServicesOptions } from "./start.ts";
export { serviceStatus, type ServiceState, type ServiceStatus } from "./status.ts";
export { deleteServices, stopServices } from "./stop.ts";
