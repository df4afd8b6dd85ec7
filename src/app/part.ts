import type { IConstruct } from 'constructs';
import type { Identity, PortName } from '../support/identity';

/** A component of Thanos, and what it is called. */
export interface Part {
  readonly construct: IConstruct;
  readonly identity: Identity;
}

/** What looks at the pods of a stack that it knows by name alone. */
export interface StackWatcher {
  readonly construct: IConstruct;
  readonly instance: string;
  readonly namespace: string;
}

/** A sidecar that Prometheus scrapes beside the pods of a stack. */
export interface ScrapedSidecar extends Part {
  /** What scrapes it. */
  readonly monitor: IConstruct;
  /** Whether its finished container opens the bucket. */
  opensBucket(): boolean;
}

/** Pods of one construct that call those of another one. */
export interface Link {
  readonly from: IConstruct;
  readonly to: IConstruct;
  readonly port: PortName;
}

/** A certificate, and the CA of those who are asked with it. */
export interface PartTrust {
  readonly construct: IConstruct;
  /** The prop that gives it. */
  readonly prop: string;
  readonly namespace: string;
  /** The Secret of its certificate. */
  readonly secretName?: string;
  /** Of those that it talks to; undefined where the prop is not given. */
  readonly ca?: { readonly kind: 'Secret' | 'ConfigMap'; readonly name?: string; readonly pem?: string };
}

/** TLS between the parts, as one of them has it. */
export interface PartTls extends PartTrust {
  /** Whether its server speaks TLS, by whatever flag. */
  readonly serves: boolean;
  /** Whether it asks others over TLS. */
  readonly asks: boolean;
}
