import { InputProblem, found, foundName } from './problem';

/** Longest label value and DNS label (RFC 1123). */
export const LABEL_LENGTH = 63;
/** Longest name of a StatefulSet: its pods carry a label with the name and an 11-character revision hash. */
export const STATEFUL_SET_LENGTH = 52;

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const DATA_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

/** Refuses what Kubernetes refuses as the name of a Service or Namespace (RFC 1123 label), and counts. */
export function dnsLabel(name: string, limit = LABEL_LENGTH): string {
  if (typeof name !== 'string' || !DNS_LABEL.test(name)) {
    throw new InputProblem(
      `${found(name)} is not a DNS label: lower-case letters, digits and "-", starting and ending with a letter or digit`,
    );
  }
  if (name.length > limit) {
    throw new InputProblem(
      `${found(name)} has ${name.length} characters, ${name.length - limit} over the limit of ${limit}; choose a shorter name`,
    );
  }
  return name;
}

/** Refuses what is not a DNS domain of a cluster, such as `cluster.local`. */
export function dnsDomain(domain: string): string {
  if (typeof domain === 'string' && DNS_SUBDOMAIN.test(domain)) return domain;
  throw new InputProblem(`${found(domain)} is not a DNS domain`);
}

/** Whether a text is the name of a host, whose first label may be `*`; an address is none. */
export function isHostName(name: unknown): name is string {
  if (typeof name !== 'string' || name.length > 253 || /^[\d.]+$/.test(name)) return false;
  return DNS_SUBDOMAIN.test(name.replace(/^\*\./, ''));
}

/** Refuses what Kubernetes refuses as the name of a Secret or ConfigMap (RFC 1123 subdomain, 253 characters). */
export function objectName(name: string): string {
  if (typeof name !== 'string' || name.length > 253 || !DNS_SUBDOMAIN.test(name)) {
    throw new InputProblem(
      `${foundName(name)} is not an object name: lower-case letters, digits, "-" and ".", 253 characters at most`,
    );
  }
  return name;
}

/** Refuses what Kubernetes refuses as a key of a Secret or ConfigMap. */
export function dataKey(key: string): string {
  if (typeof key !== 'string' || !isDataKey(key)) {
    throw new InputProblem(
      `${foundName(key)} is not a key of a Secret or ConfigMap: letters, digits, "-", "_" and "."`,
    );
  }
  return key;
}

/** Whether Kubernetes takes a text as a key of a Secret or ConfigMap. */
export function isDataKey(key: string): boolean {
  return DATA_KEY.test(key) && key !== '.' && !key.startsWith('..');
}

const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Refuses what Kubernetes refuses as the key of a label, an annotation or a taint: a name, and before it a domain and "/". */
export function qualifiedName(key: string): string {
  const [name, prefix, ...more] = typeof key === 'string' ? key.split('/').reverse() : [];
  const prefixed = prefix === undefined || (prefix.length <= 253 && DNS_SUBDOMAIN.test(prefix));
  if (name !== undefined && more.length === 0 && prefixed && QUALIFIED.test(name)) return key;
  throw new InputProblem(
    `${found(key)} is not a key: letters, digits, "-", "_" and ".", 63 characters at most, and before it a domain and "/" where wanted`,
  );
}

/** Refuses what Kubernetes refuses as the value of a label. */
export function labelValue(value: string): string {
  if (typeof value === 'string' && LABEL_VALUE.test(value)) return value;
  throw new InputProblem(
    `${found(value)} is not the value of a label: letters, digits, "-", "_" and ".", 63 characters at most, in quotes`,
  );
}
