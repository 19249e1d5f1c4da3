export { withChosenConfiguration, type ConfigurationChoice } from "./config-choose.ts";
export { diffConfiguration, type ConfigurationDifference } from "./config-diff.ts";
export {
  differingNames,
  readConfigurationTexts,
  writeConfigurationTexts,
  type ConfigurationTexts,
} from "./config-files.ts";
export {
  generateConfiguration,
  readSketchFile,
  sketchCluster,
  writeNewFiles,
  type SketchSettings,
} from "./config-generate.ts";
export { layoutOfCluster } from "./config-layout.ts";
export {
  pullConfiguration,
  pushConfiguration,
  readClusterIdOf,
  updateExternalStorage,
  type PushOptions,
  type PushResult,
} from "./config-push.ts";
export { readConfiguration, type ReadConfigurationOptions } from "./read-configuration.ts";
