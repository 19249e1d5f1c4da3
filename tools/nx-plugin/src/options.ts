/** Options of the plugin in nx.json. */
export interface PluginOptions {
  /** The folder of the cluster's configuration, in place of PAI_CONFIGURATION and `configuration`. */
  readonly config?: string;
}
