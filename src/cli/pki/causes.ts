import { isIP } from 'node:net';
import { TimedOut } from './connect';

/** Why something failed, and what to do about it. */
export interface Diagnosis {
  readonly cause: string;
  readonly fix: string;
  /** What Thanos logs in that case. */
  readonly thanos?: string;
}

const DNS_FIX =
  'correct endpoint, or add the name to DNS. Names such as minio.storage.svc exist in the cluster only: use --connect with a port-forward, or run the command in a pod';
const PLAIN_HTTP: Diagnosis = {
  cause: 'the port answers plain HTTP, not TLS',
  fix: 'give the TLS port of the server, or set up its certificate; only where plain HTTP is meant: insecure, without a CA',
  thanos: 'http: server gave HTTP response to HTTPS client',
};

const TLS_CAUSES: [RegExp, Diagnosis][] = [
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_TOO|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE/, PLAIN_HTTP],
  [
    /CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE|UNKNOWN_CA/,
    {
      cause: 'the server broke off the TLS handshake: it wants a client certificate, or shares no cipher',
      fix: 'give the client certificate (--client-cert, --client-key; S3ClientCertificate in the stack)',
      thanos: 'remote error: tls: certificate required',
    },
  ],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|UNSUPPORTED_SSL/,
    {
      cause: 'the server speaks only a TLS older than 1.2, which Thanos refuses too',
      fix: 'enable TLS 1.2 or newer on the server',
      thanos: 'remote error: tls: protocol version not supported',
    },
  ],
  [
    /UNRECOGNIZED_NAME/,
    {
      cause: 'the server does not know the name that it was asked for (SNI)',
      fix: 'set serverName to a name of the server',
      thanos: 'remote error: tls: unrecognized name',
    },
  ],
];

/** Why a name could not be resolved. */
export function dnsDiagnosis(host: string, error: unknown): Diagnosis {
  const code = codeOf(error);
  if (error instanceof TimedOut || code === 'EAI_AGAIN')
    return {
      cause: `no DNS server answered for ${host}`,
      fix: `check the resolver; ${DNS_FIX}`,
      thanos: `lookup ${host}: server misbehaving`,
    };
  return { cause: `${host} is not in DNS (${code})`, fix: DNS_FIX, thanos: `dial tcp: lookup ${host}: no such host` };
}

/** Why no TCP connection came about. */
export function tcpDiagnosis(address: string, error: unknown, seconds: number): Diagnosis {
  const code = codeOf(error);
  if (error instanceof TimedOut || code === 'ETIMEDOUT') {
    return {
      cause: `${address} does not answer within ${seconds} s: a firewall or network policy drops packets, or the host is down`,
      fix: "allow the store's port from the four granted components (egress), and check that the host is up",
      thanos: `dial tcp ${address}: i/o timeout`,
    };
  }
  if (code === 'ECONNREFUSED') {
    return {
      cause: `${address} refuses connections: nothing listens there`,
      fix: 'check the port of endpoint (MinIO: 9000 by default, 443 behind an ingress) and that the server runs',
      thanos: `dial tcp ${address}: connect: connection refused`,
    };
  }
  return { cause: `${address} can't be reached (${code})`, fix: 'check the network between here and the store' };
}

/** Why the TLS handshake failed. `serverName` is what the server was asked for. */
export function tlsDiagnosis(error: unknown, seconds: number, serverName: string): Diagnosis {
  if (error instanceof TimedOut) {
    return {
      cause: `the port is open, but no TLS answer came within ${seconds} s`,
      fix: 'check that a TLS server listens on this port, and that no proxy in between holds the connection',
      thanos: 'net/http: TLS handshake timeout',
    };
  }
  const text = `${codeOf(error)} ${(error as Error).message ?? ''}`.toUpperCase().replaceAll(' ', '_');
  const known = TLS_CAUSES.find(([pattern]) => pattern.test(text));
  if (known) return known[1];
  if (text.includes('ECONNRESET') || text.includes('EPIPE') || text.includes('SOCKET_HANG_UP')) {
    const sni = isIP(serverName) === 0;
    const asked = sni ? `, asked for ${serverName} (SNI): it serves no such name,` : ': it';
    return {
      cause: `the server closed the connection in the TLS handshake${asked} speaks no TLS there, or wants a client certificate`,
      fix: `${sni ? 'set serverName to a name that the server serves; ' : ''}${PLAIN_HTTP.fix}`,
      thanos: 'EOF, or connection reset by peer',
    };
  }
  return { cause: `the TLS handshake failed (${codeOf(error)})`, fix: 'check the TLS setup of the server' };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException)?.code ?? 'unknown error';
}
