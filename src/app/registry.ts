import { type CallByName, linksByName } from './links-by-name';
import { PlacedObjects } from './placed-objects';
import type { ApiObject } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import type { Json } from '../support/json';
import { checked } from '../support/problem';
import type { BlockSelection } from './block-selection';
import type { PortName } from '../support/identity';
import type { Finished } from './finished';
import type { Link, Part, PartTls, PartTrust, ScrapedSidecar, StackWatcher } from './part';

/** What a guarded object holds of the bucket. */
export type Holding = 'config' | 'ca' | 'keys' | 'client-certificate' | 'sse-key';

/** What a volume of a Grant holds. A token is made for the pod and lies in no object; blocks lie in a claim. */
export type GrantRole = Holding | 'token' | 'blocks';

/** What makes a guarded object: itself, or the resource that has it made in the cluster. */
export interface MadeObject {
  readonly object: ApiObject;
  /** What lies in it, by key, where synth knows it. */
  readonly texts: Readonly<Record<string, string>>;
  /** Keys of texts that others may hold too: a name rather than a secret. */
  readonly harmless?: readonly string[];
  /** Where the CA lies, for an objstore.yml that names it, and how its text says so. */
  readonly ca?: { readonly path: string; in(text: string): string | undefined };
}

/** A Secret or ConfigMap that only granted pods may use. */
export interface GuardedObject {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly name: string;
  readonly namespace: string;
  /** What it holds. */
  readonly holds: Holding;
  /** The construct that guards it. */
  readonly owner: IConstruct;
  /** A CA that is only referenced: others' workloads may share it, but no component of this library without a Grant. */
  readonly shared?: boolean;
  /** Set where an object of this library makes it. */
  readonly made?: MadeObject;
  /** Set for an objstore.yml of the user's: where it lies in the object, and how its text must name the CA. */
  readonly own?: { readonly key: string; readonly caPath?: string; caIn(text: string): string | undefined };
}

/** What a Grant brings into a pod, as it must still stand there after the user's patches. */
export interface GrantFacts {
  /** Of the pods. */
  readonly namespace: string;
  readonly configPath: string;
  readonly caPath?: string;
  /** `Secret/name` or `ConfigMap/name` of the CA. */
  readonly caSource?: string;
  /** Where the keys come from, in words. */
  readonly keys: string;
  /** Volumes of the grant, as Kubernetes JSON, and where they are mounted. */
  readonly mounts: readonly { readonly role: GrantRole; readonly volume: Json; readonly path: string }[];
  /** Its environment variables, as Kubernetes JSON. */
  readonly env: readonly Json[];
  /** What the pods must have been started with. */
  readonly checksum: string;
  /** The annotation of the pods that says so. */
  readonly checksumAnnotation: string;
}

/** A workload that was let in. */
export interface GrantRecord {
  readonly workload: ApiObject;
  /** The construct for which it was let in: the grant goes with it. */
  readonly holder?: IConstruct;
  /** Containers that may use what the grant carries; the first is the one that opens the bucket. */
  readonly containers: readonly string[];
  readonly owner: IConstruct;
  readonly facts: GrantFacts;
  /** The library's own pods are checked for the grant to be whole; a foreign one is the user's. */
  readonly own: boolean;
  /** Pods whose fsGroup was dropped on purpose (OpenShift sets one). */
  readonly fsGroupByPlatform: boolean;
  /** Why the Grant does not fit a foreign workload as it stands now. */
  readonly problems?: () => readonly string[];
}

/** An object that may use what a bucket's Grant carries, without being granted: named by hand, with a reason. */
export interface ShareRecord {
  readonly object: ApiObject;
  readonly reason: string;
  readonly owner: IConstruct;
  /** Of the bucket's objects. */
  readonly namespace: string;
  /** `Secret/name` or `ConfigMap/name` of the bucket's CA. */
  readonly caSource?: string;
  /** Its account may read the CA, and a config that lies in a ConfigMap, through the API; its pod may hold nothing. */
  readonly onlyReads?: boolean;
}

/** A compactor on a bucket. */
export interface BucketCompactor {
  readonly bucket: string;
  readonly construct: IConstruct;
  /** What keeps its blocks apart from another compactor's. */
  readonly shard?: string;
  /** The same, where it can be compared. */
  readonly selection?: BlockSelection;
  /** Whether it takes blocks that overlap in time. */
  readonly merges: boolean;
}

/** A store gateway that serves a part of a bucket. */
export interface BucketReader {
  readonly bucket: string;
  readonly construct: IConstruct;
  readonly selection: BlockSelection;
  /** Readers of one group are the parts of a whole: same stack, same time. */
  readonly group: string;
}

