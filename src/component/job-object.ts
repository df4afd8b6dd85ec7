import type { Duration } from 'cdk8s';
import type { Json } from '../support/json';
import { orNone } from '../pod/or-none';
import { checksum } from '../support/checksum';
import type { Identity } from '../support/identity';
import { KubeCronJob, KubeJob } from '../support/k8s';
import { dnsLabel } from '../support/names';
import { seconds } from '../support/units';

/** How a pod runs to its end. */
export interface JobRun {
  readonly annotations?: { readonly [key: string]: string };
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly retries: number;
  readonly deadline?: Duration;
  readonly keepFinished?: Duration;
}

/** Enough of the checksum to tell two contents apart in a name. */
const DIGITS = 8;
/** Longest name of a CronJob: its Jobs' names are longer by 11 characters. */
const CRON_JOB_LENGTH = 52;
/**
 * How late a run may begin, seconds. What was missed in it is caught up once; a CronJob without a deadline, Kubernetes says,
 * starts no more after a hundred missed runs (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/).
 */
const LATEST_START = 86_400;

/** A Job of a pod template, named for all that it is, since Kubernetes lets none of it change; or a CronJob. */
export function jobObject(identity: Identity, template: Json, run: JobRun): Json {
  const { workload, namespace, selector } = identity;
  const metadata = { namespace, labels: { ...selector }, annotations: orNone({ ...run.annotations }) };
  const spec = {
    backoffLimit: run.retries,
    activeDeadlineSeconds: run.deadline && seconds(run.deadline),
    ttlSecondsAfterFinished: run.keepFinished && seconds(run.keepFinished, true),
    template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
  };
  if (run.schedule !== undefined) {
    const { schedule, timeZone } = run;
    const jobTemplate = { metadata: { labels: { ...selector } }, spec };
    return KubeCronJob.manifest({
      metadata: { name: dnsLabel(workload, CRON_JOB_LENGTH), ...metadata },
      spec: { schedule, timeZone, concurrencyPolicy: 'Forbid', startingDeadlineSeconds: LATEST_START, jobTemplate },
    });
  }
  const manifest = KubeJob.manifest({ metadata, spec });
  const content = checksum({ job: JSON.stringify(manifest) }).slice(0, DIGITS);
  const { apiVersion, kind, metadata: rest, ...more } = manifest;
  return { apiVersion, kind, metadata: { name: dnsLabel(`${workload}-${content}`), ...rest }, ...more };
}
