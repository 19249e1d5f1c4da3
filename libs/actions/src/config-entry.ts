export { readConfiguration, type ReadConfigurationOptions } from "./read-configuration.ts";
