import { mapIn, without, withEach, type Fields } from "./objects.ts";

const classAnnotation = "kubernetes.io/ingress.class";

export function upgradeIngress(object: Fields): Fields {
  const { backend, ...spec } = mapIn(object, "spec");
  const metadata = mapIn(object, "metadata");
  const annotations = mapIn(metadata, "annotations");
  const className = spec["ingressClassName"] ?? annotations[classAnnotation];
  const rest = without(annotations, classAnnotation);
  return {
    ...object,
    metadata: {
      ...without(metadata, "annotations"),
      ...(Object.keys(rest).length > 0 ? { annotations: rest } : {}),
    },
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      ...(backend === undefined ? {} : { defaultBackend: upgradeBackend(mapIn({ backend }, "backend")) }),
      ...withEach(spec, "rules", upgradeRule),
    },
  };
}

function upgradeRule(rule: Fields): Fields {
  if (rule["http"] === undefined) return rule;
  return { ...rule, http: withEach(mapIn(rule, "http"), "paths", upgradePath) };
}

function upgradePath(entry: Fields): Fields {
  const { path = "/", pathType = "ImplementationSpecific" } = entry;
  const text = String(path);
  return {
    ...entry,
    path: text.startsWith("/") ? text : `/${text}`,
    pathType,
    backend: upgradeBackend(mapIn(entry, "backend")),
  };
}

function upgradeBackend(backend: Fields): Fields {
  const { serviceName, servicePort, ...rest } = backend;
  if (serviceName === undefined) return backend;
  const isNumber = typeof servicePort === "number" || /^\d+$/.test(String(servicePort));
  const port = isNumber ? { number: Number(servicePort) } : { name: servicePort };
  return { ...rest, service: { name: serviceName, ...(servicePort === undefined ? {} : { port }) } };
}
