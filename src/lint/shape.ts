import type { Json } from '../support/json';

/** Manifests come from anywhere: these read a field whatever shape it has. */
export function isMap(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((v) => v !== null && v !== undefined) : [];
}

/** The string, or nothing: a number or a map in its place is for the API server to refuse. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Walks `spec.template.spec` and `containers[0]` alike. */
export function at(json: Json, path: string): Json {
  return path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .reduce((node, step) => node?.[step], json);
}
