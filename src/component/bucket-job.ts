import { type ApiObject, type Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { place } from '../app/place';
import { requireSameCluster } from '../app/same-app';
import type { Json } from '../support/json';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { REQUIRED_OBJSTORE } from '../objstore/objstore-row';
import { mergeHatches } from '../pod/hatches';
import { podTemplate } from '../pod/pod';
import { AntiAffinity } from '../pod/scheduling';
import { SCRATCH, type ScratchOptions, scratchVolume } from '../pod/scratch';
import { THANOS_POD_OPTIONS, type ThanosPodOptions } from '../pod/thanos-pod-options';
import { cronSchedule, timeZone } from '../support/cron';
import { type Identity, identityOf } from '../support/identity';
import { dnsLabel } from '../support/names';
import { checked, InputProblem } from '../support/problem';
import { int32, struct, wholeSeconds, wholeSecondsOrZero, yesOrNo } from '../support/rows';
import { readProps, type StructTable, within } from '../support/table';
import { BUCKET_TOOL, type BucketTool, type ToolPlan } from './bucket-tool';
import { effectsOf, requireWord } from './bucket-tool-effects';
import { selectionOf } from './compaction';
import { finishFlags } from './extra-args';
import { Flags } from './flags';
import { jobObject } from './job-object';
import { requireTwoBuckets, secondGrant } from './second-grant';

/** What a BucketJob can be told. */
export interface BucketJobOptions extends ThanosPodOptions {
  /**
   * What the Job is for, where several of one tool stand side by side: `nightly` in `thanos-bucket-cleanup-nightly`.
   * @default - the only one of its tool
   */
  readonly name?: string;
  /**
   * When it runs, in cron's five fields: a CronJob, never two of it at once.
   * @default - once: a Job
   */
  readonly schedule?: string;
  /**
   * Time zone of the schedule, such as `Europe/Berlin`.
   * @default - the cluster's, mostly UTC
   */
  readonly timeZone?: string;
  /**
   * The tool may change or delete blocks: `verify` no, `mark`, `unmark` and `retention` yes, `cleanup` with a `deleteDelay`,
   * `rewrite` with `dryRun: false`. Without this word such a tool is an error.
   * @default false
   */
  readonly unsafeChangesBlocks?: boolean;
  /**
   * Tries after the first.
   * @default - 1; 0 where the tool changes blocks
   */
  readonly retries?: number;
  /**
   * Longest time of all tries, whole seconds. Then the pod is stopped, and the Job has failed.
   * @default - none; `downsample` needs one, since it never ends by itself
   */
  readonly deadline?: Duration;
  /**
   * How long the finished Job stays. One that is gone runs again with the next apply, unless it left the app too.
   * @default - until it is deleted by hand
   */
  readonly keepFinished?: Duration;
  /**
   * A volume for the blocks that the tool fetches: `verify`, `downsample` and `rewrite`.
   * @default - the node's own disk
   */
  readonly scratch?: ScratchOptions;
}

/** Properties of a BucketJob. */
export interface BucketJobProps extends BucketJobOptions {
  /** The bucket. The pod gets its config, CA and keys. */
  readonly objstore: ObjstoreConfig;
  /** What is done. */
  readonly tool: BucketTool;
}

const PROPS: StructTable<BucketJobProps> = {
  ...THANOS_POD_OPTIONS,
  name: dnsLabel,
  schedule: cronSchedule,
  timeZone,
  unsafeChangesBlocks: yesOrNo,
  retries: int32(0),
  deadline: wholeSeconds,
  keepFinished: wholeSecondsOrZero,
  scratch: struct(SCRATCH),
  objstore: REQUIRED_OBJSTORE,
  tool: BUCKET_TOOL,
};

const REQUESTS = { cpu: '25m', memory: Size.mebibytes(128) };

/**
 * A tool of `thanos tools bucket` as a Job, or as a CronJob where it has a schedule, with the config, CA and keys that the
 * components have.
 *
 * A Job's name ends in digits of all that it is: each content runs once. Whatever changes of it (the tool, the image, the
 * config, the CA) makes another Job, which runs again; take the construct away once it has done its work.
 *
 * @throws where a tool that changes blocks is not told so, or where Thanos forbids a compactor beside it
 */
export class BucketJob extends Construct {
  /** Name of the Job or CronJob. */
  public readonly jobName: string;
  /** The Job or CronJob, for patches. */
  public readonly job: ApiObject;

  constructor(scope: Construct, id: string, given: BucketJobProps) {
    super(scope, id);
    const props = readProps(this, PROPS, given);
    const { objstore, name: group } = props;
    checked(this, 'objstore', () => requireSameCluster(this, objstore));
    const registry = appChecks(this);
    const plan = props.tool._plan();
    const { instance, namespace } = objstore;
    const identity = identityOf({ instance, namespace, group }, `bucket-${plan.word}`);
    registry.nameAfter(this, { prop: 'name', advice: 'Give one of the two another name' });
    requireSense(this, props, plan);
    const { destination } = plan;
    if (destination)
      checked(this, 'tool', () => within('destination', () => requireTwoBuckets(this, objstore, destination)));
    const flags = this.#flags(props, plan, identity);
    const effects = effectsOf(plan.word, flags);
    checked(this, 'unsafeChangesBlocks', () => requireWord(effects, props.unsafeChangesBlocks));
    const { retries = effects.changes === undefined ? 1 : 0 } = props;
    const template = this.#template(props, plan, flags, identity);
    const manifest = registry.checkedName(this, () => jobObject(identity, template, { ...props, retries }));
    this.jobName = manifest.metadata.name;
    this.job = place(this, 'Resource', manifest);
    objstore._grantOwn(this.job, [identity.component], props.security?.openShift ?? false);
    destination?._grantSecond(this.job, identity.component, props.security?.openShift ?? false);
    if (effects.beside) {
      const { bucketId: bucket } = objstore;
      registry.tools.push({ bucket, construct: this, beside: effects.beside, selection: selectionOf(plan, flags) });
    }
  }

  #flags({ objstore, logLevel, logFormat, ...props }: BucketJobProps, plan: ToolPlan, { dataPath }: Identity): Flags {
    const flags = new Flags(['tools', 'bucket', plan.word])
      .set('--log.level', logLevel)
      .set('--log.format', logFormat)
      .granted(objstore._grant);
    if (plan.disk && 'flag' in plan.disk) flags.set(plan.disk.flag, dataPath);
    for (const [name, value] of plan.args) flags.add(value === undefined ? name : `${name}=${value}`);
    finishFlags(this, flags, props);
    return flags;
  }

  #template(props: BucketJobProps, { disk, destination }: ToolPlan, flags: Flags, identity: Identity): Json {
    const { claim, dataPath, component: container, selector } = identity;
    const plan = {
      container,
      args: flags.toArgs(),
      ports: [],
      env: disk && 'variable' in disk ? [{ name: disk.variable, value: dataPath }] : [],
      volumes: disk ? [scratchVolume(claim, props.scratch)] : [],
      mounts: disk ? [{ name: claim, mountPath: dataPath }] : [],
      ...(destination && secondGrant(destination._asSecond())),
      requests: REQUESTS,
      graceSeconds: 120,
      grant: props.objstore._grant,
    };
    const template = podTemplate(plan, { antiAffinity: AntiAffinity.NONE, ...props }, { ...selector });
    return checked(this, 'props', () => mergeHatches(template, props));
  }
}

function requireSense(job: BucketJob, { schedule, timeZone, deadline, scratch }: BucketJobProps, plan: ToolPlan): void {
  const refuse = (prop: string, text: string): void =>
    checked(job, prop, () => {
      throw new InputProblem(text);
    });
  if (timeZone !== undefined && schedule === undefined)
    refuse('timeZone', 'has no effect without schedule. Set it, or drop this');
  if (scratch !== undefined && plan.disk === undefined)
    refuse('scratch', `has no effect: ${plan.word} fetches no blocks. Drop it`);
  if (plan.word === 'downsample' && deadline === undefined)
    refuse('deadline', 'is missing: Thanos downsamples until it is stopped, so the Job would never end. Give one');
}
