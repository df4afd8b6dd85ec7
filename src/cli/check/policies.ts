import { draw } from '../../graph/draw';
import type { GraphEdge } from '../../graph/graph';
import { type ManifestObject, manifestObject } from '../../lint/manifest-object';
import type { Json } from '../../support/json';
import { list } from '../../lint/shape';
import { NotAllowed } from '../kubectl';
import { type CheckResult, fail, pass, skip } from './result';
import type { Stack } from './stack';

const CHECK = 'network policies';
/** What is read: its name for kubectl, and its kind. */
const READ = {
  networkpolicies: 'NetworkPolicy',
  'ciliumnetworkpolicies.cilium.io': 'CiliumNetworkPolicy',
  services: 'Service',
} as const;
/** What kubectl says where no Cilium brought its resources. */
const NO_CILIUM = /doesn't have a resource type/;

/** The NetworkPolicies of the namespace, Cilium's own too, let through what the pods are told to call: read, not tried. */
export async function networkPolicies(stack: Stack): Promise<CheckResult[]> {
  try {
    const [own, ciliums, services] = await Promise.all([
      listed(stack, 'networkpolicies'),
      listed(stack, 'ciliumnetworkpolicies.cilium.io').catch((error: unknown) => {
        if (error instanceof NotAllowed && NO_CILIUM.test(error.message)) return [];
        throw error;
      }),
      listed(stack, 'services'),
    ]);
    const policies = [...own, ...ciliums];
    if (policies.length === 0) return [pass(CHECK, 'namespace', 'there is none: every call is let through')];
    return judged(stack, policies, services);
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
    return [skip(CHECK, 'namespace', `they can't be read (${error.message})`)];
  }
}

async function listed({ kubectl }: Stack, resource: keyof typeof READ): Promise<ManifestObject[]> {
  const answer: Json = await kubectl.get(resource);
  return list(answer?.items).map((item) => manifestObject('cluster', { ...item, kind: READ[resource] }));
}

function judged(stack: Stack, policies: readonly ManifestObject[], services: readonly ManifestObject[]): CheckResult[] {
  const objects = [...stack.world.objects, ...services, ...policies];
  const { nodes, edges } = draw([{ name: '', objects }], stack.now);
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  const mine = new Set(stack.pods.map(({ name }) => name));
  const calls = edges.filter(({ kind, from }) => kind === 'call' && mine.has(titles.get(from)!));
  const refused = calls.filter(({ refusedBy }) => refusedBy !== undefined);
  if (refused.length > 0) return refused.map((edge) => refusal(stack, edge, titles));
  return [
    pass(CHECK, 'namespace', `${policies.length} let through all ${calls.length} calls that the pods are told to make`),
  ];
}

function refusal({ kubectl }: Stack, edge: GraphEdge, titles: ReadonlyMap<string, string>): CheckResult {
  const [from, to] = [titles.get(edge.from)!, titles.get(edge.to)!];
  const detail = `${edge.carries} to ${to}, ${edge.port}, is refused by NetworkPolicy ${edge.refusedBy}`;
  const { namespace } = kubectl.options;
  const fix = `Where the network enforces them, one must have: egress from pod ${from} in ${namespace} to ${to}, ${edge.port}; and ingress there where one selects it`;
  return fail(CHECK, from, detail, fix);
}
