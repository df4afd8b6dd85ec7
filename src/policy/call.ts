import type { Carried } from '../manifest/flag-calls';
import type { NetworkPolicyOptions } from './network-policy-options';
import type { PodGroup } from './pod-group';
import type { ServiceTarget } from './target';

/** Why pods open a connection: the option that names whom they reach outside of the app. */
export type Purpose = Exclude<
  keyof NetworkPolicyOptions,
  'prometheus' | 'writers' | 'readers' | 'viewers' | 'gateways' | 'dns'
>;

/** The option for each thing that Thanos carries; none for what stays in the pod. */
export const PURPOSES: Readonly<Record<Carried, Purpose | undefined>> = {
  StoreAPI: 'endpoints',
  queries: 'queries',
  'cached answers': 'caches',
  'cached blocks': 'caches',
  'writes of the ring': 'receivers',
  alerts: 'alertmanagers',
  'recorded series': 'remoteWrite',
  reads: undefined,
  spans: 'tracing',
  'counts of series': 'metaMonitoring',
};

/** A connection that pods open. */
export interface Call {
  readonly from: PodGroup;
  readonly purpose: Purpose;
  /** The flag or file that says so. */
  readonly by: string;
  /** Pods behind a Service of the app. */
  readonly service?: ServiceTarget;
  /** A host outside of the app; undefined where the app doesn't have the text that names it. */
  readonly host?: string;
  /** Its port, where it is known. */
  readonly port?: number;
  /** Where the address stands, where the app doesn't have its text. */
  readonly hidden?: string;
  /** In words, where its host is not known. */
  readonly whom?: string;
  /** A port that is another call's: it alone is not enough. */
  readonly otherPort?: number;
  /** The host is a Service of the app without a selector: what it leads to are addresses, which a policy sees. */
  readonly ownEndpoints?: true;
  /** Nothing may go there: whether there is such a call is not known. */
  readonly maybe?: true;
}
