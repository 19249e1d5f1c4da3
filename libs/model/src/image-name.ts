const dockerfileName = /^(?<image>.+?)(?:\.(?:common|k8s|yarn))?\.dockerfile$/;

/** `hbase` of `hbase.dockerfile` and `hbase.common.dockerfile`. */
export function imageNameOf(dockerfile: string): string {
  return dockerfileName.exec(dockerfile)?.groups?.image ?? dockerfile;
}
