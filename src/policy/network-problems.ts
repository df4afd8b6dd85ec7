import { type Finished, mayBeSame } from '../app/finished';
import { list } from '../manifest/pod-specs';
import { selects } from '../manifest/selector';
import type { Json } from '../support/json';
import { INSTANCE_LABEL } from '../support/labels';
import { found, phrase } from '../support/problem';
import type { AppNetwork } from './app-network';
import type { Call, Purpose } from './call';
import { ciliumRulesIn } from './cilium-rules';
import { type ClosedStack, needs, portsOf } from './closed-stack';
import { missedBy } from './misses';
import { API_SERVER_ADVICE, type PeerTarget } from './network-peer';
import type { PodGroup } from './pod-group';
import { isApiService, isServiceHost } from './target';
import type { InstancePlace, Traffic } from './traffic';

/** What is wrong with the policies of a stack, as the finished objects have them. */
export function networkProblems(stack: ClosedStack, traffic: Traffic, path: string): string[] {
  const all = traffic.podsOf(stack.place);
  const calls = all.flatMap((pods) => traffic.callsFrom(pods));
  const policies = policiesIn(traffic.network, stack.place);
  const say = (prop: string, text: string): string => phrase(path, prop, text);
  return [
    ...(all.length === 0 ? [nobody(stack, say)] : []),
    ...all
      .filter((pods) => !policies.some((policy) => isAbout(policy.spec?.podSelector, pods.labels)))
      .map((pods) => uncovered(pods, say)),
    ...new Set(calls.flatMap((call) => callProblems(stack, call, say))),
    ...gatewayProblems(stack, traffic, all, say),
    ...stack.ways
      .filter(({ part }) => !all.some(({ object }) => object.node.scopes.includes(part)))
      .map(({ part, ports }) =>
        say(ports ? 'letIn' : 'letOut', `${part.node.path} has no pods of this stack; give one of its components`),
      ),
  ];
}

/** Pods that ask the API server, whose address no manifest tells, and that no policy lets out to it. */
export function shutIn({ place, peers, ways }: ClosedStack, traffic: Traffic, path: string): string[] {
  if (peers.apiServer !== undefined) return [];
  // what the own ones let out to is known without a look at them
  const others = traffic.network.objects.filter(({ object }) => !object.node.path.startsWith(`${path}/`));
  const opened = [
    ...policiesIn(traffic.network, place, others).map(({ spec }) => ({
      selector: spec?.podSelector,
      egress: spec?.egress,
    })),
    ...ciliumRulesIn(traffic.network, place, others).map(({ endpointSelector, egress }) => ({
      selector: endpointSelector,
      egress,
    })),
  ].filter(({ egress }) => list(egress).length > 0);
  return traffic
    .podsOf(place)
    .filter((pods) => traffic.callsFrom(pods).some(({ purpose }) => purpose === 'apiServer'))
    .filter(({ object }) => !ways.some(({ part, ports }) => ports === undefined && object.node.scopes.includes(part)))
    .filter(({ labels }) => !opened.some(({ selector }) => selects(selector, labels)))
    .map(
      ({ kind, name }) =>
        `${path}: apiServer: is missing: ${kind} ${name} asks the API server, and no policy lets it out: it would get no answer. ${API_SERVER_ADVICE}`,
    );
}

type Say = (prop: string, text: string) => string;

/** The NetworkPolicies of a place. One of a chart without a namespace may be of any. */
export function policiesIn(
  network: AppNetwork,
  { cluster, namespace }: InstancePlace,
  objects: readonly Finished[] = network.objects,
): Json[] {
  return objects
    .filter((one) => one.kind === 'NetworkPolicy' && mayBeSame(one.namespace, namespace))
    .filter((one) => network.clusterOf(one) === cluster)
    .map(({ json }) => json);
}

/** Whether a policy is about the pods themselves: one about all of the instance's says only that nothing is open. */
function isAbout(selector: Json, labels: Readonly<Record<string, string>>): boolean {
  const asked = [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...list(selector?.matchExpressions).map(({ key }): string => key),
  ];
  return asked.some((key) => key !== INSTANCE_LABEL) && selects(selector, labels);
}

