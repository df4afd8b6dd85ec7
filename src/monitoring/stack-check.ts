import { type ApiObject, Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { requirePropsOfApp } from '../app/same-app';
import { place } from '../app/place';
import { jobObject } from '../component/job-object';
import type { ObjstoreConfig } from '../objstore/objstore-config';
import { REQUIRED_OBJSTORE } from '../objstore/objstore-row';
import { naming } from '../pod/dns';
import { environment } from '../pod/env';
import { mergeHatches } from '../pod/hatches';
import { containerImage, IMAGE, type ImageOptions } from '../pod/image';
import { orNone } from '../pod/or-none';
import { POD_OPTIONS, type PodOptions } from '../pod/pod-options';
import { resourceRequirements } from '../pod/resources';
import { placement } from '../pod/scheduling';
import { podSecurity, RESTRICTED_CONTAINER, SECURITY, type SecurityOptions } from '../pod/security';
import { cronSchedule, timeZone } from '../support/cron';
import { type Identity, identityOf } from '../support/identity';
import { type PodTemplateSpec, Quantity } from '../support/k8s';
import { objectName } from '../support/names';
import { checked, InputProblem } from '../support/problem';
import { duration, listOf, struct, wholeSeconds, yesOrNo } from '../support/rows';
import { readProps, required, type StructTable } from '../support/table';
import { milliseconds, seconds } from '../support/units';
import { CheckRole } from './check-role';

/** What a StackCheck can be told. */
export interface StackCheckOptions extends PodOptions {
  /**
   * Image that holds Node, kubectl and the program `cdk8s-thanos` on its path. None is published: docs/cli.md has the lines
   * of a Dockerfile. Give `repository`, and `tag` or `digest`.
   */
  readonly image: ImageOptions;
  /**
   * When it looks, in cron's five fields. While a look lasts, no other begins.
   * @default - each half hour: "7,37 * * * *"
   */
  readonly schedule?: string;
  /**
   * Time zone of `schedule`, such as `Europe/Berlin`.
   * @default - the cluster's, mostly UTC
   */
  readonly timeZone?: string;
  /**
   * Longest time of a look, whole seconds; what it does not suffice for is skipped.
   * @default Duration.minutes(5)
   */
  readonly timeLimit?: Duration;
  /**
   * How old the last upload of a receiver, ruler or sidecar may be.
   * @default Duration.hours(3)
   */
  readonly maxUploadAge?: Duration;
  /**
   * Looks at the files and volumes in the pods, by `kubectl exec`: a right to run anything in any pod of the namespace.
   * @default - false: these checks are skipped
   */
  readonly exec?: boolean;
  /**
   * Names of ConfigMaps with hashrings that it compares with what receivers and routers run.
   * @default - in a stack those of its receivers and routers; else none: they are compared with each other
   */
  readonly hashrings?: string[];
  /**
   * User, group and fsGroup.
   * @default - 65534 for all three; in a stack that leaves them to OpenShift, none
   */
  readonly security?: SecurityOptions;
}

/** Properties of a StackCheck. */
export interface StackCheckProps extends StackCheckOptions {
  /** The bucket of the stack that is checked. */
  readonly objstore: ObjstoreConfig;
}

const NO_IMAGE =
  'There is no published one: give one that holds Node, kubectl and cdk8s-thanos, { repository, tag }; docs/cli.md has the lines of a Dockerfile';
const PROPS: StructTable<StackCheckProps> = {
  ...POD_OPTIONS,
  image: required(struct(IMAGE), NO_IMAGE),
  schedule: cronSchedule,
  timeZone,
  timeLimit: wholeSeconds,
  maxUploadAge: duration,
  exec: yesOrNo,
  hashrings: listOf(objectName),
  security: SECURITY,
  objstore: REQUIRED_OBJSTORE,
};

const SCHEDULE = '7,37 * * * *';
/** Node, and four processes of kubectl at a time. */
const REQUESTS = { cpu: '50m', memory: Size.mebibytes(192) };
const LIMITS = { memory: Size.gibibytes(1) };
/** A user of no image and no node. */
const IDS = { user: 65534, group: 65534, fsGroup: 65534 };
/** From the end of a look to the end of its pod. */
const SPARE_SECONDS = 120;
const HOUR_MS = 3600 * 1000;
/** Where kubectl keeps what it knows of the API server. */
const HOME = '/tmp';

/**
 * `cdk8s-thanos check` in the cluster, as a CronJob whose Job fails where a check fails: `kubectl get jobs` shows it, and
 * kube-state-metrics tells Prometheus of it (docs/cli.md has the alert). The log has every result. It runs as a ServiceAccount
 * that a CheckRole allows to read what is looked at, and nothing else: never the keys.
 *
 * @throws where no image is given
 */
export class StackCheck extends Construct {
  /** Name of the CronJob, of the ServiceAccount and of its Role. */
  public readonly jobName: string;
  /** The CronJob, for patches. */
  public readonly job: ApiObject;
  /** What it may do. */
  public readonly role: CheckRole;

  constructor(scope: Construct, id: string, given: StackCheckProps) {
    super(scope, id);
    const props = readProps(this, PROPS, given);
    requirePropsOfApp(this, { objstore: props.objstore });
    checked(this, 'image', () => requireImage(props.image));
    const { objstore, hashrings, exec = false } = props;
    const { instance, namespace } = objstore;
    const registry = appChecks(this);
    const identity = identityOf({ instance, namespace }, 'check');
    registry.nameAfter(this, { prop: 'objstore', advice: 'Make one StackCheck for each stack' });
    this.role = new CheckRole(this, 'Role', { objstore, hashrings, exec });
    const template = this.#template(props, identity);
    const { schedule = SCHEDULE, timeZone: zone } = props;
    const deadline = Duration.seconds(limitOf(props) + SPARE_SECONDS);
    const run = { schedule, timeZone: zone, retries: 0, deadline };
    this.job = place(
      this,
      'Resource',
      registry.checkedName(this, () => jobObject(identity, template, run)),
    );
    this.jobName = this.job.name;
    // an account that may read the CA counts as a way to it
    objstore._letRead(this.job, 'cdk8s-thanos check compares the CA and the config with what the pods have');
  }

  #template(props: StackCheckProps, identity: Identity): PodTemplateSpec {
    const { selector } = identity;
    const { image, resources, volumeMounts = [] } = props;
    const container = {
      name: 'check',
      ...containerImage(image),
      command: ['cdk8s-thanos'],
      args: argsOf(props),
      ...environment([{ name: 'HOME', value: HOME }], props),
      resources: resourceRequirements(resources, REQUESTS, LIMITS),
      securityContext: RESTRICTED_CONTAINER,
      volumeMounts: [{ name: 'tmp', mountPath: HOME }, ...volumeMounts],
    };
    const template = {
      metadata: { labels: { ...props.podLabels, ...selector }, annotations: orNone({ ...props.podAnnotations }) },
      spec: {
        // its token is what it asks the API server with
        automountServiceAccountToken: true,
        serviceAccountName: this.role.roleName,
        securityContext: podSecurity(props.security, IDS),
        imagePullSecrets: orNone(image.pullSecrets?.map((name) => ({ name }))),
        ...placement(props),
        ...naming(props),
        containers: [container],
        volumes: [{ name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString('64Mi') } }],
      },
    };
    return checked(this, 'props', () => mergeHatches(template, props));
  }
}

/** A default of Thanos' own image would be another program. */
function requireImage({ repository, tag, digest }: ImageOptions): void {
  if (repository === undefined) throw new InputProblem(`repository: is missing. ${NO_IMAGE}`);
  if (tag === undefined && digest === undefined)
    throw new InputProblem('tag: is missing. Give it, or digest: what "latest" is today would not be told');
}

function limitOf({ timeLimit = Duration.minutes(5) }: StackCheckProps): number {
  return seconds(timeLimit);
}

function argsOf(props: StackCheckProps): string[] {
  const { objstore, maxUploadAge } = props;
  const hours = maxUploadAge && milliseconds(maxUploadAge) / HOUR_MS;
  return [
    'check',
    `--namespace=${objstore.namespace}`,
    `--instance=${objstore.instance}`,
    '--verbose',
    `--time-limit=${limitOf(props)}`,
    ...(hours === undefined ? [] : [`--max-upload-age=${hours}`]),
  ];
}
