export { withChosenConfiguration, type ConfigurationChoice } from "./choose.ts";
export { diffConfiguration, type ConfigurationDifference } from "./diff.ts";
export {
  differingNames,
  readConfigurationTexts,
  writeConfigurationTexts,
  type ConfigurationTexts,
} from "./files.ts";
export {
  generateConfiguration,
  readSketchFile,
  sketchCluster,
  writeNewFiles,
  type SketchSettings,
} from "./generate.ts";
export { layoutOfCluster } from "./layout.ts";
export {
  pullConfiguration,
  pushConfiguration,
  readClusterIdOf,
  updateExternalStorage,
  type PushOptions,
  type PushResult,
} from "./push.ts";
export { readConfiguration, type ReadConfigurationOptions } from "./read-configuration.ts";
