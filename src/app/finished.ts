import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { join } from '../manifest/pod-specs';
import type { Json } from '../support/json';

/** An object as it is written at synth, the users' patches included. */
export interface Finished {
  /** The construct that it comes from: the ApiObject, or the chart that adds it to what it renders. */
  readonly object: IConstruct;
  readonly json: Json;
  /** Path of the json in the construct's manifest: an item of a List lies deeper. */
  readonly at: string;
  readonly kind: string;
  readonly name: string;
  /** Undefined: wherever kubectl is told to put it. */
  readonly namespace?: string;
}

/** A construct, and the manifest that it gives. */
export type Rendering = readonly [IConstruct, Json];

/** What was worked out for the rendering of a whole app that runs, by its root. */
let shared: Map<IConstruct, unknown> | undefined;

/** The ApiObjects below a construct, as they stand now. */
export function rendered(root: IConstruct): Rendering[] {
  const outer = shared;
  shared ??= new Map();
  try {
    return root.node
      .findAll()
      .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
      .map((object) => [object, object.toJson()]);
  } finally {
    shared = outer;
  }
}

/**
 * Works something out for an object that depends on others: once while a whole app is rendered, since nothing changes in
 * between, and anew each time that an object is rendered alone.
 */
export function oncePerRendering<T>(root: IConstruct, make: () => T): T {
  if (shared?.has(root)) return shared.get(root) as T;
  const made = make();
  shared?.set(root, made);
  return made;
}

let looking = 0;

/** Renders objects to read them, not to write them. */
export function looked<T>(read: () => T): T {
  looking++;
  try {
    return read();
  } finally {
    looking--;
  }
}

/** Whether what is rendered now is only read. */
export function isLooking(): boolean {
  return looking > 0;
}

/** Whether a kind is one of the lists that kubectl takes, such as List or ServiceList. */
export function isList(kind: unknown): boolean {
  return /List$/.test(String(kind));
}

/** The objects of manifests: each by itself, or the items of a List, each with a namespace of its own. */
export function finished(renderings: readonly Rendering[]): Finished[] {
  return renderings.flatMap(([object, json]) => unpacked(object, json, ''));
}

function unpacked(object: IConstruct, json: Json, at: string): Finished[] {
  // an object with a toJson of its own may render to nothing
  if (typeof json !== 'object' || json === null) return [];
  if (isList(json.kind) && Array.isArray(json.items)) {
    return json.items.flatMap((item: Json, i: number) => unpacked(object, item, join(at, `items[${i}]`)));
  }
  const { name, namespace } = json.metadata ?? {};
  return [{ object, json, at, kind: String(json.kind), name: String(name), namespace }];
}

/** Whether two places may be one: what is not known may be any. */
export function mayBeSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}