/** A tool that changes a bucket, or makes blocks, in the app beside compactors. */
export interface BucketToolUse {
  readonly bucket: string;
  readonly construct: IConstruct;
  /** What comes of a compactor on the same blocks: an error, or a warning. */
  readonly beside: { readonly forbidden: boolean; readonly text: string };
  /** The blocks that it works on, where they can be compared. */
  readonly selection?: BlockSelection;
}

/** What a construct adds to a workload of the user's. */
export interface Fit {
  readonly construct: IConstruct;
  /** The prop that names the workload. */
  readonly prop: string;
  readonly workload: ApiObject;
  /** Why it does not fit the finished workload. */
  problems(json: Json): readonly string[];
}

/** A stack that writes blocks into a bucket. */
export interface BucketWriter {
  readonly bucket: string;
  readonly construct: IConstruct;
  readonly kind: string;
  readonly externalLabels: Readonly<Record<string, string>>;
  /** The stack, or the single construct's instance: writers of one group are told apart by their replica labels. */
  readonly group: string;
  /** Whether its blocks may overlap in time. */
  readonly overlapping: boolean;
}

/** A router of writes, and the receivers that it hands them to. */
export interface WriteRouter {
  readonly construct: IConstruct;
  readonly receivers: readonly IConstruct[];
  /** Whether these are all. */
  readonly whole: boolean;
}

/** A check of the whole app that a construct brings along. */
export interface Judge {
  readonly construct: IConstruct;
  /** What is wrong. */
  judge(objects: readonly Finished[]): string[];
  /** What may be wrong: warnings. */
  advise?(objects: readonly Finished[]): string[];
}

/** Which prop of a construct tells its objects from those of another one, and what to do with it. */
export interface Naming {
  readonly prop: string;
  readonly advice: string;
}

/** What the constructs that stand in the tree have told. One that was removed tells nothing any more. */
export interface Standing {
  readonly root: IConstruct;
  readonly guarded: readonly GuardedObject[];
  /** Guarded objects of constructs that were removed. */
  readonly removed: readonly GuardedObject[];
  /** Calls of what stands to what was removed. */
  readonly severed: readonly Link[];
  readonly grants: readonly GrantRecord[];
  readonly shares: readonly ShareRecord[];
  readonly fits: readonly Fit[];
  readonly compactors: readonly BucketCompactor[];
  readonly readers: readonly BucketReader[];
  readonly tools: readonly BucketToolUse[];
  readonly writers: readonly BucketWriter[];
  readonly routers: readonly WriteRouter[];
  /** Receivers that only store what a router hands over. */
  readonly ingestors: readonly IConstruct[];
  readonly parts: readonly Part[];
  readonly watchers: readonly StackWatcher[];
  readonly judges: readonly Judge[];
  readonly tls: readonly PartTls[];
  /** What a part trusts besides: other clusters. */
  readonly trusts: readonly PartTrust[];
  /** Workloads of the library that hold no grant, for the grant table. */
  readonly ungranted: readonly ApiObject[];
  readonly warnings: readonly string[];
  /** The cluster for which the nearest enclosing stack is made; undefined outside of stacks with one. */
  clusterOf(construct: IConstruct): string | undefined;
  /** The constructs around an object that name it, from the outermost on. */
  namers(object: IConstruct): { readonly construct: IConstruct; readonly naming: Naming }[];
}

/** What the constructs of one app tell each other: plain facts, collected while they are made and judged at synth. */
export class AppRegistry {
  /** The registry of the app that a construct belongs to. */
  public static of(scope: IConstruct): AppRegistry {
    const root = scope.node.root;
    let registry = REGISTRIES.get(root);
    if (!registry) {
      registry = new AppRegistry(root);
      REGISTRIES.set(root, registry);
    }
    return registry;
  }

  public readonly guarded: GuardedObject[] = [];
  public readonly grants: GrantRecord[] = [];
  public readonly shares: ShareRecord[] = [];
  public readonly fits: Fit[] = [];
  public readonly compactors: BucketCompactor[] = [];
  public readonly readers: BucketReader[] = [];
  public readonly tools: BucketToolUse[] = [];
  public readonly writers: BucketWriter[] = [];
  public readonly routers: WriteRouter[] = [];
  public readonly ingestors: IConstruct[] = [];
  public readonly parts: Part[] = [];
  public readonly watchers: StackWatcher[] = [];
  public readonly scraped: ScrapedSidecar[] = [];
  /** What further rooms judge of the finished objects. */
  public readonly judges: Judge[] = [];
  public readonly tls: PartTls[] = [];
  public readonly trusts: PartTrust[] = [];
  readonly #links: Link[] = [];
  readonly #calls: CallByName[] = [];
  readonly #completing: ((component: IConstruct) => void)[] = [];
  public readonly ungranted: ApiObject[] = [];
  /** Scope of a stack to the cluster it is for. */
  public readonly clusters = new Map<IConstruct, string>();
  /** The objects that this library made. */
  public readonly placed = new PlacedObjects();
  readonly #namings = new Map<IConstruct, Naming>();
  readonly #warnings = new Map<string, IConstruct>();
  readonly #marks = new Set<string>();

