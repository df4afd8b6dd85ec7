import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { mayBeSame } from '../app/finished';
import type { ScrapedSidecar } from '../app/part';
import { stands } from '../app/stands';
import { hoursOf } from '../component/retention';
import { ThanosComponent } from '../component/thanos-component';
import { list } from '../manifest/pod-specs';
import { containersOf, templateOf } from '../manifest/pod-template';
import { COMPONENT_LABEL } from '../support/labels';
import { InputProblem } from '../support/problem';
import { having, listOf } from '../support/rows';

/** What a stack is known by. */
export interface StackName {
  readonly instance: string;
  readonly namespace: string;
}

/** How components that are watched are read. */
export const COMPONENTS = listOf(
  having<ThanosComponent>({ workloadName: 'string', servicePort: 'function' }, 'a component of Thanos'),
);

/** A component as alerts see it. */
export interface Watched {
  /** Kind: the label `app.kubernetes.io/component`, without a group. */
  readonly kind: string;
  /** Value of the label `job`: the instance, and the label of the component. */
  readonly job: string;
  readonly namespace: string;
  /** Whether its finished pods open the bucket. */
  readonly bucket: boolean;
  /** Seconds above which Thanos' histogram of writes tells them no more apart. */
  readonly longestWrite: number;
}

/** Kind of the sidecars of a Prometheus. */
export const SIDECAR_KIND = 'sidecar';

const FORWARD_TIMEOUT = '--receive-forward-timeout=';
/** Its buckets go on to the timeout of forwarding where that is longer (`NewHandler` of Thanos' pkg/receive). */
const LEAST_LONGEST_WRITE = 5;

/** The components of a stack in an app, wherever they stand in its tree, as they are now. */
export function componentsOf(scope: Construct, stack: StackName): ThanosComponent[] {
  return appChecks(scope)
    .parts.map(({ construct }) => construct)
    .filter((part): part is ThanosComponent => isPartOf(scope, stack, part) && isWhole(part));
}

/** Whether a component stands in the tree, and its constructor came to its end. */
function isWhole(component: ThanosComponent): boolean {
  return (component.workload as ApiObject | undefined) !== undefined && stands(component);
}

/** Calls back for each component of a stack that is made from now on. */
export function laterComponents(scope: Construct, stack: StackName, tell: (component: ThanosComponent) => void): void {
  appChecks(scope).whenComplete((part) => {
    if (isPartOf(scope, stack, part)) tell(part);
  });
}

function isPartOf(scope: Construct, stack: StackName, part: IConstruct): part is ThanosComponent {
  return part instanceof ThanosComponent && isNamed(scope, stack, part, part);
}

/** Whether a construct of this name is of a stack, and may be of its cluster. */
function isNamed(scope: Construct, { instance, namespace }: StackName, name: StackName, of: IConstruct): boolean {
  if (name.instance !== instance || name.namespace !== namespace) return false;
  const registry = appChecks(scope);
  return mayBeSame(registry.clusterOf(of), registry.clusterOf(scope));
}

/** The sidecars of a stack that a SidecarPodMonitor scrapes, by the stack's name and namespace. */
export function sidecarsOf(scope: Construct, stack: StackName): Watched[] {
  const isOf = ({ construct, monitor, identity }: ScrapedSidecar): boolean =>
    isNamed(scope, stack, identity, monitor) && stands(construct) && stands(monitor);
  return appChecks(scope)
    .scraped.filter(isOf)
    .map(({ identity, opensBucket }) => ({
      kind: SIDECAR_KIND,
      job: identity.workload,
      namespace: identity.namespace,
      bucket: opensBucket(),
      longestWrite: LEAST_LONGEST_WRITE,
    }));
}

/** Whether Prometheus can keep watch over it: the pods of a CronJob come and go, and none stand where there are no replicas. */
export function isWatched({ workload }: ThanosComponent): boolean {
  return workload.kind !== 'CronJob' && workload.toJson().spec?.replicas !== 0;
}

/** What is watched of a component. Parts of one kind, such as shards, have one job. */
export function watched({ instance, namespace, _identity: identity, workload }: ThanosComponent): Watched {
  const args = containersOf(templateOf(workload.toJson())).flatMap((container) => list(container.args).map(String));
  return {
    kind: identity.component,
    job: `${instance}-${identity.selector[COMPONENT_LABEL] ?? identity.component}`,
    namespace,
    bucket: args.some((arg) => arg.startsWith('--objstore.config')),
    longestWrite: longestWrite(args),
  };
}

function longestWrite(args: readonly string[]): number {
  const timeout = args.findLast((arg) => arg.startsWith(FORWARD_TIMEOUT))?.slice(FORWARD_TIMEOUT.length) ?? '';
  const milliseconds = Math.round(hoursOf(timeout) * 3_600_000);
  return Math.max(LEAST_LONGEST_WRITE, milliseconds / 1000);
}

/** What is watched of components, which must be of one stack and namespace. */
export function watchedTogether(components: readonly ThanosComponent[], what: string): Watched[] {
  if (components.length === 0) throw new InputProblem('is empty; give a component to watch');
  const [first] = components;
  const other = components.find(
    ({ instance, namespace }) => instance !== first.instance || namespace !== first.namespace,
  );
  if (other === undefined) {
    const parts = components.filter(isWatched).map(watched);
    if (parts.length > 0) return parts;
    throw new InputProblem('have no pods that stay: those of a CronJob come and go, and none stand at 0 replicas');
  }
  throw new InputProblem(
    `${other.node.path} is of stack ${other.instance} in ${other.namespace}, ${first.node.path} of ${first.instance} in ${first.namespace}. Make ${what} for each`,
  );
}

/** Matchers of the metrics of some, for the braces of PromQL. */
export function matchers(parts: readonly Watched[]): string {
  const [{ namespace }] = parts;
  const jobs = [...new Set(parts.map(({ job }) => job))];
  return `namespace="${namespace}",${jobs.length === 1 ? `job="${jobs[0]}"` : `job=~"${jobs.join('|')}"`}`;
}
