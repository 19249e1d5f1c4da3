const template = ["spec", "template", "spec"];
const paths: Readonly<Record<string, readonly string[]>> = {
  DaemonSet: template,
  Deployment: template,
  StatefulSet: template,
  ReplicaSet: template,
  ReplicationController: template,
  Job: template,
  CronJob: ["spec", "jobTemplate", ...template],
  Pod: ["spec"],
};

/** Where an object of the kind keeps its pod spec; undefined for kinds that run no pods. */
export function podSpecPath(kind: string): readonly string[] | undefined {
  return Object.hasOwn(paths, kind) ? paths[kind] : undefined;
}
