export { serviceHistory, type HistoryOptions } from "./declarative/history.ts";
export { rollbackService, type RollbackOptions } from "./declarative/rollback.ts";
export type { DeployOptions } from "./run.ts";
export { refreshServices, startServices, type StartServicesOptions } from "./start.ts";
export { serviceStatus, type ServiceState, type ServiceStatus } from "./status.ts";
export { deleteServices, stopServices } from "./stop.ts";
export { readPlanFile, startPlan, writePlanFile } from "./planning/plan-file.ts";
export { hasChanges, planServices } from "./planning/plan-services.ts";
export type { DeploymentPlan, FieldView, ObjectChange, ServicePlan } from "./planning/types.ts";
