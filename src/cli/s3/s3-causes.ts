import type { Diagnosis } from '../pki/causes';
import { TimedOut } from '../pki/connect';
import type { S3Answer } from './request';
import type { Settings } from './settings';

/** Which step an answer of the server fails. */
export interface S3Failure extends Diagnosis {
  readonly step: 'signature' | 'bucket';
}

const KEYS_FIX =
  'correct the key in the Secret thanos-s3-credentials (and in the environment here), without a blank or newline at its end';

const TOKEN: S3Failure = {
  step: 'signature',
  cause: 'the session token (AWS_SESSION_TOKEN) is wrong or missing: these are temporary keys',
  fix: 'set the token that belongs to the keys, or get new ones',
  thanos: 'The security token included in the request is invalid',
};

const CODES: Record<string, S3Failure> = {
  InvalidAccessKeyId: {
    step: 'signature',
    cause: 'the server does not know the access key id',
    fix: KEYS_FIX,
    thanos: 'The Access Key Id you provided does not exist in our records.',
  },
  SignatureDoesNotMatch: {
    step: 'signature',
    cause: 'the secret access key is wrong (the access key id is known), or a proxy changes the Host header',
    fix: KEYS_FIX,
    thanos: 'The request signature we calculated does not match the signature you provided.',
  },
  RequestTimeTooSkewed: {
    step: 'signature',
    cause: 'the clocks of this machine and of the server differ by more than 15 minutes',
    fix: 'set the clock (NTP) here, on the nodes and on the server',
    thanos: "The difference between the request time and the server's time is too large.",
  },
  InvalidTokenId: TOKEN,
  InvalidToken: TOKEN,
  ExpiredToken: {
    step: 'signature',
    cause: 'the session token has expired',
    fix: 'get new temporary keys',
    thanos: 'The provided token has expired.',
  },
  NoSuchBucket: {
    step: 'bucket',
    cause: 'the bucket does not exist',
    fix: 'make the bucket, or correct bucket: Thanos never makes one',
    thanos: 'The specified bucket does not exist',
  },
  AccessDenied: {
    step: 'bucket',
    cause: 'the keys are good, but may not list the bucket',
    fix: 'allow s3:ListBucket and s3:GetBucketLocation on the bucket, and s3:GetObject, s3:PutObject, s3:DeleteObject below it',
    thanos: 'Access Denied.',
  },
};

const RIGHTS = { put: 's3:PutObject', get: 's3:GetObject', delete: 's3:DeleteObject' } as const;
const CONSEQUENCES = {
  put: 'every upload of a receiver, ruler, sidecar or compactor would fail',
  get: 'store gateway and compactor could not read a block',
  delete: 'the compactor could not remove what it merged, and the bucket would grow',
} as const;

/** What an answer says that did not put, get or delete an object. */
export function writeFailure(verb: keyof typeof RIGHTS, answer: S3Answer, key: string): Diagnosis {
  const said = [answer.status, answer.code, answer.message]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
  const left = verb === 'delete' ? `. ${key} is left there` : '';
  return {
    cause: `the keys may list the bucket, but not ${verb} an object (${said}): ${CONSEQUENCES[verb]}${left}`,
    fix: `allow ${RIGHTS[verb]} on the objects of the bucket; or --read-only, where nothing here writes`,
    thanos: answer.code === 'AccessDenied' ? 'Access Denied.' : undefined,
  };
}

/** What an answer says that is not a list of the bucket; undefined: it is one. */
export function answerFailure(answer: S3Answer, settings: Settings, signed: boolean): S3Failure | undefined {
  const { status, body, code = '' } = answer;
  if (status === 200) return body.includes('<ListBucketResult') ? undefined : notS3(answer);
  if (/HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port|requires TLS/i.test(body))
    return tlsExpected();
  if (code === 'AccessDenied' && !signed)
    return {
      ...CODES.AccessDenied,
      step: 'signature',
      cause: 'the request was not signed (no keys), and the bucket is not open to everyone',
      fix: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    };
  if (/must be made to API port/i.test(body)) return notS3(answer);
  if (Object.hasOwn(CODES, code)) return CODES[code];
  if (
    /^(AuthorizationHeaderMalformed|PermanentRedirect|InvalidRegion|IllegalLocationConstraintException)$/.test(code) ||
    status === 301
  )
    return wrongRegion(answer, settings);
  if (code !== '')
    return {
      step: 'signature',
      cause: `the server answers ${status} ${code}: ${answer.message ?? ''}`,
      fix: "look at the server's log",
    };
  return status >= 500
    ? { step: 'signature', cause: `the server answers ${status}: it is not ready`, fix: "look at the server's log" }
    : notS3(answer);
}

/** Why no answer came over an open connection. */
export function exchangeFailure(error: unknown, settings: Settings): S3Failure {
  const { code = '', message } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof TimedOut) {
    return {
      step: 'signature',
      cause: `the server took the request, but did not answer within ${settings.timeoutMs / 1000} s`,
      fix: "look at the server's log; a load balancer without a backend behaves so",
      thanos: 'net/http: timeout awaiting response headers',
    };
  }
  if (/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA/.test(code)) {
    return {
      step: 'signature',
      cause: 'the server wants a client certificate, or does not accept this one',
      fix: 'give the client certificate (--client-cert, --client-key; S3ClientCertificate in the stack)',
      thanos: 'remote error: tls: certificate required',
    };
  }
  if (!settings.tls && /^(ECONNRESET|EPIPE|HPE_)/.test(code)) return tlsExpected();
  if (code === 'ECONNRESET') {
    return {
      step: 'signature',
      cause: 'the server closed the connection without an answer',
      fix: "look at the server's log: it may refuse the client certificate, or a proxy in between has no backend",
      thanos: 'EOF, or connection reset by peer',
    };
  }
  return { step: 'signature', cause: `the connection broke: ${code || message}`, fix: "look at the server's log" };
}

function tlsExpected(): S3Failure {
  return {
    step: 'signature',
    cause: 'the port speaks TLS, but plain HTTP was used (insecure)',
    fix: 'drop insecure and give the CA',
    thanos: 'Client sent an HTTP request to an HTTPS server.',
  };
}

function wrongRegion({ region }: S3Answer, settings: Settings): S3Failure {
  const cause = `the region is wrong${region ? `: the server says ${region}` : ''} (given: ${settings.region ?? 'none'})`;
  return {
    step: 'signature',
    cause,
    fix: region ? `set region to ${region}` : 'set region',
    thanos: 'The authorization header is malformed; the region is wrong',
  };
}

function notS3({ status, server }: S3Answer): S3Failure {
  const by = server ? ` by ${server}` : '';
  return {
    step: 'signature',
    cause: `the port answers (${status}${by}), but not as an S3 server does`,
    fix: "check the port of endpoint: MinIO's console (9001) is not its API (9000); behind a proxy check the route",
  };
}
