import { type ApiObject, Duration, Size } from 'cdk8s';
import { KubeJob } from '../support/k8s';
import { Construct } from 'constructs';
import { place } from '../app/place';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { checksum } from '../support/checksum';
import { selectorLabels } from '../support/labels';
import { dnsLabel } from '../support/names';
import { checked, InputProblem, problem } from '../support/problem';
import { goDuration, seconds } from '../support/units';
import { wholeNumber } from '../support/values';
import { Flags } from './flags';
import { mergeHatches } from '../pod/hatches';
import { orNone } from '../pod/or-none';
import { podTemplate } from '../pod/pod';
import { AntiAffinity, type ComponentOptions } from '../pod/pod-options';

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
export interface PreflightOptions extends ComponentOptions {
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

/**
 * A Job that proves the bucket before any data flows: Thanos' own `tools bucket ls` with the CA, keys, network and
 * security context of the components. It fails within seconds and names the cause in its log.
 *
 * Its name ends in digits of its own and the config's checksum, since a Job can't be changed: each new CA or config is
 * proved once, and an upgrade of the image never meets a Job that refuses it.
 */
export class Preflight extends Construct {
  /** Name of the Job. */
  public readonly jobName: string;
  /** The Job, for patches. */
  public readonly job: ApiObject;

  constructor(scope: Construct, id: string, props: PreflightProps) {
    super(scope, id);
    if (!props.objstore) throw problem(this, 'objstore', 'is missing. Give an ObjstoreConfig');
    const { objstore, hook, retries = 1 } = props;
    checked(this, 'retries', () => wholeNumber(retries, 0));
    checked(this, 'hook', () => {
      if (hook !== undefined && !HOOKS[hook])
        throw new InputProblem(`${hook} is not one of ${Object.keys(HOOKS).join(', ')}`);
    });
    const annotations = { ...(hook ? HOOKS[hook] : {}), ...props.annotations };
    const { instance, namespace } = objstore;
    const manifest = KubeJob.manifest({
      metadata: { namespace, labels: selectorLabels(instance, COMPONENT), annotations: orNone(annotations) },
      spec: {
        backoffLimit: retries,
        activeDeadlineSeconds: DEADLINE_SECONDS,
        ttlSecondsAfterFinished: checked(this, 'keepFinished', () =>
          seconds(props.keepFinished ?? Duration.days(1), true),
        ),
        template: this.#template(props),
      },
    });
    manifest.spec.template = checked(this, 'props', () => mergeHatches(manifest.spec.template, props));
    manifest.spec.template.spec.restartPolicy = 'Never';
    const job = checksum({ job: JSON.stringify(manifest) }).slice(0, 4);
    const config = objstore.checksum.slice(0, DIGITS);
    this.jobName = checked(this, 'instance', () => dnsLabel(`${instance}-preflight-${job}-${config}`));
    manifest.metadata.name = this.jobName;
    this.job = place(this, 'Resource', manifest);
    objstore._grantOwn(this.job, [COMPONENT], props.security?.openShift ?? false);
  }

  #template(props: PreflightProps) {
    const grant = props.objstore._preflight();
    const flags = preflightFlags(this, grant.flag, props.timeout);
    const plan = {
      container: COMPONENT,
      args: checked(this, 'extraArgs', () => flags.override(props.extraArgs ?? [])).toArgs(),
      ports: [],
      requests: { cpu: '10m', memory: Size.mebibytes(64) },
      graceSeconds: 5,
      grant,
    };
    const selector = selectorLabels(props.objstore.instance, COMPONENT);
    return podTemplate(this, plan, { antiAffinity: AntiAffinity.NONE, ...props }, selector);
  }
}

/** `thanos tools bucket ls`, which lists a folder that nobody writes to. */
export function preflightFlags(scope: Construct, objstoreFlag: string, timeout = Duration.seconds(20)): Flags {
  const [name, file] = objstoreFlag.split('=');
  return new Flags(['tools', 'bucket', 'ls']).set(name, file).set(
    '--timeout',
    checked(scope, 'timeout', () => goDuration(timeout)),
  );
}
