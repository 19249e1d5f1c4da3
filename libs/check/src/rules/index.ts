import type { Rule } from "../rule.ts";
import { clearTextSecret } from "./clear-text-secret.ts";
import { dockerfile } from "./dockerfile.ts";
import { duplicateAddress } from "./duplicate-address.ts";
import { duplicateEntry } from "./duplicate-entry.ts";
import { duplicateHost } from "./duplicate-host.ts";
import { duplicateImage } from "./duplicate-image.ts";
import { duplicateKey } from "./duplicate-key.ts";
import { duplicateNode } from "./duplicate-node.ts";
import { ignoredDockerfile } from "./ignored-dockerfile.ts";
import { imageCycle } from "./image-cycle.ts";
import { imageName } from "./image-name.ts";
import { incompleteLogin } from "./incomplete-login.ts";
import { invalidAddress } from "./invalid-address.ts";
import { invalidUrl } from "./invalid-url.ts";
import { labelValue } from "./label-value.ts";
import { leavesDeployFolder } from "./leaves-folder.ts";
import { missingConfiguration } from "./missing-configuration.ts";
import { missingMachines } from "./missing-machines.ts";
import { missingScript } from "./missing-script.ts";
import { missingSetting } from "./missing-setting.ts";
import { missingSource } from "./missing-source.ts";
import { missingTemplate } from "./missing-template.ts";
import { noMaster } from "./no-master.ts";
import { outsideTree } from "./outside-tree.ts";
import { prerequisiteCycle } from "./prerequisite-cycle.ts";
import { scriptInterpreter } from "./script-interpreter.ts";
import { scriptLineEnds } from "./script-line-ends.ts";
import { scriptShebang } from "./script-shebang.ts";
import { unknownBaseImage } from "./unknown-base-image.ts";
import { unknownComponent } from "./unknown-component.ts";
import { unknownKey } from "./unknown-key.ts";
import { unknownLabel } from "./unknown-label.ts";
import { unknownMachineType } from "./unknown-machine-type.ts";
import { unknownPrerequisite } from "./unknown-prerequisite.ts";
import { unknownSetting } from "./unknown-setting.ts";
import { unlistedTemplate } from "./unlisted-template.ts";
import { unreadableFile } from "./unreadable-file.ts";
import { untaggedBaseImage } from "./untagged-base-image.ts";
import { wrongType } from "./wrong-type.ts";
import { yamlSyntax } from "./yaml-syntax.ts";

export const rules: readonly Rule[] = [
  clearTextSecret,
  dockerfile,
  duplicateAddress,
  duplicateEntry,
  duplicateHost,
  duplicateImage,
  duplicateKey,
  duplicateNode,
  ignoredDockerfile,
  imageCycle,
  imageName,
  incompleteLogin,
  invalidAddress,
  invalidUrl,
  labelValue,
  leavesDeployFolder,
  missingConfiguration,
  missingMachines,
  missingScript,
  missingSetting,
  missingSource,
  missingTemplate,
  noMaster,
  outsideTree,
  prerequisiteCycle,
  scriptInterpreter,
  scriptLineEnds,
  scriptShebang,
  unknownBaseImage,
  unknownComponent,
  unknownKey,
  unknownLabel,
  unknownMachineType,
  unknownPrerequisite,
  unknownSetting,
  unlistedTemplate,
  unreadableFile,
  untaggedBaseImage,
  wrongType,
  yamlSyntax,
];
