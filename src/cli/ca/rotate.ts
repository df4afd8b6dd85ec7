import type { X509Certificate } from 'node:crypto';
import { notAfter, subjectOf } from '../../pki/certificate';
import { presentedChain } from './fetch';
import { readPem } from '../files';
import { endpointOption, timeoutOption } from './endpoint-option';
import type { Paint, Report } from '../output';
import { pathTo } from '../../pki/chain';
import { scanPem } from '../../pki/pem';
import { CliProblem } from '../problem';

/** Which server to look at. */
export interface ServerOptions {
  readonly endpoint?: string;
  readonly serverName?: string;
  readonly timeout: string;
}

/** Whose root the server's certificate leads to. */
type SignedBy = 'old' | 'new' | 'both' | 'neither' | 'unknown';

/** Where a rotation stands. */
export interface Stage {
  /** Step of ORDER that comes next, from 1; 0 where something is broken, 7 when all is done. */
  readonly next: number;
  /** Whether the old root may leave the bundle. */
  readonly oldMayGo: boolean;
  readonly text: string;
}

const DONE = 7;
const ORDER = [
  'put the old and the new root into the bundle (S3Ca.fromFile with both, or the Secret thanos-s3-ca-cert)',
  'roll the granted pods: Thanos reads ca_file only when it starts (the checksum annotation does it; for a referenced Secret change revision, or kubectl rollout restart)',
  'give the S3 server its certificate of the new root',
  'wait until every granted pod opened a new connection: an idle one closes after 90 s, a busy one only when the pod restarts. Readiness does not tell; look at objstore failures',
  'leave the new root alone in the bundle',
  'roll the granted pods again',
];

/** Reports where a rotation stands. */
export async function rotation(
  bundle: string,
  oldFile: string,
  newFile: string,
  server: ServerOptions,
): Promise<Report> {
  const [inUse, old, fresh] = [bundle, oldFile, newFile].map(certificatesOf);
  const prints = (all: X509Certificate[]): Set<string> => new Set(all.map((c) => c.fingerprint256));
  if (old.some((c) => prints(fresh).has(c.fingerprint256)))
    throw new CliProblem(`${oldFile} and ${newFile} hold the same certificate; there is nothing to rotate`);
  const has = (wanted: X509Certificate[]): boolean => wanted.every((c) => prints(inUse).has(c.fingerprint256));
  const holds = { old: has(old), new: has(fresh) };
  const signedBy = await serverSigner(old, fresh, server);
  const stage = stageOf(holds.old, holds.new, signedBy);
  const strangers = inUse.filter((c) => !prints([...old, ...fresh]).has(c.fingerprint256)).map(subjectOf);
  const deadline = old.map((c) => notAfter(c)).sort((a, b) => a.getTime() - b.getTime())[0];
  return {
    ok: stage.oldMayGo,
    data: {
      ...stage,
      bundle: holds,
      server: signedBy,
      oldExpires: deadline.toISOString(),
      others: strangers,
      order: ORDER,
    },
    lines: (paint) => linesOf(stage, deadline, strangers, paint),
  };
}

/** The state of a rotation from what the bundle holds and what the server shows. */
export function stageOf(hasOld: boolean, hasNew: boolean, server: SignedBy): Stage {
  const no = (next: number, text: string): Stage => ({ next, oldMayGo: false, text });
  if (server === 'neither')
    return no(0, "the server's certificate comes from neither root: new connections fail. Look with: ca fetch");
  if (!hasOld && !hasNew) return no(0, 'the bundle holds neither root: these are not the files of this rotation');
  if (!hasNew) {
    if (server === 'new')
      return no(
        0,
        'the server has moved, but the bundle lacks the new root: new connections fail. Add it and roll now',
      );
    return no(1, 'the bundle lacks the new root. Changing the server or dropping the old root now would stop uploads');
  }
  if (!hasOld) {
    if (server === 'old')
      return no(
        0,
        'the old root is gone from the bundle, but the server still uses it: new connections fail. Put it back and roll',
      );
    if (server === 'unknown')
      return no(0, 'the old root is gone from the bundle. Whether the server moved is not known: use --endpoint');
    return {
      next: DONE,
      oldMayGo: true,
      text: 'done: the bundle holds the new root alone, and the server uses it. Roll the granted pods if they did not yet',
    };
  }
  if (server === 'unknown')
    return no(3, 'the bundle holds both roots. Whether the server moved is not known: use --endpoint');
  if (server === 'old')
    return no(2, "the bundle holds both roots, but the server's certificate is still of the old one");
  return {
    next: 4,
    oldMayGo: true,
    text: 'the old root may go, once the granted pods run with this bundle and opened new connections',
  };
}

function certificatesOf(file: string): X509Certificate[] {
  const blocks = scanPem(readPem(file));
  const bad = blocks.find((block) => block.kind !== 'certificate');
  if (bad)
    throw new CliProblem(
      `${file}, line ${bad.line}: not a certificate (${bad.problem ?? bad.label}). Look with: ca inspect ${file}`,
    );
  if (blocks.length === 0) throw new CliProblem(`${file} holds no PEM certificate`);
  return blocks.map((block) => block.certificate as X509Certificate);
}

async function serverSigner(
  old: X509Certificate[],
  fresh: X509Certificate[],
  server: ServerOptions,
): Promise<SignedBy> {
  if (server.endpoint === undefined) return 'unknown';
  const { host, port = 443 } = endpointOption(server.endpoint, '--endpoint');
  const chain = await presentedChain({ host, port }, server.serverName ?? host, timeoutOption(server.timeout));
  const byOld = pathTo(chain, old) !== undefined;
  const byNew = pathTo(chain, fresh) !== undefined;
  if (byOld && byNew) return 'both';
  return byOld ? 'old' : byNew ? 'new' : 'neither';
}

function linesOf(stage: Stage, deadline: Date, strangers: string[], paint: Paint): string[] {
  const mark = (step: number): string => (stage.next === 0 || step > stage.next ? ' ' : step < stage.next ? '+' : '>');
  return [
    stage.oldMayGo ? paint.good(`yes: ${stage.text}`) : paint.bad(`not yet: ${stage.text}`),
    ...ORDER.map((text, i) => ` ${mark(i + 1)} ${i + 1}. ${text}`),
    `The old root ends on ${deadline.toISOString()}: steps 1 to 3 must be done by then.`,
    ...strangers.map((subject) => `${paint.warn('warning')} the bundle also holds ${subject}, which is neither root`),
  ];
}
