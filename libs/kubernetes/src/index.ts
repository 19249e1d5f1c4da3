export { connectCluster, type ClusterConnection, type ConnectOptions } from "./connect.ts";
export { formatContextPin, pinnedKubeconfig } from "./context-pin.ts";
