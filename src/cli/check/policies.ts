import { draw } from '../../graph/draw';
import type { GraphEdge } from '../../graph/graph';
import { type ManifestObject, manifestObject } from '../../lint/manifest-object';
import type { Json } from '../../support/json';
import { list } from '../../lint/shape';
import { NotAllowed } from '../kubectl';
import { type CheckResult, fail, pass, skip, warn } from './result';
import type { Stack } from './stack';

const CHECK = 'network policies';
/** What is read: its name for kubectl, and its kind. */
const READ = {
  networkpolicies: 'NetworkPolicy',
  'ciliumnetworkpolicies.cilium.io': 'CiliumNetworkPolicy',
  'ciliumclusterwidenetworkpolicies.cilium.io': 'CiliumClusterwideNetworkPolicy',
  services: 'Service',
} as const;
/** What kubectl says where no Cilium brought its resources. */
const NO_CILIUM = /doesn't have a resource type/;

/** The NetworkPolicies of the namespace, Cilium's own and those of all namespaces too, let through what the pods are told to call: read, not tried. */
export async function networkPolicies(stack: Stack): Promise<CheckResult[]> {
  try {
    const [own, ciliums, wide, services] = await Promise.all([
      listed(stack, 'networkpolicies'),
      ofCilium(stack, 'ciliumnetworkpolicies.cilium.io'),
      clusterwide(stack),
      listed(stack, 'services'),
    ]);
    const policies = [...own, ...ciliums, ...wide.policies];
    if (policies.length > 0) return [...judged(stack, policies, services, wide.unread), ...unreadOf(wide)];
    const where = wide.unread === undefined ? '' : ' in the namespace';
    return [pass(CHECK, 'namespace', `there is none${where}: every call is let through`), ...unreadOf(wide)];
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    return [skip(CHECK, 'namespace', `they can't be read (${error.message})`)];
  }
}

async function ofCilium(stack: Stack, resource: keyof typeof READ): Promise<ManifestObject[]> {
  return listed(stack, resource).catch((error: unknown) => {
    if (error instanceof NotAllowed && NO_CILIUM.test(error.message)) return [];
    throw error;
  });
}

/** Policies of all namespaces, or why they are not known: a Role of one namespace does not let anybody list them. */
interface Clusterwide {
  readonly policies: readonly ManifestObject[];
  readonly unread?: string;
}

async function clusterwide(stack: Stack): Promise<Clusterwide> {
  try {
    return { policies: await ofCilium(stack, 'ciliumclusterwidenetworkpolicies.cilium.io') };
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    return { policies: [], unread: error.message };
  }
}

function unreadOf({ unread }: Clusterwide): CheckResult[] {
  if (unread === undefined) return [];
  return [skip(CHECK, 'cluster', `CiliumClusterwideNetworkPolicies, which count too, can't be read (${unread})`)];
}

async function listed({ kubectl }: Stack, resource: keyof typeof READ): Promise<ManifestObject[]> {
  const answer: Json = await kubectl.get(resource);
  return list(answer?.items).map((item) => manifestObject('cluster', { ...item, kind: READ[resource] }));
}

function judged(
  stack: Stack,
  policies: readonly ManifestObject[],
  services: readonly ManifestObject[],
  unread: string | undefined,
): CheckResult[] {
  const objects = [...stack.world.objects, ...services, ...policies];
  const { nodes, edges } = draw([{ name: '', objects }], stack.now);
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  const mine = new Set(stack.pods.map(({ name }) => name));
  const calls = edges.filter(({ kind, from }) => kind === 'call' && mine.has(titles.get(from)!));
  const refused = calls.filter(({ refusedBy }) => refusedBy !== undefined);
  if (refused.length > 0) return refused.map((edge) => refusal(stack, edge, titles, unread !== undefined));
  return [
    pass(CHECK, 'namespace', `${policies.length} let through all ${calls.length} calls that the pods are told to make`),
  ];
}

function refusal(
  { kubectl }: Stack,
  edge: GraphEdge,
  titles: ReadonlyMap<string, string>,
  mayBeLifted: boolean,
): CheckResult {
  const [from, to] = [titles.get(edge.from)!, titles.get(edge.to)!];
  const detail = `${edge.carries} to ${to}, ${edge.port}, is refused by NetworkPolicy ${edge.refusedBy}`;
  const { namespace } = kubectl.options;
  const fix = `Where the network enforces them, one must have: egress from pod ${from} in ${namespace} to ${to}, ${edge.port}; and ingress there where one selects it`;
  // policies add up: one that was not read may let it through
  return mayBeLifted
    ? warn(CHECK, from, `${detail}, unless a cluster-wide one allows it`, fix)
    : fail(CHECK, from, detail, fix);
}
