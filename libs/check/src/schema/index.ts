import type { Schema } from "@pai/model";
import {
  clusterConfigurationSchema,
  kubernetesConfigurationSchema,
  layoutSchema,
  servicesConfigurationSchema,
} from "./configuration.ts";
import { serviceYamlSchema } from "./service-yaml.ts";

/** By the name of the file that they describe. */
export const schemas: ReadonlyMap<string, Schema> = new Map([
  ["service.yaml", serviceYamlSchema],
  ["layout.yaml", layoutSchema],
  ["cluster-configuration.yaml", clusterConfigurationSchema],
  ["services-configuration.yaml", servicesConfigurationSchema],
  ["kubernetes-configuration.yaml", kubernetesConfigurationSchema],
]);
