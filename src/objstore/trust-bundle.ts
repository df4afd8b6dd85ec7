import { type ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { Bundle } from '../../imports/trust.cert-manager.io';
import { appChecks } from '../app/app-checks';
import { instanceOf } from '../app/instance';
import { place } from '../app/place';
import { caKey } from '../input/key-names';
import { checkCa, parsedCa, type IS3Ca, type S3Ca, type S3CaSource } from '../input/s3-ca';
import { NAMESPACE_LABEL } from '../manifest/namespace-labels';
import { checksum } from '../support/checksum';
import { instanceName, sharedObject } from '../support/identity';
import { dnsLabel, objectName } from '../support/names';
import { checked, InputProblem } from '../support/problem';
import { having, listOf, struct, text, yesOrNo } from '../support/rows';
import { readProps, required, type StructTable } from '../support/table';
import { namespaceOf } from './namespace';

/** A key of a Secret in trust-manager's own namespace. */
export interface TrustBundleKey {
  /** Name of the Secret. */
  readonly name: string;
  /**
   * Key.
   * @default ca.crt
   */
  readonly key?: string;
}

/** Properties of a TrustBundle. At least one source. */
export interface TrustBundleProps {
  /**
   * CA as text or from a file.
   * @default - none
   */
  readonly ca?: S3Ca;
  /**
   * Secrets in trust-manager's namespace, such as cert-manager's. Old and new root together make a rotation safe.
   * @default - none
   */
  readonly secrets?: TrustBundleKey[];
  /**
   * Add the public roots. `ca_file` replaces the system's, so a store behind a public CA needs them here.
   * @default false
   */
  readonly publicRoots?: boolean;
  /**
   * Name of the Bundle, and of the ConfigMap that it makes.
   * @default - `<instance>-s3-ca`
   */
  readonly name?: string;
  /**
   * Key of the ConfigMap.
   * @default ca.crt
   */
  readonly key?: string;
  /**
   * Any text that changes with the Secrets; a change rolls the granted pods.
   * @default - changed Secrets are used after the next restart; text given here counts by itself
   */
  readonly revision?: string;
  /**
   * Name of the stack.
   * @default - that of the ThanosStack around it, else thanos
   */
  readonly instance?: string;
  /**
   * Namespace of the pods: the one into which the bundle is written.
   * @default - the chart's, else monitoring
   */
  readonly namespace?: string;
}

const KEY: StructTable<TrustBundleKey> = {
  name: required(objectName, 'Give the name of the Secret'),
  key: caKey,
};

const PROPS: StructTable<TrustBundleProps> = {
  ca: (ca) => {
    checkCa(ca);
    return having<S3Ca>(
      { _checkOptions: 'function' },
      'text or a file. Give S3Ca.fromFile("ca.crt"), or name the Secret in secrets',
    )(ca);
  },
  secrets: listOf(struct(KEY)),
  publicRoots: yesOrNo,
  name: objectName,
  key: caKey,
  revision: text,
  instance: instanceName,
  namespace: dnsLabel,
};

/** A CA bundle that trust-manager keeps up to date in the namespace of the pods (https://cert-manager.io/docs/trust/trust-manager/). */
export class TrustBundle extends Construct implements IS3Ca {
  public readonly caSource: S3CaSource;
  /** The Bundle, for patches. It is cluster-scoped. */
  public readonly bundle: ApiObject;

  constructor(scope: Construct, id: string, given: TrustBundleProps) {
    super(scope, id);
    const registry = appChecks(this);
    const props = readProps(this, PROPS, given);
    const namespace = namespaceOf(this, props.namespace);
    const { name: ownName, labels } = sharedObject(instanceOf(this, props.instance), 'caBundle');
    const name = checked(this, 'name', () => objectName(props.name ?? ownName));
    const { key = 'ca.crt' } = props;
    const pem = this.#pem(props);
    const sources = [
      ...(pem === undefined ? [] : [{ inLine: pem }]),
      ...(props.secrets ?? []).map((s) => ({ secret: { name: s.name, key: s.key ?? 'ca.crt' } })),
      ...(props.publicRoots ? [{ useDefaultCAs: true }] : []),
    ];
    checked(this, 'ca', () => {
      if (sources.length === 0)
        throw new InputProblem('is missing, and so are secrets and publicRoots; a bundle needs a source');
    });
    const target = {
      configMap: { key },
      namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } },
    };
    this.bundle = place(this, 'Resource', Bundle.manifest({ metadata: { name, labels }, spec: { sources, target } }));
    // cdk8s writes the chart's namespace on every object, but a Bundle lies in none
    if (this.bundle.metadata.namespace !== undefined) this.bundle.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    const revision = props.revision ?? (pem && checksum({ pem }));
    this.caSource = { configMapName: name, key, revision, exclusive: false };
    if (props.revision === undefined && props.secrets?.length) {
      const text = 'not set, so a changed Secret is used only after the next restart of the pods';
      registry.warn(this, 'revision', text);
    }
  }

  #pem(props: TrustBundleProps): string | undefined {
    if (props.ca === undefined) return undefined;
    return checked(this, 'ca', () => {
      const { pem } = props.ca!.caSource;
      if (pem === undefined)
        throw new InputProblem('is a reference; give text or a file, or name the Secret in secrets');
      return parsedCa(props.ca!, pem).pem;
    });
  }
}