  private constructor(public readonly root: IConstruct) {}

  /** True the first time a mark is set: what must be done once per app. */
  public once(mark: string): boolean {
    if (this.#marks.has(mark)) return false;
    this.#marks.add(mark);
    return true;
  }

  /** Tells of a component whose objects are all made. */
  public complete(component: IConstruct): void {
    for (const tell of this.#completing) tell(component);
  }

  /** Calls back for each component that is made from now on, when its objects are. */
  public whenComplete(tell: (component: IConstruct) => void): void {
    this.#completing.push(tell);
  }

  /** Notes that one construct calls others; what is not a construct lies outside. */
  public link(from: IConstruct, targets: readonly (object | undefined)[], port: PortName): void {
    for (const to of targets) if (Construct.isConstruct(to)) this.#links.push({ from, to, port });
  }

  /** Notes that one construct calls whoever is at some addresses: parts of the app where these are theirs. */
  public linkByName(from: IConstruct, addresses: readonly string[], port: PortName): void {
    for (const address of addresses) this.#calls.push({ from, address, port });
  }

  /** Who calls whom, of those that stand in the tree. */
  public get links(): readonly Link[] {
    const tree = new Set(this.root.node.findAll());
    const all = [...this.#links, ...linksByName(this.#calls, this)];
    return all.filter(({ from, to }) => tree.has(from) && tree.has(to));
  }

  /** Adds a warning about one prop of a construct; the same one twice is one. */
  public warn(construct: IConstruct, prop: string, text: string): void {
    this.#warnings.set(`${construct.node.path}: ${prop}: ${text}`, construct);
  }

  /** What is told by the constructs that stand in the tree now. */
  public standing(): Standing {
    const tree = new Set(this.root.node.findAll());
    const by = <T>(records: readonly T[], teller: (record: T) => IConstruct): T[] =>
      records.filter((record) => tree.has(teller(record)));
    return {
      root: this.root,
      guarded: by(this.guarded, ({ owner }) => owner),
      removed: this.guarded.filter(({ owner }) => !tree.has(owner)),
      grants: by(this.grants, ({ workload }) => workload).filter(({ holder }) => !holder || tree.has(holder)),
      shares: by(this.shares, ({ object }) => object),
      fits: by(this.fits, ({ construct }) => construct),
      compactors: by(this.compactors, ({ construct }) => construct),
      readers: by(this.readers, ({ construct }) => construct),
      tools: by(this.tools, ({ construct }) => construct),
      writers: by(this.writers, ({ construct }) => construct),
      routers: by(this.routers, ({ construct }) => construct),
      ingestors: by(this.ingestors, (construct) => construct),
      parts: by(this.parts, ({ construct }) => construct),
      watchers: by(this.watchers, ({ construct }) => construct),
      judges: by(this.judges, ({ construct }) => construct),
      tls: by(this.tls, ({ construct }) => construct),
      trusts: by(this.trusts, ({ construct }) => construct),
      ungranted: by(this.ungranted, (workload) => workload),
      severed: by(this.#links, ({ from }) => from).filter(({ to }) => !tree.has(to)),
      warnings: by([...this.#warnings], ([, construct]) => construct).map(([text]) => text),
      clusterOf: (construct) => this.clusterOf(construct),
      namers: (object) => this.namers(object),
    };
  }

  /** Says by which prop the objects of a construct are named. */
  public nameAfter(construct: IConstruct, naming: Naming): void {
    this.#namings.set(construct, naming);
  }

  /** The constructs around an object that name it, from the outermost on. */
  public namers(object: IConstruct): { readonly construct: IConstruct; readonly naming: Naming }[] {
    return object.node.scopes.flatMap((construct) => {
      const naming = this.#namings.get(construct);
      return naming ? [{ construct, naming }] : [];
    });
  }

  /** Runs a check of a name, whose complaint is about the outermost construct that gives it. */
  public checkedName<T>(construct: IConstruct, check: () => T): T {
    const [namer = { construct, naming: { prop: 'instance' } }] = this.namers(construct);
    return checked(namer.construct, namer.naming.prop, check);
  }

  /** The cluster for which the nearest enclosing stack is made; undefined outside of stacks with one. */
  public clusterOf(construct: IConstruct): string | undefined {
    for (let c: IConstruct | undefined = construct; c; c = c.node.scope) {
      const cluster = this.clusters.get(c);
      if (cluster !== undefined) return cluster;
    }
    return undefined;
  }
}

const REGISTRIES = new WeakMap<IConstruct, AppRegistry>();
