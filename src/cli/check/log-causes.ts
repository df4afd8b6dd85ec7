/** A text in Thanos' log, its cause and what to do. */
export interface LogCause {
  readonly pattern: RegExp;
  readonly cause: string;
  readonly fix: string;
  /** A text that other connections fail with too: it counts only where the line names the S3 host. */
  readonly network?: boolean;
  /** Packets that a policy drops look so: what it must let through is said too. */
  readonly dropped?: boolean;
}

const NAME_FIX = 'Set serverName to a name of the certificate, or give the server a certificate for the endpoint';
const KEYS_FIX =
  'Correct the keys in the Secret, without a blank or newline at their end, and restart the granted pods';
const REACH_FIX =
  'Check that the store runs, and that firewalls and network policies let the granted pods reach its port';

/** Thanos' own texts (v0.42). The first that fits a line counts. */
export const LOG_CAUSES: readonly LogCause[] = [
  {
    pattern: /parent certificate cannot sign this kind of certificate/,
    cause: 'the CA in the pod may not sign certificates: it lacks CA:TRUE, or keyCertSign in its key usage',
    fix: 'Issue its certificate anew for the same key and name, deliver it, and restart the granted pods',
  },
  {
    pattern: /not authorized to sign for this name|too many intermediates for path length|unhandled critical extension/,
    cause: "a CA of the server's chain limits what may stand below it: names, intermediates, a critical extension",
    fix: '"cdk8s-thanos verify" says which one; have the server\'s certificate signed by a CA that allows it',
  },
  {
    pattern: /certificate signed by unknown authority/,
    cause:
      "the CA in the pod is not the one that signed the server's certificate, or the server leaves out its intermediate",
    fix: '"cdk8s-thanos ca fetch ENDPOINT" shows who signed it; deliver that CA, and restart the granted pods',
  },
  {
    pattern: /certificate is valid for .{1,200}, not [^\s"\\]+/,
    cause: "the server's certificate is for another name",
    fix: NAME_FIX,
  },
  {
    pattern: /doesn't contain any IP SANs/,
    cause: 'the endpoint is an IP, and the certificate has none',
    fix: NAME_FIX,
  },
  {
    pattern: /relies on legacy Common Name field|not valid for any names/,
    cause: "the server's certificate has no subject alternative name",
    fix: 'Give the server a certificate with a SAN',
  },
  {
    pattern: /certificate has expired or is not yet valid/,
    cause: 'the certificate of the server or of the CA has expired, or a clock is wrong',
    fix: 'Renew it; "cdk8s-thanos verify" says which one',
  },
  {
    pattern: /incompatible key usage/,
    cause: "the server's certificate is not for servers (extendedKeyUsage lacks serverAuth)",
    fix: 'Give the server a certificate with serverAuth',
  },
  {
    pattern: /unable to load specified CA cert [^\s:"]+/,
    cause: 'ca_file is not in the pod',
    fix: 'Mount the CA at that path; "cdk8s-thanos lint" finds where they differ',
  },
  {
    pattern: /unable to use specified CA cert [^\s:"\\]+/,
    cause: 'ca_file is not PEM that Thanos can read',
    fix: '"cdk8s-thanos ca inspect FILE" says why; deliver it anew',
  },
  {
    pattern: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/,
    cause: 'the port answers plain HTTP, not TLS',
    fix: "Correct the port, or set up the server's certificate",
  },
  {
    pattern: /Client sent an HTTP request to an HTTPS server/,
    cause: 'the port speaks TLS, but insecure is set',
    fix: 'Drop insecure and give the CA',
  },
  {
    pattern: /tls: (certificate required|bad certificate|protocol version not supported)/,
    cause: 'the server wants a client certificate, or speaks only an old TLS',
    fix: 'Give the client certificate (S3ClientCertificate), or enable TLS 1.2 on the server',
  },
  {
    pattern: /Endpoint url cannot have fully qualified paths/,
    cause: 'endpoint has a scheme or path',
    fix: 'Write host:port alone',
  },
  { pattern: /no s3 (access|secret)_key specified/, cause: 'one half of the keys is missing', fix: KEYS_FIX },
  {
    pattern: /Access Key Id you provided does not exist/,
    cause: 'the server does not know the access key',
    fix: KEYS_FIX,
  },
  { pattern: /request signature we calculated does not match/, cause: 'the secret key is wrong', fix: KEYS_FIX },
  {
    pattern: /Access Denied\.?|AccessDenied/,
    cause: 'the keys may not do this, or the request went out unsigned because no keys were found',
    fix: 'Allow list, get, put and delete on the bucket, and see that the pods have their keys',
  },
  { pattern: /specified bucket does not exist/, cause: 'the bucket does not exist', fix: 'Make it: Thanos never does' },
  {
    pattern: /empty external labels are not allowed for Thanos block/,
    cause: 'the component has no external labels, so nothing is uploaded',
    fix: 'Give it --label',
  },
  {
    pattern: /no such host|server misbehaving/,
    cause: "the endpoint's name is not in the cluster's DNS",
    fix: 'Correct endpoint or DNS',
    network: true,
  },
  { pattern: /connection refused/, cause: "nothing listens on the endpoint's port", fix: REACH_FIX, network: true },
  {
    pattern: /i\/o timeout|context deadline exceeded|no route to host|TLS handshake timeout|connection reset by peer/,
    cause: 'the store can not be reached from the pod',
    fix: REACH_FIX,
    network: true,
    dropped: true,
  },
];
