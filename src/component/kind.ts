import type { ApiObject, Size } from 'cdk8s';
import type { ComponentOptions, ComponentPlacementProps } from '../pod/component-options';
import type { PodPlan } from '../pod/pod';
import type { ResourceAmounts } from '../pod/resources';
import type { StorageOptions } from '../pod/storage';
import type { PortName } from '../support/identity';
import type { FieldsElsewhere } from '../support/shape';
import type { OptionalBucketProps } from './bucket-props';
import type { Context } from './context';
import type { JobRun } from './job-object';
import type { Flags } from './flags';
import type { ComponentKind } from './component-kind';
import type { OptionTable } from './option';
import type { HttpPartOptions } from './tls/http-config';

/** The props of a kind beyond those that every component has. */
export type Own<P> = Omit<
  P,
  keyof ComponentOptions | keyof HttpPartOptions | keyof ComponentPlacementProps | keyof OptionalBucketProps
>;

/** A kind of component: all that sets it apart. */
export interface Kind<P> {
  /** Value of the label `app.kubernetes.io/component`, end of the names, and name of the container. */
  readonly component: string;
  /** The command and its subcommands. */
  readonly command: readonly string[];
  /** Arguments that are always set. */
  readonly args?: readonly string[];
  readonly ports: readonly PortName[];
  readonly workload: 'Deployment' | 'StatefulSet';
  /** Pods, where nothing else is asked for. */
  readonly replicas: number;
  /** Size of the volume, where nothing else is asked for; without it there is no volume. */
  readonly volume?: Size;
  /** Whether it opens the bucket. */
  readonly bucket?: 'required' | 'optional';
  readonly requests: ResourceAmounts;
  /** Liveness checks in a row that may fail. */
  readonly patience: number;
  readonly graceSeconds: number;
  /** How long a pod that ends goes on answering, where people or Prometheus ask; see pod/drain.ts. */
  readonly drainSeconds?: number;
  /** How long a pod answers before it counts as ready, where others of its kind stand in for it meanwhile; see settle.ts. */
  settleSeconds?(props: P): number;
  readonly options: OptionTable<Own<P>, P>;
  /** Fields that others of its sort have and it has not, and what to do. */
  readonly without?: FieldsElsewhere;
  /** Whether its pods ask others over gRPC. */
  asks?(props: P): boolean;
  /** What tells several of the kind apart that stand side by side; see Identity. */
  group?(props: P): string | undefined;
  /** What the pods have besides, and the objects that they read. */
  plan?(context: Context<P>): Extras;
  /** Judges the finished flags, the users' own included, and tells the app what the component does. */
  judge?(context: Context<P>, flags: Flags): void;
}

/** What the pods of a kind have besides. */
export interface Extras extends Pick<PodPlan, 'env' | 'volumes' | 'mounts' | 'annotations' | 'sidecars'> {
  /** Ports beside those that every component of the kind has. */
  readonly ports?: readonly PortName[];
  readonly minReadySeconds?: number;
  readonly publishNotReadyAddresses?: boolean;
  /** The volume's options, where the prop says more than these. */
  readonly storage?: StorageOptions;
  /** It runs by the clock and ends: a CronJob. */
  readonly run?: JobRun;
  /** The data lies in a volume of this list, not in a claim. */
  readonly ephemeral?: boolean;
}

/** What opening the bucket adds to the pods. */
export interface Attachment extends Required<Pick<PodPlan, 'grant' | 'volumes'>>, Pick<PodPlan, 'initContainers'> {
  /** Lists the workload as one that may open the bucket. */
  register(workload: ApiObject): void;
}

/** Attaches the Grant to the pods of a component, where it has a bucket. */
export type Attach = (
  props: ComponentOptions & OptionalBucketProps,
  place: Pick<Context<unknown>, 'construct' | 'identity'>,
) => Attachment | undefined;

/** What a subclass hands to the base class, which builds everything: its kind, and the props as they were given. */
interface Making {
  /** Undefined for a class of the users' own, whose props describe it. */
  readonly kind?: Kind<any>;
  readonly given: unknown;
  readonly attach?: Attach;
}

/** By the props that went to the constructor: jsii knows no constructor with a parameter that is not public. */
const MAKINGS = new WeakMap<object, Making>();

/** Props that carry the kind of the component. */
export function ofKind<P extends object>(kind: Kind<P>, given: P): P & { readonly kind: ComponentKind } {
  const props = {} as P & { readonly kind: ComponentKind };
  MAKINGS.set(props, { kind, given });
  return props;
}

/** The same props, with the one who attaches the Grant. */
export function withBucket<P extends object>(given: P, attach: Attach): P {
  const props = {} as P;
  MAKINGS.set(props, { ...makingOf(given), attach });
  return props;
}

/** The kind and props that a subclass handed over. */
export function makingOf(props: object): Making {
  return MAKINGS.get(props) ?? { given: props };
}
