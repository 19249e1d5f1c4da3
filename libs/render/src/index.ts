export { injectDeployRules, withDeployRules } from "./deploy-rules.ts";
export { isManifestFile, readManifests, type Manifest, type PlacedManifest } from "./manifest.ts";
export { renderService, renderTemplates, type RenderedFile, type RenderOptions } from "./render-service.ts";
export { findImages, pinImages, type ManifestImage } from "./pin-images.ts";
export { injectPullSecret, withPullSecret } from "./pull-secret.ts";
export type { SettingRead } from "./record-reads.ts";
export { templateTrier, type TemplateMistake, type TemplateTry } from "./try-templates.ts";
export { upgradeManifests, type ApiUpgrade } from "./upgrade/upgrade.ts";
