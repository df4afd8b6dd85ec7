import { type ApiObject, Duration, Size } from 'cdk8s';
import { KubeJob } from '../support/k8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { requireSameCluster } from '../app/same-app';
import { place } from '../app/place';
import type { Grant } from '../objstore/grant';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { REQUIRED_OBJSTORE } from '../objstore/objstore-row';
import { checksum } from '../support/checksum';
import { sharedObject } from '../support/identity';
import { selectorLabels } from '../support/labels';
import { dnsLabel } from '../support/names';
import { checked } from '../support/problem';
import { duration, int32, oneOf, wholeSecondsOrZero, yesOrNo } from '../support/rows';
import { readProps, type StructTable } from '../support/table';
import { goDuration, seconds } from '../support/units';
import { finishFlags } from './extra-args';
import { Flags } from './flags';
import { WRITING, withWrites } from './preflight-writes';
import { mergeHatches } from '../pod/hatches';
import { orNone } from '../pod/or-none';
import { podTemplate } from '../pod/pod';
import { AntiAffinity } from '../pod/scheduling';
import { accountName } from '../pod/service-account';
import { THANOS_POD_OPTIONS, type ThanosPodOptions } from '../pod/thanos-pod-options';

/** How GitOps tools run the preflight. */
export enum PreflightHook {
  /** Argo CD: before the rest is synced (`argocd.argoproj.io/hook: PreSync`). The Secrets must exist by then. */
  ARGO_PRE_SYNC = 'argo-pre-sync',
  /** Argo CD: in a wave before the rest (`argocd.argoproj.io/sync-wave: "-1"`). */
  ARGO_SYNC_WAVE = 'argo-sync-wave',
  /** Helm: before install and upgrade (`helm.sh/hook`). */
  HELM_PRE = 'helm-pre',
}

/** What a Preflight can be told. */
export interface PreflightOptions extends ThanosPodOptions {
  /**
   * Longest time of one try; below a TCP dial's own 30 s, so that dropped packets show as this timeout.
   * @default Duration.seconds(20)
   */
  readonly timeout?: Duration;
  /**
   * Tries after the first, for a store or network policy that needs a moment.
   * @default 1
   */
  readonly retries?: number;
  /**
   * How long the finished Job stays, for its log to be read.
   * @default Duration.days(1)
   */
  readonly keepFinished?: Duration;
  /**
   * Annotations of a GitOps tool.
   * @default - none: applied with the rest
   */
  readonly hook?: PreflightHook;
  /**
   * Proves the list alone. Otherwise put, get and delete of a small file too, below a folder that no Thanos reads: what the
   * file's rights lack is seen at the first upload only, hours later.
   * @default - in a stack true where nothing writes (no receiver, compactor and ruler), else false; always true with an
   * objstore.yml that exists, whose folder may hold blocks
   */
  readonly readOnly?: boolean;
}

/** Properties of a Preflight. */
export interface PreflightProps extends PreflightOptions {
  /** The bucket to prove. */
  readonly objstore: ObjstoreConfig;
}

/** A net only: when it strikes, the pod is deleted with its log, so the tool's own timeout must come first. */
const DEADLINE_SECONDS = 120;
/** Enough of the checksum to tell two configs apart in a name. */
const DIGITS = 8;
const COMPONENT = 'preflight';
/** What listing a folder takes, by measurement. */
export const PREFLIGHT_REQUESTS = { cpu: '10m', memory: Size.mebibytes(64) };

const HOOKS: Record<PreflightHook, Record<string, string>> = {
  [PreflightHook.ARGO_PRE_SYNC]: {
    'argocd.argoproj.io/hook': 'PreSync',
    'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
  },
  [PreflightHook.ARGO_SYNC_WAVE]: { 'argocd.argoproj.io/sync-wave': '-1' },
  [PreflightHook.HELM_PRE]: {
    'helm.sh/hook': 'pre-install,pre-upgrade',
    'helm.sh/hook-delete-policy': 'before-hook-creation',
  },
};

