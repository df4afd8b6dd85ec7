import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Json } from '../support/json';

/** An object that this library made, and the manifest that it made it of. */
export interface Placed {
  readonly object: ApiObject;
  readonly manifest: Json;
}

type Tell = (placed: Placed) => void;

/** The objects that this library made in an app, and who wants to know of them. */
export class PlacedObjects {
  readonly #all: Placed[] = [];
  readonly #tells: Tell[] = [];
  readonly #within = new Map<IConstruct, (object: ApiObject) => void>();

  /** Notes an object. */
  public add(placed: Placed): void {
    this.#all.push(placed);
    for (const tell of this.#tells) tell(placed);
    for (const scope of placed.object.node.scopes) this.#within.get(scope)?.(placed.object);
  }

  /** Calls back for each object that was made or will be made. */
  public each(tell: Tell): void {
    this.#all.forEach(tell);
    this.#tells.push(tell);
  }

  /** Calls back for each object that is made in a construct from now on. */
  public within(scope: IConstruct, tell: (object: ApiObject) => void): void {
    this.#within.set(scope, tell);
  }
}
