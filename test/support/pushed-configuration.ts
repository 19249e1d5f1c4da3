/** What `paictl config push` makes; OpenPAI's names, one set in a cluster. */
export const pushedConfigMaps = ["pai-configuration", "pai-cluster-id", "pai-external-storage-conf"];

/** Only tests push for a cluster of this id. */
export const testClusterId = "test-cluster";
