import type { Schema } from "@pai/model";
import { number, open, text } from "./schema.ts";

const label = {
  type: ["string", "boolean"],
  description: 'a label of the node when it is "true", in quotes',
} as const;

const access = {
  sshport: number("port of the ssh server"),
  username: text("user of the ssh connection"),
  password: text("password of that user"),
  "keyfile-path": text("private key of that user"),
};

const machineList: Schema = {
  type: "array",
  description: "the machines of the cluster",
  items: {
    type: "object",
    required: ["hostname", "hostip"],
    properties: {
      hostname: text("name of the machine"),
      hostip: text("address of the machine"),
      nodename: text("name of its Kubernetes node; the hostname where absent"),
      "machine-type": text("a key of machine-sku"),
      "k8s-role": { type: "string", enum: ["master", "worker", "proxy"], description: "part in the cluster" },
      "pai-master": label,
      "pai-worker": label,
      "pai-storage": label,
      "no-driver": label,
      "no-drivers": label,
      "no-nodeexporter": label,
      dashboard: label,
      zkid: number("number of the machine in the ZooKeeper ensemble"),
      etcdid: text("name of the machine's etcd member"),
      "docker-data": text("Docker's data folder"),
      ...access,
    },
  },
};

const machineSku: Schema = {
  type: ["object", "null"],
  description: "kinds of machines by name",
  additionalProperties: open({
    mem: { type: ["integer", "number", "string"], description: "memory" },
    cpu: open({ vcore: { type: ["integer", "string"], description: "number of cores" } }),
    os: text("operating system"),
    gpu: open({ type: text("model"), count: { type: ["integer", "string"], description: "number" } }),
    "computing-device": open({
      type: text("resource name such as nvidia.com/gpu"),
      model: text("model"),
      count: { type: ["integer", "string"], description: "number" },
    }),
  }),
};

export const layoutSchema: Schema = {
  title: "layout.yaml",
  description: "The machines of a cluster and its API server.",
  type: "object",
  required: ["machine-list"],
  properties: {
    kubernetes: open({
      "api-servers-url": text("URL of the API server; commands refuse to touch any other cluster"),
      "dashboard-url": text("URL of the dashboard"),
    }),
    "machine-sku": machineSku,
    "machine-list": machineList,
  },
};

export const clusterConfigurationSchema: Schema = {
  title: "cluster-configuration.yaml",
  description: "The machines of a cluster, as OpenPAI up to 0.9 names them.",
  type: "object",
  required: ["default-machine-properties", "machine-list"],
  properties: {
    "default-machine-properties": open(access),
    "machine-sku": machineSku,
    "machine-list": machineList,
  },
};

const registryPlace = {
  domain: text("host:port of the registry, or public for Docker Hub"),
  namespace: text("what goes between domain and image"),
  username: text("user of the registry"),
  password: text("password of that user, better as ${env:NAME} or ${file:path}"),
  ca: text("certificate authority of the registry, as ${file:path}, relative to the configuration folder"),
  insecure: { type: "boolean", description: "true to accept any certificate, or plain http" },
} as const;

export const servicesConfigurationSchema: Schema = {
  title: "services-configuration.yaml",
  description:
    "What a cluster sets for its services, over the defaults of src/<service>/config/<service>.yaml.",
  type: "object",
  properties: {
    cluster: open({
      common: open({
        "cluster-id": text("name of the cluster"),
        "cluster-type": text("k8s or yarn"),
        "data-path": text("folder on every machine below which services keep their data"),
        "docker-data-root": text("Docker's data folder"),
        "qos-switch": label,
        "job-history": label,
        "az-rdma": label,
        "k8s-rbac": label,
        "deploy-in-aks": label,
      }),
      "docker-registry": open({
        ...registryPlace,
        tag: text("tag of the images, which deployments ask for; in quotes if it looks like a number"),
        tags: { type: "array", description: "further tags that a push sets", items: text("tag") },
        "secret-name": text("name of the pull Secret"),
        mirrors: {
          type: "array",
          description: "registries that a push brings the same images to",
          items: { type: "object", required: ["domain", "namespace"], properties: registryPlace },
        },
      }),
    }),
  },
  additionalProperties: { type: ["object", "null"], description: "settings of the service of that name" },
};

const version = text("version");

export const kubernetesConfigurationSchema: Schema = {
  title: "kubernetes-configuration.yaml",
  description: "How the cluster's Kubernetes was made.",
  type: ["object", "null"],
  properties: {
    kubernetes: open({
      "cluster-dns": text("address of the cluster's name server"),
      "load-balance-ip": text("address of the API server"),
      "service-cluster-ip-range": text("addresses of Services"),
      "storage-backend": {
        type: "string",
        enum: ["etcd2", "etcd3"],
        description: "version of etcd's storage",
      },
      "docker-registry": text("registry of the images of Kubernetes"),
      "hyperkube-version": version,
      "etcd-version": version,
      "apiserver-version": version,
      "kube-scheduler-version": version,
      "kube-controller-manager-version": version,
      "dashboard-version": version,
      "dashboard-host": text("host of the dashboard"),
      "api-servers-ip": text("address of the API server"),
      "api-servers-port": number("port of the API server"),
      "api-servers-http-schema": text("http or https"),
      "api-servers-url": text("URL of the API server"),
      "etcd-data-path": text("folder of etcd's data"),
      "qos-switch": label,
    }),
  },
};
