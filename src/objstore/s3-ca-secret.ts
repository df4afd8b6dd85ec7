import type { ApiObject } from 'cdk8s';
import { KubeSecret } from '../support/k8s';
import { Construct } from 'constructs';
import { appChecks } from '../app/app-checks';
import { instanceOf } from '../app/instance';
import { place } from '../app/place';
import { caKey } from '../input/key-names';
import { type IS3Ca, type S3Ca, type S3CaSource, checkCa, parsedCa } from '../input/s3-ca';
import { instanceName, sharedObject } from '../support/identity';
import { checked, problem } from '../support/problem';
import { dnsLabel } from '../support/names';
import { readProps, required, type StructTable } from '../support/table';
import { namespaceOf } from './namespace';

/** Properties of an S3CaSecret. */
export interface S3CaSecretProps {
  /** The CA, as text or from a file. */
  readonly ca: S3Ca;
  /**
   * Name of the stack: the Secret is `<instance>-s3-ca-cert`.
   * @default - that of the ThanosStack around it, else thanos
   */
  readonly instance?: string;
  /**
   * Namespace of the Secret.
   * @default - the chart's, else monitoring
   */
  readonly namespace?: string;
  /**
   * Key of the Secret.
   * @default ca.crt
   */
  readonly key?: string;
}

const PROPS: StructTable<S3CaSecretProps> = {
  ca: required(checkCa, 'Give S3Ca.fromFile("ca.crt")'),
  instance: instanceName,
  namespace: dnsLabel,
  key: caKey,
};

/**
 * The private CA of the S3 store as a Secret (type Opaque): checked, and re-encoded to the certificates alone.
 *
 * Give it to one ObjstoreConfig or several of its namespace. Only the pods that they grant may mount it.
 *
 * @throws where the text is not a bundle of CA certificates (see S3Ca), or is only a reference
 */
export class S3CaSecret extends Construct implements IS3Ca {
  /** Name of the Secret. */
  public readonly secretName: string;
  /** Key of the Secret. */
  public readonly key: string;
  /** The certificates, PEM. */
  public readonly pem: string;
  public readonly caSource: S3CaSource;
  /** Namespace of the Secret. */
  public readonly namespace: string;
  /** The Secret, for patches. */
  public readonly secret: ApiObject;

  constructor(scope: Construct, id: string, given: S3CaSecretProps) {
    super(scope, id);
    const props = readProps(this, PROPS, given);
    const text = props.ca.caSource.pem;
    if (text === undefined) {
      throw problem(
        this,
        'ca',
        'is not text: there is nothing to make a Secret of. Give S3Ca.fromFile or fromPem here, and a reference straight to ObjstoreConfig',
      );
    }
    const bundle = checked(this, 'ca', () => parsedCa(props.ca, text));
    this.pem = bundle.pem;
    this.key = props.key ?? 'ca.crt';
    const { name, labels } = sharedObject(instanceOf(this, props.instance), 'ca');
    this.secretName = name;
    this.namespace = namespaceOf(this, props.namespace);
    this.secret = place(this, 'Resource', {
      ...KubeSecret.manifest({
        metadata: { name, namespace: this.namespace, labels },
        type: 'Opaque',
        data: { [this.key]: Buffer.from(this.pem).toString('base64') },
      }),
    });
    this.caSource = { pem: this.pem, secretName: this.secretName, key: this.key, exclusive: true };
    const registry = appChecks(this);
    registry.guarded.push({
      kind: 'Secret',
      name: this.secretName,
      namespace: this.namespace,
      holds: 'ca',
      owner: this,
      made: { object: this.secret, texts: { [this.key]: this.pem } },
    });
    for (const warning of bundle.warnings) registry.warn(this, 'ca', warning);
  }
}
