/** Whether a setting or an argument of this name holds a secret: those that end in password, secret or token. */
export function isSecretName(name: string): boolean {
  return /(?:password|secret|token)$/i.test(name);
}
