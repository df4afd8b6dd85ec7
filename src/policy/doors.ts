import type { NetworkPolicyOptions } from './network-policy-options';
import { commandOf, isGrafana, isStackCheck, type PodGroup, portNamed } from './pod-group';
import type { Traffic } from './traffic';

/** An option that names who is let in. */
export type Caller = 'prometheus' | 'writers' | 'readers' | 'viewers' | 'apiServer';

/** Where each of them comes in: the port of these pods, undefined where he has nothing to do with them. */
type Door = (pods: PodGroup, stack: readonly PodGroup[], traffic: Traffic) => number | undefined;

/** By option. */
export const DOORS: Readonly<Record<Caller & keyof NetworkPolicyOptions, Door>> = {
  prometheus: (pods) => (commandOf(pods) === undefined ? undefined : portNamed(pods, 'http')),
  writers: (pods, _, traffic) => (isIngestorOf(traffic, pods) ? undefined : portNamed(pods, 'remote-write')),
  readers: (pods, stack) => {
    const hasFrontend = stack.some((others) => commandOf(others) === 'query-frontend');
    return commandOf(pods) === (hasFrontend ? 'query-frontend' : 'query') ? portNamed(pods, 'http') : undefined;
  },
  // it hands metrics on to those who look
  apiServer: (pods, stack) =>
    commandOf(pods) !== undefined && stack.some(isStackCheck) ? portNamed(pods, 'http') : undefined,
  viewers: (pods) => (commandOf(pods) === 'tools' || isGrafana(pods) ? portNamed(pods, 'http') : undefined),
};

/** Whether others hand writes to these pods: routers take them in from outside. */
function isIngestorOf(traffic: Traffic, pods: PodGroup): boolean {
  return traffic.callsTo(pods).some(({ purpose, from }) => purpose === 'receivers' && from.object !== pods.object);
}
