export {
  ModelFloat,
  type Cluster,
  type Machine,
  type ModelObject,
  type ModelValue,
  type RegistryConfiguration,
  type RegistryPlace,
} from "./cluster.ts";
export {
  formatManifestYaml,
  locateInManifest,
  parseManifestYaml,
  type ManifestDocument,
} from "./manifest-yaml.ts";
export { duplicateWarnings, type ConfigWarning } from "./duplicate-keys.ts";
export { configurationFileNames } from "./configuration-files.ts";
export { findRemovedApi } from "./removed-apis.ts";
export { podSpecPath } from "./pod-spec-path.ts";
export { readInstructions, type Instruction } from "./dockerfile-instructions.ts";
export { isPredefinedArg } from "./image-build.ts";
export { isSecretName } from "./secret-name.ts";
export { secretsIn } from "./object-model.ts";
export { readSecretKeys } from "./secret-keys.ts";
export { describe } from "./describe.ts";
export { parseComponentDep } from "./parse-component-dep.ts";
export { parseDockerfile, type ParsedDockerfile } from "./parse-dockerfile.ts";
export { imageNameOf } from "./image-name.ts";
export { parseService, type ServiceFiles } from "./parse-service.ts";
export { findServiceCode, type ServiceCode } from "./code/find-service-code.ts";
export type { CodeOptions } from "./code/run-service-code.ts";
export type {
  Complaints,
  PlainObject,
  PlainValue,
  ServiceConfigInput,
  ServiceConfigModule,
} from "./code/service-config-module.ts";
export { readCluster, readClusterWithProblems, type ReadClusterOptions } from "./read-cluster.ts";
export { readText } from "./files.ts";
export { readServices } from "./read-services.ts";
export type {
  BaseImage,
  ConfigSource,
  Declarative,
  DeployRule,
  FailFast,
  ImageBuild,
  ImageSource,
  NamedLine,
  ScriptName,
  Service,
  ServiceDeploy,
} from "./service.ts";
export { defaultFailFast } from "./service.ts";
export { defaultRevisions } from "./parse-declarative.ts";
export { isModelList, isModelObject, parseYaml, type YamlDocument } from "./yaml.ts";
export type { YamlPath } from "./yaml-positions.ts";
export type { Schema } from "./schema/schema.ts";
export { meant, nameOf, validate, type Violation } from "./schema/validate.ts";
export { formatModelJson, formatModelYaml } from "./format-model.ts";
export { maskModel } from "./mask-model.ts";
export { readModelFile } from "./read-model-file.ts";
