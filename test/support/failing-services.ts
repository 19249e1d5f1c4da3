// A service for every way in which a service does not become ready: its manifests, and what has to be said.

export interface FailingService {
  /** What is wrong, in a word or two; also the name of the service. */
  readonly name: string;
  readonly objects: (name: string, namespace: string) => readonly object[];
  /** What the cluster holds before, as the API server takes a moment to heed it. */
  readonly before?: (name: string, namespace: string) => readonly object[];
  /** The line that is told at the end. */
  readonly says: RegExp;
  /** Within which the wait has to end, from the start of the service's script. */
  readonly seconds: number;
}

/** Filled in by whoever deploys them. */
export const boxImage = "IMAGE";
/** `host:port` of a registry that wants a login, filled in the same way. */
export const guardedRegistry = "GUARDED";

interface PodParts {
  readonly container?: object;
  readonly pod?: object;
}

const labels = (name: string): object => ({ app: name });

function podSpec({ container = {}, pod = {} }: PodParts): object {
  const main = { name: "main", image: boxImage, command: ["sh", "-c", "sleep 100000"], ...container };
  return { terminationGracePeriodSeconds: 0, containers: [main], ...pod };
}

function workload(kind: string, parts: PodParts, spec: object = {}) {
  return (name: string, namespace: string): object[] => [
    {
      apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
      kind,
      metadata: { name, namespace },
      spec: {
        ...(kind === "Job" ? {} : { selector: { matchLabels: labels(name) } }),
        template: { metadata: { labels: labels(name) }, spec: podSpec(parts) },
        ...spec,
      },
    },
  ];
}
const deployment = (parts: PodParts, spec?: object) => workload("Deployment", parts, spec);
/** A probe; within its usual second, a busy node may not even have started the shell. */
const eachSecond = { periodSeconds: 1, timeoutSeconds: 10 };
const command = (text: string): PodParts => ({ container: { command: ["sh", "-c", text] } });

const ownNamespace = (name: string, parent: string): string => `${parent}-${name.split("-").at(-1)}`;

type Policy = (name: string, namespace: string) => readonly object[];

/** A namespace of the service's own, with what keeps its pods from being made. */
function refusedBy(
  policy: Policy,
  parts: PodParts = {},
  namespaceLabels: object = {},
): FailingService["objects"] {
  const namespaced = namespaceWith(policy, namespaceLabels);
  return (name, parent) => [
    ...namespaced(name, parent),
    ...deployment(parts)(name, ownNamespace(name, parent)),
  ];
}

function namespaceWith(policy: Policy, namespaceLabels: object = {}): FailingService["objects"] {
  return (name, parent) => {
    const namespace = ownNamespace(name, parent);
    const metadata = { name: namespace, labels: { parent, ...namespaceLabels } };
    return [{ apiVersion: "v1", kind: "Namespace", metadata }, ...policy(name, namespace)];
  };
}

const inNamespace = (apiVersion: string, kind: string, spec: object) => (name: string, namespace: string) => [
  { apiVersion, kind, metadata: { name, namespace }, spec },
];

const noPods = inNamespace("v1", "ResourceQuota", { hard: { pods: "0" } });

const only = (namespace: string): object => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
});
const pods = [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }];

const policyObjects = (name: string, parent: string): object[] => [
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: { resourceRules: pods, ...only(ownNamespace(name, parent)) },
      validations: [{ expression: "false", message: "pods need an owner label" }],
    },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name },
    spec: { policyName: name, validationActions: ["Deny"] },
  },
];
const webhookObjects = (name: string, parent: string): object[] => [
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name },
    webhooks: [
      {
        name: "w.pai.test",
        clientConfig: { url: "https://127.0.0.1:9/" },
        rules: pods,
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
        timeoutSeconds: 2,
        ...only(ownNamespace(name, parent)),
      },
    ],
  },
];
const claim = (name: string, namespace: string): object => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, namespace },
  spec: {
    storageClassName: "no-such-class",
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: "1Mi" } },
  },
});
const volume = (source: object): PodParts => ({
  container: { volumeMounts: [{ name: "v", mountPath: "/v" }] },
  pod: { volumes: [{ name: "v", ...source }] },
});
const fromMap = (name: string): PodParts => ({
  container: { env: [{ name: "X", valueFrom: { configMapKeyRef: { name, key: "no-such-key" } } }] },
});

const guardedImage = `${guardedRegistry}/team/box:1`;
const withPullSecret = (name: string): PodParts => ({
  container: { image: guardedImage },
  pod: { imagePullSecrets: [{ name }] },
});
const dockerLogin = (name: string, namespace: string): object => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
  type: "kubernetes.io/dockerconfigjson",
  stringData: {
    ".dockerconfigjson": JSON.stringify({
      auths: { [guardedRegistry]: { username: "pai", password: "not-the-password" } },
    }),
  },
});

