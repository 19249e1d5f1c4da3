import type { Rule } from "../rule.ts";
import { clearTextSecret } from "./clear-text-secret.ts";
import { deployRulesOriginal } from "./deploy-rules-original.ts";
import { dockerfile } from "./dockerfile.ts";
import { duplicateAddress } from "./duplicate-address.ts";
import { duplicateEntry } from "./duplicate-entry.ts";
import { duplicateHost } from "./duplicate-host.ts";
import { duplicateImage } from "./duplicate-image.ts";
import { duplicateKey } from "./duplicate-key.ts";
import { duplicateNode } from "./duplicate-node.ts";
import { duplicateObject } from "./duplicate-object.ts";
import { fieldType } from "./field-type.ts";
import { ignoredDockerfile } from "./ignored-dockerfile.ts";
import { imageCycle } from "./image-cycle.ts";
import { imageName } from "./image-name.ts";
import { incompleteLogin } from "./incomplete-login.ts";
import { invalidAddress } from "./invalid-address.ts";
import { invalidUrl } from "./invalid-url.ts";
import { labelValue } from "./label-value.ts";
import { leavesDeployFolder } from "./leaves-folder.ts";
import { missingConfiguration } from "./missing-configuration.ts";
import { missingField } from "./missing-field.ts";
import { missingKey } from "./missing-key.ts";
import { missingMachines } from "./missing-machines.ts";
import { missingScript } from "./missing-script.ts";
import { missingSetting } from "./missing-setting.ts";
import { missingSource } from "./missing-source.ts";
import { missingTemplate } from "./missing-template.ts";
import { noMaster } from "./no-master.ts";
import { nxTargetDefaults } from "./nx-target-defaults.ts";
import { objectName } from "./object-name.ts";
import { outsideTree } from "./outside-tree.ts";
import { prerequisiteCycle } from "./prerequisite-cycle.ts";
import { removedApi } from "./removed-api.ts";
import { renderedYaml } from "./rendered-yaml.ts";
import { scriptInterpreter } from "./script-interpreter.ts";
import { scriptLineEnds } from "./script-line-ends.ts";
import { scriptShebang } from "./script-shebang.ts";
import { selectorMismatch } from "./selector-mismatch.ts";
import { templateError } from "./template-error.ts";
import { templateSyntax } from "./template-syntax.ts";
import { undefinedValue } from "./undefined-value.ts";
import { unknownBaseImage } from "./unknown-base-image.ts";
import { unknownComponent } from "./unknown-component.ts";
import { unknownField } from "./unknown-field.ts";
import { unknownImage } from "./unknown-image.ts";
import { unknownKey } from "./unknown-key.ts";
import { unknownKind } from "./unknown-kind.ts";
import { unknownLabel } from "./unknown-label.ts";
import { unknownMachineType } from "./unknown-machine-type.ts";
import { unknownPrerequisite } from "./unknown-prerequisite.ts";
import { unknownSetting } from "./unknown-setting.ts";
import { unlistedTemplate } from "./unlisted-template.ts";
import { unreadableFile } from "./unreadable-file.ts";
import { unsetVariable } from "./unset-variable.ts";
import { untaggedBaseImage } from "./untagged-base-image.ts";
import { wrongType } from "./wrong-type.ts";
import { yamlSyntax } from "./yaml-syntax.ts";

export const rules: readonly Rule[] = [
  clearTextSecret,
  deployRulesOriginal,
  dockerfile,
  duplicateAddress,
  duplicateEntry,
  duplicateHost,
  duplicateImage,
  duplicateKey,
  duplicateNode,
  duplicateObject,
  fieldType,
  ignoredDockerfile,
  imageCycle,
  imageName,
  incompleteLogin,
  invalidAddress,
  invalidUrl,
  labelValue,
  leavesDeployFolder,
  missingConfiguration,
  missingField,
  missingKey,
  missingMachines,
  missingScript,
  missingSetting,
  missingSource,
  missingTemplate,
  noMaster,
  nxTargetDefaults,
  objectName,
  outsideTree,
  prerequisiteCycle,
  removedApi,
  renderedYaml,
  scriptInterpreter,
  scriptLineEnds,
  scriptShebang,
  selectorMismatch,
  templateError,
  templateSyntax,
  undefinedValue,
  unknownBaseImage,
  unknownComponent,
  unknownField,
  unknownImage,
  unknownKey,
  unknownKind,
  unknownLabel,
  unknownMachineType,
  unknownPrerequisite,
  unknownSetting,
  unlistedTemplate,
  unreadableFile,
  unsetVariable,
  untaggedBaseImage,
  wrongType,
  yamlSyntax,
];
