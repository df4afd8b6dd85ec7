/** Whom a flag or a config names. */
export interface Address {
  readonly host: string;
  /** Number, or the name that an SRV record gives it. */
  readonly port?: string;
  /** `http`, `https`; undefined where the address has none. */
  readonly scheme?: string;
}

const DEFAULT_PORTS: Record<string, string> = { http: '80', https: '443' };

/**
 * Reads `host:port`, a URL, and Thanos' own forms (`dns+host:port`, `dnssrv+_grpc._tcp.host`). Never takes the user and
 * password of a URL.
 */
export function addressOf(given: string): Address | undefined {
  const plain = given.trim().replace(/^dns(srv(noa)?)?\+/, '');
  const [, scheme, rest] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([\s\S]*)$/i.exec(plain)!;
  const authority = rest.replace(/[/?#][\s\S]*$/, '').replace(/^[\s\S]*@/, '');
  const service = /^_([^.]+)\._[a-z]+\.(.+)$/i.exec(authority);
  if (service) return hostAndPort(service[2], scheme, service[1]);
  return hostAndPort(authority, scheme);
}

function hostAndPort(authority: string, scheme?: string, name?: string): Address | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+))(?::(\d+))?$/.exec(authority);
  if (!match) return undefined;
  const host = (match[1] ?? match[2]).replace(/\.$/, '');
  return { host, port: name ?? match[3] ?? DEFAULT_PORTS[scheme ?? ''], scheme };
}

/** The container itself, or its pod. */
export function isLocal({ host }: Address): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
