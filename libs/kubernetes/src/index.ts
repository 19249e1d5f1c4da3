export { connectCluster, type ClusterConnection, type ConnectOptions } from "./connect.ts";
export { formatContextPin, pinnedKubeconfig } from "./context-pin.ts";
export { evidenceOf, type FoundEvidence } from "./evidence-of.ts";
export { findAll, findWhole } from "./find-all.ts";
export { findOwnership, waitUntilGone } from "./gone.ts";
export { localHome } from "./kubeconfig.ts";
export { lastChangeAfter } from "./drift.ts";
export { followLogs, type LogLine } from "./logs/follow-logs.ts";
export { findLabelled } from "./labelled.ts";
export type { HeldLease, LeaseHolder } from "./lease/lease.ts";
export { parseKubectlLine, summarizeChanges, type KubectlLine } from "./kubectl-output.ts";
export { labelNodes, planNodeLabels, type PlannedNode } from "./nodes.ts";
export { describeObject, refOf, type KubernetesObject, type ObjectRef, type Objects } from "./objects.ts";
export { hasReadiness, readinessOf, runsPods } from "./readiness/readiness.ts";
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
export { shareLists } from "./share-lists.ts";
export { rememberReads, watchReads } from "./watch/reads.ts";
export { findDeployedImages, findUsedImages } from "./used-images.ts";
export { describeTroubles, waitUntilReady } from "./wait/wait.ts";
export { applyAll, type WantedObject } from "./declarative/apply-all.ts";
export {
  applySetOf,
  joinScopes,
  listMembers,
  readScope,
  scopeOf,
  writeScope,
  type ApplySet,
} from "./declarative/apply-set.ts";
export { configurationHash, withAdoptedHash, withConfigurationHash } from "./declarative/config-hash.ts";
export { diffObjects, isOnlyConfiguration, restartsPods, type FieldChange } from "./declarative/diff.ts";
export { objectFromFiles } from "./declarative/from-files.ts";
export {
  dropRevisions,
  listRevisions,
  listRevisionsOf,
  markReady,
  readRevision,
  writeRevision,
  type RevisionInfo,
} from "./declarative/history.ts";
export { marks } from "./declarative/marks.ts";
export { normalizeObject } from "./declarative/normalize.ts";
export { planObjects, type PlannedObject } from "./declarative/plan-objects.ts";
export { findLeftovers, prune } from "./declarative/prune.ts";
export { isProtected } from "./declarative/stages.ts";
export { fieldsOnlyOfKubectl, takeOverFromKubectl } from "./declarative/take-over.ts";
