import type { ApiObject } from 'cdk8s';
import { join, type Json } from '../manifest/pod-specs';

/** An object as it is written at synth, the users' patches included. */
export interface Finished {
  /** The construct that it comes from. */
  readonly object: ApiObject;
  readonly json: Json;
  /** Path of the json in the construct's manifest: an item of a List lies deeper. */
  readonly at: string;
  /** Undefined: wherever kubectl is told to put it. */
  readonly namespace?: string;
}

/** An object, or the items of a List, each with a namespace of its own. */
export function finished(object: ApiObject): Finished[] {
  return unpacked(object, object.toJson(), '');
}

function unpacked(object: ApiObject, json: Json, at: string): Finished[] {
  if (/List$/.test(String(json?.kind)) && Array.isArray(json.items)) {
    return json.items.flatMap((item: Json, i: number) => unpacked(object, item, join(at, `items[${i}]`)));
  }
  return [{ object, json, at, namespace: json?.metadata?.namespace }];
}

/** Whether two places may be one: what is not known may be any. */
export function mayBeSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}
