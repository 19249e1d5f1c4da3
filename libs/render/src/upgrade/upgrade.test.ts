import { parseManifestYaml } from "@pai/model";
import { expect, test } from "vitest";
import { upgradeManifests } from "./upgrade.ts";

/** The one object that the text becomes. */
function upgraded(text: string): unknown {
  return parseManifestYaml(upgradeManifests(text, "a.yaml").text, "a.yaml")[0]?.value;
}

const template = "template: {metadata: {labels: {app: a}}, spec: {containers: []}}";

test("what is of today keeps its text, and so does what is no YAML", () => {
  const today = "# a\napiVersion:   apps/v1\nkind: Deployment\n";
  expect(upgradeManifests(today, "a.yaml")).toEqual({ text: today, upgrades: [] });
  const broken = "apiVersion: extensions/v1beta1\nkind: [\n";
  expect(upgradeManifests(broken, "a.yaml")).toEqual({ text: broken, upgrades: [] });
  const other = "apiVersion: extensions/v1beta1\nkind: Deployment\n";
  expect(upgradeManifests(other, "a.conf").text).toBe(other);
});

test("only old documents change, each upgrade is told, and placeholders stay", () => {
  const text = `# first
apiVersion: v1
kind: Service
metadata: {name:   s}
---
apiVersion: extensions/v1beta1
kind: DaemonSet
metadata:
  name: d
  namespace: %NAMESPACE%
spec: {templateGeneration: 3, ${template}}
`;
  const { text: result, upgrades } = upgradeManifests(text, "a.yaml");
  expect(result).toMatch(/^# first\napiVersion: v1\nkind: Service\nmetadata: \{name: {3}s\}\n---\n/);
  expect(result).toContain("namespace: %NAMESPACE%\n");
  expect(upgrades).toEqual([{ object: "DaemonSet d", from: "extensions/v1beta1", to: "apps/v1", line: 6 }]);
});

test.each([
  [
    "the selector that v1beta1 made of the labels, and what it filled in",
    `apiVersion: extensions/v1beta1\nkind: DaemonSet\nspec: {templateGeneration: 1, ${template}}`,
    {
      apiVersion: "apps/v1",
      spec: { selector: { matchLabels: { app: "a" } }, updateStrategy: { type: "OnDelete" } },
    },
  ],
  [
    "a Deployment's deadline and strategy",
    `apiVersion: extensions/v1beta1\nkind: Deployment\nspec: {rollbackTo: {revision: 1}, ${template}}`,
    {
      spec: {
        progressDeadlineSeconds: 2147483647,
        strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
      },
    },
  ],
  [
    "what is written, before what would be filled in",
    `apiVersion: apps/v1beta1\nkind: StatefulSet\nspec: {selector: {matchLabels: {x: z}}, updateStrategy: {type: RollingUpdate}, ${template}}`,
    { spec: { selector: { matchLabels: { x: "z" } }, updateStrategy: { type: "RollingUpdate" } } },
  ],
  [
    "an Ingress",
    `apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: i, annotations: {kubernetes.io/ingress.class: nginx}}
spec:
  backend: {serviceName: d, servicePort: http}
  rules: [{host: h, http: {paths: [{path: x, backend: {serviceName: s, servicePort: 80}}]}}]`,
    {
      apiVersion: "networking.k8s.io/v1",
      metadata: { name: "i" },
      spec: {
        ingressClassName: "nginx",
        defaultBackend: { service: { name: "d", port: { name: "http" } } },
        rules: [
          {
            host: "h",
            http: {
              paths: [
                {
                  path: "/x",
                  pathType: "ImplementationSpecific",
                  backend: { service: { name: "s", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },
  ],
  [
    "a CronJob's time zone",
    'apiVersion: batch/v1beta1\nkind: CronJob\nspec: {schedule: "TZ=Asia/Tokyo 0 1 * * *"}',
    { apiVersion: "batch/v1", spec: { schedule: "0 1 * * *", timeZone: "Asia/Tokyo" } },
  ],
  [
    "subjects of a RoleBinding",
    "apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: RoleBinding\nsubjects: [{kind: User, name: u, apiVersion: x/v1}]",
    { apiVersion: "rbac.authorization.k8s.io/v1", subjects: [{ kind: "User", name: "u" }] },
  ],
  [
    "an autoscaler",
    `apiVersion: autoscaling/v2beta1
kind: HorizontalPodAutoscaler
spec:
  scaleTargetRef: {apiVersion: extensions/v1beta1, kind: Deployment, name: d}
  metrics:
    - {type: Resource, resource: {name: cpu, targetAverageUtilization: 50}}
    - {type: Pods, pods: {metricName: m, targetAverageValue: 1k}}`,
    {
      apiVersion: "autoscaling/v2",
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" },
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
          },
          {
            type: "Pods",
            pods: { metric: { name: "m" }, target: { type: "AverageValue", averageValue: "1k" } },
          },
        ],
      },
    },
  ],
  [
    "webhooks",
    "apiVersion: admissionregistration.k8s.io/v1beta1\nkind: ValidatingWebhookConfiguration\nwebhooks: [{name: w, timeoutSeconds: 5}]",
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      webhooks: [
        { name: "w", sideEffects: "NoneOnDryRun", admissionReviewVersions: ["v1beta1"], timeoutSeconds: 5 },
      ],
    },
  ],
  [
    "a definition of custom resources",
    `apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata: {name: robots.example.org}
spec:
  group: example.org
  version: v1
  names: {kind: Robot, plural: robots}
  additionalPrinterColumns: [{name: size, type: string, JSONPath: .spec.size}]
  validation: {openAPIV3Schema: {properties: {spec: {properties: {size: {type: string}, any: {}}}}}}`,
    {
      apiVersion: "apiextensions.k8s.io/v1",
      spec: {
        scope: "Namespaced",
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            additionalPrinterColumns: [{ name: "size", type: "string", jsonPath: ".spec.size" }],
            schema: {
              openAPIV3Schema: {
                type: "object",
                "x-kubernetes-preserve-unknown-fields": true,
                properties: {
                  spec: {
                    type: "object",
                    properties: {
                      size: { type: "string" },
                      any: { "x-kubernetes-preserve-unknown-fields": true },
                    },
                  },
                },
              },
            },
          },
        ],
      },
    },
  ],
])("%s", (_what, text, expected) => {
  expect(upgraded(text)).toMatchObject(expected);
});

test("what would mean something else today stays, and says why", () => {
  const budget =
    "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: p}\nspec: {selector: {}}\n";
  expect(upgradeManifests(budget, "a.yaml")).toMatchObject({
    text: budget,
    upgrades: [{ kept: "its empty selector meant no pods, and means all of them today" }],
  });
  const policy = "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: p}\n";
  expect(upgradeManifests(policy, "a.yaml").upgrades).toMatchObject([{ kept: "nothing took its place" }]);
});
