/** Labels and annotations that pai reads and writes on objects of users. */
export const marks = {
  /** The set that an object belongs to (KEP-3659). */
  partOf: "applyset.kubernetes.io/part-of",
  setId: "applyset.kubernetes.io/id",
  tooling: "applyset.kubernetes.io/tooling",
  kinds: "applyset.kubernetes.io/contains-group-kinds",
  namespaces: "applyset.kubernetes.io/additional-namespaces",
  /** "true" on an object that stays when it is no longer in the manifests, and when its service is deleted. */
  keep: "pai.dev/keep",
  /** "true" on an object that may be deleted and made anew when a field cannot be changed. */
  recreate: "pai.dev/recreate",
  /** In a pod template: hash of the ConfigMaps and Secrets that its pods use. */
  configuration: "pai.dev/configuration",
  /** On a workload that pai took over as it ran: hash of the configuration that its pods had then. */
  adopted: "pai.dev/adopted-configuration",
} as const;