export const failingServices: readonly FailingService[] = [
  {
    name: "notag",
    objects: deployment({ container: { image: "127.0.0.1:5077/nobody/nothing:1" } }),
    says: /container main: image 127\.0\.0\.1:5077\/nobody\/nothing:1: not found in the registry 127\.0\.0\.1:5077/,
    seconds: 20,
  },
  {
    name: "nologin",
    objects: deployment({ container: { image: guardedImage } }),
    says: /image \S+\/team\/box:1: the registry 127\.0\.0\.1:\d+ gives no access to it; the pod names no pull secret/,
    seconds: 20,
  },
  {
    name: "wronglogin",
    objects: (name, namespace) => [
      dockerLogin(name, namespace),
      ...deployment(withPullSecret(name))(name, namespace),
    ],
    says: /image \S+\/team\/box:1: the registry 127\.0\.0\.1:\d+ gives no access to it with the pull secret wronglogin/,
    seconds: 50,
  },
  {
    name: "lostlogin",
    objects: deployment(withPullSecret("nobody")),
    says: /the registry 127\.0\.0\.1:\d+ gives no access to it; the pull secret nobody is missing/,
    seconds: 30,
  },
  {
    name: "noregistry",
    objects: deployment({ container: { image: "127.0.0.1:9/a:1" } }),
    says: /image 127\.0\.0\.1:9\/a:1: the registry 127\.0\.0\.1:9 does not answer: connection refused/,
    seconds: 85,
  },
  {
    name: "badname",
    objects: deployment({ container: { image: "127.0.0.1:5077/Upper:1" } }),
    says: /"127\.0\.0\.1:5077\/Upper:1" is not an image reference/,
    seconds: 20,
  },
  {
    name: "neverpull",
    objects: deployment({ container: { image: "127.0.0.1:5077/nobody/x:1", imagePullPolicy: "Never" } }),
    says: /image 127\.0\.0\.1:5077\/nobody\/x:1 is not on the node, and its pull policy is Never/,
    seconds: 20,
  },
  {
    name: "nomap",
    objects: deployment(fromMap("settings")),
    says: /container main: configmap "settings" not found/,
    seconds: 35,
  },
  {
    name: "nokey",
    objects: deployment(fromMap("kube-root-ca.crt")),
    says: /container main: couldn't find key no-such-key in ConfigMap \S+\/kube-root-ca\.crt/,
    seconds: 35,
  },
  {
    name: "novolume",
    objects: deployment(volume({ configMap: { name: "settings" } })),
    says: /volume "v": configmap "settings" not found/,
    seconds: 35,
  },
  {
    name: "hostpath",
    objects: deployment(volume({ hostPath: { path: "/no/such/folder", type: "Directory" } })),
    says: /volume "v": hostPath type check failed: \/no\/such\/folder is not a directory/,
    seconds: 35,
  },
  {
    name: "nocommand",
    objects: deployment({ container: { command: ["/no-such-command"] } }),
    says: /its command cannot be started: exec: "\/no-such-command": stat \/no-such-command: no such file/,
    seconds: 20,
  },
  {
    name: "exits",
    objects: deployment(command("echo storage directory does not exist >&2; exit 3")),
    says: /container main: exited with 3, 3 times[^]*cause +"storage directory does not exist"/,
    seconds: 60,
  },
  {
    name: "ends",
    objects: deployment(command("true")),
    says: /container main: ended with 0, but a service has to keep running, 3 times/,
    seconds: 60,
  },
  {
    name: "relapses",
    objects: deployment(command("sleep 5; exit 4"), { minReadySeconds: 8 }),
    says: /container main: exited with 4, 3 times/,
    seconds: 65,
  },
  {
    name: "memory",
    objects: deployment({
      container: {
        command: ["sh", "-c", "tail /dev/zero"],
        resources: { limits: { memory: "12Mi" } },
      },
    }),
    says: /container main: was killed for using more memory than its limit, 3 times/,
    seconds: 65,
  },
  {
    name: "poststart",
    objects: deployment({
      container: { lifecycle: { postStart: { exec: { command: ["sh", "-c", "exit 5"] } } } },
    }),
    says: /container main: its postStart hook failed/,
    seconds: 65,
  },
  {
    name: "init",
    objects: deployment({
      pod: { initContainers: [{ name: "setup", image: boxImage, command: ["sh", "-c", "exit 2"] }] },
    }),
    says: /container setup: exited with 2, 3 times/,
    seconds: 60,
  },
  {
    name: "sidecar",
    objects: deployment({
      pod: {
        initContainers: [
          { name: "side", image: boxImage, command: ["sh", "-c", "exit 6"], restartPolicy: "Always" },
        ],
      },
    }),
    says: /container side: exited with 6, 3 times/,
    seconds: 60,
  },
  {
    name: "readiness",
    objects: deployment(
      {
        container: {
          readinessProbe: { exec: { command: ["sh", "-c", "echo not yet; exit 1"] }, ...eachSecond },
        },
      },
      { progressDeadlineSeconds: 40 },
    ),
    says: /made no progress within progressDeadlineSeconds; container main: readiness probe fails: not yet/,
    seconds: 65,
  },
  {
    name: "startup",
    objects: deployment({
      container: {
        startupProbe: {
          exec: { command: ["sh", "-c", "echo not up; exit 1"] },
          ...eachSecond,
          failureThreshold: 1,
        },
      },
    }),
    says: /container main: startup probe fails: not up, ended 3 times/,
    seconds: 75,
  },
  {
    name: "slowstartup",
    objects: deployment({
      container: {
        startupProbe: {
          exec: { command: ["sh", "-c", "echo not up; exit 1"] },
          ...eachSecond,
          // Longer than the kubelet's first back-off, which the next start then does not wait for.
          initialDelaySeconds: 12,
          failureThreshold: 1,
        },
      },
    }),
    says: /container main: startup probe fails: not up, ended 3 times/,
    seconds: 75,
  },
  {
    name: "liveness",
    objects: deployment({
      container: {
        livenessProbe: {
          exec: { command: ["sh", "-c", "echo stuck; exit 1"] },
          ...eachSecond,
          failureThreshold: 2,
        },
        readinessProbe: { exec: { command: ["true"] }, initialDelaySeconds: 30 },
      },
    }),
    says: /container main: liveness probe fails: stuck, ended 3 times/,
    seconds: 75,
  },
  {
    name: "nonode",
    objects: deployment({ pod: { nodeSelector: { "no-such-label": "true" } } }),
    says: /no node takes it: 0\/1 nodes are available: 1 node\(s\) didn't match Pod's node affinity\/selector/,
    seconds: 25,
  },
  {
    name: "toolarge",
    objects: deployment({ container: { resources: { requests: { memory: "4Ti" } } } }),
    says: /no node takes it: 0\/1 nodes are available: 1 Insufficient memory/,
    seconds: 25,
  },
  {
    name: "noaccount",
    objects: deployment({ pod: { serviceAccountName: "nobody" } }),
    says: /its pods are refused: serviceaccount "nobody" not found/,
    seconds: 25,
  },
  {
    name: "daemonset",
    objects: workload("DaemonSet", { pod: { serviceAccountName: "nobody" } }),
    says: /its pods are refused: serviceaccount "nobody" not found/,
    seconds: 25,
  },
  {
    name: "nopriority",
    objects: deployment({ pod: { priorityClassName: "no-such-class" } }),
    says: /its pods are refused: no PriorityClass with name no-such-class was found/,
    seconds: 25,
  },
  {
    name: "quota",
    before: namespaceWith(noPods),
    objects: refusedBy(noPods),
    says: /its pods are refused: exceeded quota: \S+, requested: pods=1, used: pods=0, limited: pods=0/,
    seconds: 85,
  },
  {
    name: "limits",
    objects: refusedBy(
      inNamespace("v1", "LimitRange", { limits: [{ type: "Container", max: { memory: "64Mi" } }] }),
      { container: { resources: { limits: { memory: "128Mi" } } } },
    ),
    says: /its pods are refused: maximum memory usage per Container is 64Mi, but limit is 128Mi/,
    seconds: 25,
  },
  {
    name: "security",
    objects: refusedBy(() => [], {}, { "pod-security.kubernetes.io/enforce": "restricted" }),
    says: /its pods are refused: violates PodSecurity "restricted:latest"/,
    seconds: 25,
  },
  {
    name: "policy",
    before: policyObjects,
    objects: refusedBy(() => []),
    says: /its pods are refused: ValidatingAdmissionPolicy '\S+' with binding '\S+' denied request: pods need an owner label/,
    seconds: 25,
  },
  {
    name: "webhook",
    before: webhookObjects,
    objects: refusedBy(() => []),
    says: /its pods are refused: the webhook w\.pai\.test does not answer: connection refused/,
    seconds: 85,
  },
  {
    name: "noclass",
    objects: (name, namespace) => [
      claim(name, namespace),
      ...deployment(volume({ persistentVolumeClaim: { claimName: name } }))(name, namespace),
    ],
    says: /its volume claim \S+ gets no volume: storageclass.storage.k8s.io "no-such-class" not found/,
    seconds: 35,
  },
  {
    name: "noclaim",
    objects: deployment(volume({ persistentVolumeClaim: { claimName: "nobody" } })),
    says: /no node takes it: .*persistentvolumeclaim "nobody" not found/,
    seconds: 25,
  },
  {
    name: "job",
    objects: workload(
      "Job",
      { ...command("echo no input >&2; exit 9"), pod: { restartPolicy: "Never" } },
      { backoffLimit: 0 },
    ),
    says: /the job failed: Job has reached the specified backoff limit; container main exited with 9[^]*cause +"no input"/,
    seconds: 40,
  },
  {
    name: "set",
    objects: workload("StatefulSet", command("exit 8"), { replicas: 3, serviceName: "none" }),
    says: /container main: exited with 8, 3 times; 2 pods wait for it/,
    seconds: 60,
  },
];
