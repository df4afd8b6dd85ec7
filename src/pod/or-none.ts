/** A list or map as given, or undefined where it is empty: the manifests hold nothing that says nothing. */
export function orNone<T extends object>(value: T | undefined): T | undefined {
  return value && Object.keys(value).length > 0 ? value : undefined;
}