function nobody({ place: { instance, namespace } }: ClosedStack, say: Say): string {
  return say(
    'instance',
    `is ${found(instance)}, and the app has no pods of that stack in namespace ${namespace}: nothing is closed. Give the name and the namespace of a stack that the app has`,
  );
}

function uncovered({ kind, name }: PodGroup, say: Say): string {
  return say(
    'pods',
    `${kind} ${name} has the label ${INSTANCE_LABEL} of this stack, so nothing gets in or out of its pods, and no policy says what may. Give it a NetworkPolicy of its own, or take the label away`,
  );
}

function callProblems(stack: ClosedStack, call: Call, say: Say): string[] {
  const { from, purpose, by, host } = call;
  if (call.service !== undefined) return [];
  const who = `${from.kind} ${from.name} (${by})`;
  const where = calledIn(call);
  if (needs(stack, call))
    return [
      say(
        purpose,
        `is missing: ${who} calls ${where}, outside of the app, and would not get there. ${ADVICE[purpose] ?? OTHER_ADVICE}`,
      ),
    ];
  const targets = stack.peers[purpose] ?? [];
  // behind an SRV record stand other names
  const missed = call.port === undefined ? undefined : missedBy(targets, purpose, host);
  if (missed !== undefined) return [say(purpose, `${missed}: ${who} calls ${where}. Name it as it is called`)];
  return targets.flatMap((target) => {
    const inCluster = host !== undefined && !call.ownEndpoints && isServiceHost(host);
    const unseen = unseenBlock(target, purpose, inCluster);
    if (unseen !== undefined)
      return [
        say(
          purpose,
          `is ${unseen.cidr}, but ${who} calls ${host}, a Service of the cluster: its address is exchanged for that of ${unseen.whom} before a policy sees it, so no block of addresses ever matches it. ${unseen.advice}`,
        ),
      ];
    if (inCluster && target.names)
      return [
        say(
          purpose,
          `is a name, but ${who} calls ${host}, a Service of the cluster, which Cilium knows by its pods. Give NetworkPeer.pods(…)`,
        ),
      ];
    const ports = portsOf(call, target).filter((port) => port !== call.otherPort);
    if (!call.maybe && ports.length === 0)
      return [
        say(
          purpose,
          `names no port${call.otherPort === undefined ? '' : ` but ${call.otherPort} at most`}, and ${who} calls ${where}, where synth sees none. Give ports, those at the peer's own end`,
        ),
      ];
    return [];
  });
}

/** Who is called, in words. */
function calledIn({ purpose, host, hidden, whom }: Call): string {
  if (hidden !== undefined) return `whom ${hidden} names`;
  return whom ?? host ?? (purpose === 'objstore' ? 'the store' : 'whoever exchanges its identity');
}

/** A block that means a Service, for whose address another is put before a policy sees it, and what to give instead. */
function unseenBlock(
  { cidr }: PeerTarget,
  purpose: Purpose,
  inCluster: boolean,
): { readonly cidr: string; readonly whom: string; readonly advice: string } | undefined {
  if (cidr === undefined || cidr.behindService) return undefined;
  if (inCluster)
    return {
      cidr: cidr.cidr,
      whom: 'a pod',
      advice:
        'Give NetworkPeer.pods(…), or behindService where the Service selects no pods and these are its endpoints',
    };
  if (purpose !== 'apiServer' || !isApiService(cidr.cidr)) return undefined;
  const advice = `${API_SERVER_ADVICE}; or behindService where it is an endpoint's`;
  return { cidr: cidr.cidr, whom: 'an API server', advice };
}

const ADVICE: Partial<Record<Purpose, string>> = {
  objstore:
    'Give NetworkPeer.cidr(…) for addresses outside of the cluster, pods(…) for a store in it, names(…) with Cilium, or anywhere()',
};
const OTHER_ADVICE = 'Give NetworkPeer.pods(…), cidr(…), names(…) with Cilium, or anywhere()';

function gatewayProblems(stack: ClosedStack, traffic: Traffic, all: readonly PodGroup[], say: Say): string[] {
  if (stack.peers.gateways !== undefined) return [];
  const own = new Set(all.flatMap((pods) => traffic.routesTo(pods)));
  const route = traffic.routes.find((one) => own.has(one));
  if (route === undefined) return [];
  return [
    say('gateways', `is missing: ${route.by} leads to pods that nobody gets to. Give the pods of the controller`),
  ];
}
