import type { IConstruct } from 'constructs';
import type { PortName } from '../support/identity';
import { mayBeSame } from './finished';
import type { Link, Part } from './part';

/** Pods of a construct that call whoever is at an address. */
export interface CallByName {
  readonly from: IConstruct;
  readonly address: string;
  readonly port: PortName;
}

/** What an app has parts of, in clusters. */
interface Parts {
  readonly parts: readonly Part[];
  clusterOf(construct: IConstruct): string | undefined;
}

/** The links that are named by an address of a part of the app. */
export function linksByName(calls: readonly CallByName[], app: Parts): Link[] {
  return calls.flatMap(({ from, address, port }) => {
    const namespace = app.parts.find(({ construct }) => construct === from)?.identity.namespace;
    return app.parts
      .filter(
        ({ construct, identity }) =>
          identity.isAt(address, namespace) && mayBeSame(app.clusterOf(construct), app.clusterOf(from)),
      )
      .map(({ construct: to }) => ({ from, to, port }));
  });
}