const PROPS: StructTable<PreflightProps> = {
  ...THANOS_POD_OPTIONS,
  timeout: duration,
  retries: int32(0),
  keepFinished: wholeSecondsOrZero,
  hook: oneOf(PreflightHook, 'PreflightHook'),
  readOnly: yesOrNo,
  objstore: REQUIRED_OBJSTORE,
};

/**
 * A Job that proves the bucket before any data flows: Thanos' own `tools bucket ls` with the CA, keys, network and
 * security context of the components. It fails within seconds and names the cause in its log. Then `tools bucket mark` puts
 * and deletes a file of a few bytes below a folder that no Thanos reads, in the containers `preflight-put` and
 * `preflight-delete`, unless it is `readOnly`.
 *
 * Its name ends in digits of its own and the config's checksum, since a Job can't be changed: each new CA or config is
 * proved once, and an upgrade of the image never meets a Job that refuses it.
 */
export class Preflight extends Construct {
  /** Name of the Job. */
  public readonly jobName: string;
  /** The Job, for patches. */
  public readonly job: ApiObject;

  constructor(scope: Construct, id: string, given: PreflightProps) {
    super(scope, id);
    const props = readProps(this, PROPS, given);
    const { objstore, hook, retries = 1 } = props;
    checked(this, 'objstore', () => requireSameCluster(this, objstore));
    const annotations = { ...(hook ? HOOKS[hook] : {}), ...props.annotations };
    const { instance, namespace } = objstore;
    const manifest = KubeJob.manifest({
      metadata: { namespace, labels: selectorLabels(instance, COMPONENT), annotations: orNone(annotations) },
      spec: {
        backoffLimit: retries,
        activeDeadlineSeconds: DEADLINE_SECONDS,
        ttlSecondsAfterFinished: seconds(props.keepFinished ?? Duration.days(1), true),
        template: this.#template(props),
      },
    });
    manifest.spec.template = checked(this, 'props', () => mergeHatches(manifest.spec.template, props));
    const grant = objstore._preflight();
    const readOnly = props.readOnly === true || !objstore._hasOwnFolder;
    if (!readOnly)
      manifest.spec.template = withWrites(this, manifest.spec.template, { objstore, grant, options: props });
    manifest.spec.template.spec.restartPolicy = 'Never';
    const job = checksum({ job: JSON.stringify(manifest) }).slice(0, 4);
    const config = objstore.checksum.slice(0, DIGITS);
    this.jobName = appChecks(this).checkedName(this, () =>
      dnsLabel(`${sharedObject(instance, 'preflight').name}-${job}-${config}`),
    );
    manifest.metadata.name = this.jobName;
    this.job = place(this, 'Resource', manifest);
    const granted = readOnly ? [COMPONENT] : [COMPONENT, ...WRITING];
    objstore._grantOwn(this.job, granted, props.security?.openShift ?? false, grant);
  }

  #template(props: PreflightProps) {
    const grant = props.objstore._preflight();
    const flags = preflightFlags(grant, props);
    finishFlags(this, flags, props);
    const account = checked(this, 'serviceAccountName', () => accountName(props, COMPONENT, grant));
    const plan = {
      account,
      container: COMPONENT,
      args: flags.toArgs(),
      ports: [],
      requests: PREFLIGHT_REQUESTS,
      graceSeconds: 5,
      grant,
    };
    const selector = selectorLabels(props.objstore.instance, COMPONENT);
    return podTemplate(plan, { antiAffinity: AntiAffinity.NONE, ...props }, selector);
  }
}

/** What the command itself can be told. */
type CommandOptions = Pick<PreflightOptions, 'timeout' | 'logLevel' | 'logFormat'>;

/**
 * `thanos tools bucket ls`, which lists a folder that nobody writes to.
 * @internal
 */
export function preflightFlags(grant: Grant, options: CommandOptions = {}): Flags {
  return new Flags(['tools', 'bucket', 'ls'])
    .set('--log.level', options.logLevel)
    .set('--log.format', options.logFormat)
    .granted(grant)
    .set('--timeout', goDuration(options.timeout ?? Duration.seconds(20)));
}
