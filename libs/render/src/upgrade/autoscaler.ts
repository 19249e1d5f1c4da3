// HorizontalPodAutoscaler of autoscaling/v2beta1 and v2beta2.
import { mapIn, withEach, without, type Fields } from "./objects.ts";

export function upgradeAutoscaler(object: Fields): Fields {
  const spec = mapIn(object, "spec");
  const target = mapIn(spec, "scaleTargetRef");
  // The server takes an API version that is gone, and the autoscaler then finds nothing to scale.
  const isGone = /^(?:extensions\/v1beta1|apps\/v1beta[12])$/.test(String(target["apiVersion"]));
  const upgraded =
    object["apiVersion"] === "autoscaling/v2beta1" ? withEach(spec, "metrics", upgradeMetric) : spec;
  return {
    ...object,
    spec: { ...upgraded, ...(isGone ? { scaleTargetRef: { ...target, apiVersion: "apps/v1" } } : {}) },
  };
}

const sourceKeys = ["resource", "containerResource", "pods", "object", "external"];

function upgradeMetric(metric: Fields): Fields {
  const key = sourceKeys.find((each) => metric[each] !== undefined);
  if (key === undefined) return metric;
  const source = mapIn(metric, key);
  const metricOf = {
    name: source["metricName"],
    selector: source["metricSelector"] ?? source["selector"],
  };
  const kept = without(source, ...oldKeys);
  const named = source["metricName"] === undefined ? {} : { metric: without(metricOf) };
  const described = key === "object" ? { describedObject: source["target"] } : {};
  return { ...metric, [key]: { ...kept, ...described, ...named, target: targetOf(source) } };
}

const oldKeys = [
  "metricName",
  "metricSelector",
  "selector",
  "target",
  "targetValue",
  "averageValue",
  "targetAverageValue",
  "targetAverageUtilization",
];

function targetOf(source: Fields): Fields {
  const { targetAverageUtilization, targetAverageValue, averageValue, targetValue } = source;
  if (targetAverageUtilization !== undefined)
    return { type: "Utilization", averageUtilization: targetAverageUtilization };
  const average = targetAverageValue ?? averageValue;
  return average === undefined
    ? { type: "Value", value: targetValue }
    : { type: "AverageValue", averageValue: average };
}
