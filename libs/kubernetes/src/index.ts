export { connectCluster, type ClusterConnection, type ConnectOptions } from "./connect.ts";
export { formatContextPin, pinnedKubeconfig } from "./context-pin.ts";
export { findAll } from "./find-all.ts";
export { findOwnership, waitUntilGone } from "./gone.ts";
export { findKubeconfigFiles, localHome } from "./kubeconfig.ts";
export { parseKubectlLine, summarizeChanges, type KubectlLine } from "./kubectl-output.ts";
export { labelNodes, planNodeLabels, type PlannedNode } from "./nodes.ts";
export { describeObject, type KubernetesObject, type ObjectRef, type Objects } from "./objects.ts";
export { readOpenApi } from "./open-api.ts";
export { readinessOf, runsPods } from "./readiness/readiness.ts";
export {
  deleteRecord,
  isAsRecorded,
  readRecord,
  readRecords,
  recordObject,
  writeRecord,
  type RecordedObject,
  type ServiceRecord,
} from "./record.ts";
export { describeTroubles, waitUntilReady } from "./wait.ts";
