import { type ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { AppRegistry } from '../../src/app/registry';
import { ObjstoreConfig, type ObjstoreConfigProps, S3Ca, S3Credentials } from '../../src/index';
import { ECDSA_CA } from '../fixtures/certificates';
import { chart, find, type Json, render } from '../render';

/** A bucket behind a private CA. */
export function bucket(scope: Construct, over: Partial<ObjstoreConfigProps> = {}): ObjstoreConfig {
  return new ObjstoreConfig(scope, 'Objstore', {
    bucket: 'thanos',
    endpoint: 's3.minio.example.com:9000',
    ca: S3Ca.fromPem(ECDSA_CA),
    credentials: S3Credentials.fromSecretName('thanos-s3-credentials'),
    ...over,
  });
}

/** What a construct with a workload made, as it reaches the cluster. */
export class Made<T extends Construct & { readonly workload: ApiObject }> {
  public readonly objects: Json[];

  constructor(public readonly construct: T) {
    this.objects = quietly(() => render(Chart.of(construct)));
  }

  public get workload(): Json {
    const { kind, name } = this.construct.workload;
    return find(this.objects, kind, name);
  }

  public get template(): Json {
    return this.workload.spec.template;
  }

  public get pod(): Json {
    return this.template.spec;
  }

  public get container(): Json {
    return this.pod.containers[0];
  }

  public get args(): string[] {
    return this.container.args;
  }

  /** The values of a flag, in order. */
  public flag(name: string): string[] {
    return this.args.filter((arg) => arg.startsWith(`${name}=`)).map((arg) => arg.slice(name.length + 1));
  }

  public get claim(): Json {
    return this.workload.spec.volumeClaimTemplates[0];
  }

  /** The Service with a cluster IP. */
  public get service(): Json {
    return find(this.objects, 'Service', this.construct.workload.name);
  }

  public get budgets(): Json[] {
    return this.objects.filter((o) => o.kind === 'PodDisruptionBudget');
  }

  /** Warnings of the app, as synth shows them. */
  public get warnings(): readonly string[] {
    return AppRegistry.of(this.construct).standing().warnings;
  }
}

/** Makes one construct in a chart of its own. */
export function make<T extends Construct & { readonly workload: ApiObject }>(create: (scope: Chart) => T): Made<T> {
  return new Made(create(chart()));
}

/** Runs a synth without its warnings on the terminal. */
export function quietly<T>(synth: () => T): T {
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    return synth();
  } finally {
    stderr.mockRestore();
  }
}
