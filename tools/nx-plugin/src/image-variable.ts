/**
 * The variable that tells Nx's hasher whether an image is where it is needed: set before tasks are hashed,
 * and an input of every build that the image goes into.
 */
export function imageVariable(image: string): string {
  return `PAI_IMAGE_${image.toUpperCase().replaceAll(/[^A-Z0-9]/g, (sign) => `_${sign.charCodeAt(0).toString(16)}_`)}`;
}
