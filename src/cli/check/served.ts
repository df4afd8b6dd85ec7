import type { X509Certificate } from 'node:crypto';
import { daysLeft, notAfter, notBefore, subjectOf, WARN_DAYS } from '../../pki/certificate';
import { certificatesIn } from '../../pki/pem';
import { type CheckResult, fail, pass, skip, warn } from './result';
import type { Stack, ThanosPod } from './stack';

const CHECK = "the pod's own certificate";
/** Flags that name a certificate which the pod shows to others, as a server or as a client. */
const FLAGS = [
  ...['--grpc-server-tls-cert', '--grpc-client-tls-cert'],
  ...['--remote-write.server-tls-cert', '--remote-write.client-tls-cert'],
];
/** cert-manager renews when a third of the validity is left: what has less than a quarter was not renewed. */
const LATE = 0.25;
const FIX = 'See who renews it (kubectl describe certificate, or the Secret); Thanos takes a new file up by itself';

/** The certificates that each pod shows, as they lie in it: none expired, none that somebody forgot to renew. */
export async function servedCertificates(stack: Stack): Promise<CheckResult[]> {
  const shown = stack.pods.flatMap((pod) => filesOf(pod).map((file) => served(stack, pod, file)));
  return (await Promise.all(shown)).flat();
}

function filesOf({ flags }: ThanosPod): string[] {
  return [...new Set(FLAGS.flatMap((flag) => flags.get(flag) ?? []))].filter((file) => file !== '');
}

async function served({ kubectl, now }: Stack, pod: ThanosPod, file: string): Promise<CheckResult[]> {
  const { name, container, running } = pod;
  if (!running) return [skip(CHECK, name, 'its container is not running')];
  const { ok, out, error } = await kubectl.run('exec', name, `--container=${container.name}`, '--', 'cat', file);
  if (!ok) return [skip(CHECK, name, `${file} was not looked at (${error})`)];
  const [own] = certificatesIn(out.toString('utf8'));
  if (own === undefined) return [fail(CHECK, name, `${file} holds no certificate`, 'Deliver it anew')];
  return [judged(name, file, own, now)];
}

function judged(pod: string, file: string, certificate: X509Certificate, now: Date): CheckResult {
  const [from, until] = [notBefore(certificate), notAfter(certificate)];
  const detail = `${file}: ${subjectOf(certificate)}, valid until ${until.toISOString().slice(0, 16)}Z`;
  if (now > until) return fail(CHECK, pod, `${detail}: it has expired`, FIX);
  if (now < from) return fail(CHECK, pod, `${detail}, and not before ${from.toISOString()}`, 'Check the clocks');
  const left = (until.getTime() - now.getTime()) / (until.getTime() - from.getTime());
  const days = daysLeft(certificate, now);
  if (left < LATE && days < WARN_DAYS) return warn(CHECK, pod, `${detail}: ${days} days left`, FIX);
  return pass(CHECK, pod, `${detail}: ${days} days left`);
}
