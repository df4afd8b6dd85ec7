import { createHash } from 'node:crypto';
import { notAfter, subjectOf } from '../../pki/certificate';
import { type PemBundle, parsePemBundle } from '../../pki/pem-bundle';
import { type KeyRef, textOf } from '../../lint/files';
import { RULES } from '../../lint/rules';
import { InputProblem } from '../../support/problem';
import { type CheckResult, fail, pass, skip, warn } from './result';
import { type Stack, type ThanosPod, refersTo } from './stack';

const SECRET = 'CA parses';
const MATCH = 'CA matches';
const FILE = 'CA in the granted pods';
const OTHERS = 'CA in no other pod';
const DAY = 24 * 3600 * 1000;
/** Rules that judge how what runs is wired. */
const WIRING = ['ca-not-mounted', 'ca-path-differs', 'ca-unused', 'config-not-mounted', 'objstore-unknown-key'];
const OUTSIDE = ['ca-outside', 'keys-outside'];

/** What the CA is expected to be, and who says so. */
export interface ExpectedCa {
  readonly source: string;
  readonly pem: (ref: KeyRef) => string | undefined;
}

/** The CA objects of the stack: PEM that Thanos can read, valid, and what was expected. */
export function caObjects(stack: Stack, expected: ExpectedCa | undefined): CheckResult[] {
  if (stack.ca.size === 0) return withoutCa(stack);
  const refs = [...stack.ca.values()].flatMap(({ ref }) => ref ?? []);
  const distinct = [...new Map(refs.map((ref) => [`${ref.kind}/${ref.name}/${ref.key}`, ref])).values()];
  return distinct.flatMap((ref) => caObject(stack, ref, expected));
}

function withoutCa({ unread }: Stack): CheckResult[] {
  if (unread.length > 0)
    return [
      fail(
        'config',
        'objstore',
        unread.join('; '),
        'Create what is missing; for the rest ask for the right to read it',
      ),
    ];
  return [skip(SECRET, 'objstore.yml', 'it names no ca_file: the roots of the image are trusted')];
}

function caObject(stack: Stack, ref: KeyRef, expected: ExpectedCa | undefined): CheckResult[] {
  const name = `${ref.kind} ${ref.name}`;
  const unread = stack.unread.find((line) => line.startsWith(`${name} `));
  if (unread?.includes("can't be read")) return [skip(SECRET, name, unread)];
  const pem = textOf(ref);
  if (pem === undefined) {
    const what = unread ?? `${name} has no key ${ref.key}`;
    return [fail(SECRET, name, what, `Create it, with the CA under ${ref.key}; the pods then start by themselves`)];
  }
  try {
    const bundle = parsePemBundle(pem, { allowLeaf: true, asIs: true });
    return [...judged(name, bundle, stack.now), ...matches(name, ref, bundle, expected)];
  } catch (error) {
    if (!(error instanceof InputProblem)) throw error;
    return [
      fail(SECRET, name, `${ref.key} ${error.message}`, 'Put the PEM of the CA there, then restart the granted pods'),
    ];
  }
}

function judged(name: string, { certificates }: PemBundle, now: Date): CheckResult[] {
  const expired = certificates.filter((c) => notAfter(c) < now);
  if (expired.length > 0)
    return [
      fail(
        SECRET,
        name,
        `${subjectOf(expired[0])} expired on ${notAfter(expired[0]).toISOString()}`,
        'Deliver a new CA',
      ),
    ];
  const soon = certificates.find((c) => notAfter(c).getTime() - now.getTime() < 30 * DAY);
  if (soon)
    return [
      warn(
        SECRET,
        name,
        `${subjectOf(soon)} expires on ${notAfter(soon).toISOString()}`,
        'Rotate it now: old and new as one bundle first',
      ),
    ];
  return [
    pass(
      SECRET,
      name,
      certificates.map((c) => `${subjectOf(c)}, valid until ${notAfter(c).toISOString().slice(0, 10)}`).join('; '),
    ),
  ];
}

function matches(
  name: string,
  ref: KeyRef,
  { certificates }: PemBundle,
  expected: ExpectedCa | undefined,
): CheckResult[] {
  const pem = expected?.pem(ref);
  if (expected === undefined) return [];
  if (pem === undefined) return [skip(MATCH, name, `${expected.source} does not hold it`)];
  const there = certificates.map((c) => c.fingerprint256);
  const wanted = parsePemBundle(pem, { allowLeaf: true }).certificates;
  const lost = wanted.filter((c) => !there.includes(c.fingerprint256));
  if (lost.length === 0 && wanted.length === there.length)
    return [pass(MATCH, name, `the same as in ${expected.source}`)];
  const what = lost.length > 0 ? `lacks ${subjectOf(lost[0])}` : 'holds more certificates';
  return [
    fail(
      MATCH,
      name,
      `${what}, compared with ${expected.source}`,
      'Apply the manifests again; the granted pods then roll',
    ),
  ];
}

/** The file in each granted pod is what the Secret holds. */
export async function caFiles(stack: Stack): Promise<CheckResult[]> {
  return Promise.all([...stack.ca].map(([pod, { path, ref }]) => caFile(stack, pod, path, ref && textOf(ref))));
}

async function caFile(
  { kubectl }: Stack,
  pod: ThanosPod,
  path: string,
  wanted: string | undefined,
): Promise<CheckResult> {
  const { name, container, running } = pod;
  if (!running) return skip(FILE, name, 'its container is not running');
  const { ok, out, error } = await kubectl.run('exec', name, `--container=${container.name}`, '--', 'cat', path);
  if (!ok) {
    if (/No such file or directory/.test(error) && /cat: /.test(error))
      return fail(
        FILE,
        name,
        `${path} is not there`,
        'Mount the CA as a directory at that path, and let the pod be made anew',
      );
    return skip(FILE, name, `mounted at ${path} says the pod's spec; it was not looked at (${reasonOf(error)})`);
  }
  const hash = sha256(out);
  if (wanted === undefined) return pass(FILE, name, `${path}, sha256 ${hash.slice(0, 12)}`);
  if (hash === sha256(Buffer.from(wanted)))
    return pass(FILE, name, `${path} is what the cluster holds, sha256 ${hash.slice(0, 12)}`);
  const fix =
    'A directory mount follows within two minutes, a subPath mount never; then restart the pod: Thanos reads it at start';
  return fail(FILE, name, `${path} differs from the object in the cluster`, fix);
}

/** No pod of the namespace outside the granted ones has the CA: by its spec, and for Thanos' own by looking. */
export async function caElsewhere(stack: Stack): Promise<CheckResult[]> {
  const judged = lint(stack, OUTSIDE);
  const [file] = stack.ca.values();
  if (file === undefined) return judged;
  const others = stack.pods.filter((pod) => !pod.granted);
  const looked = await Promise.all(others.map((pod) => absent(stack, pod, file.path)));
  const all = [...judged, ...looked.flat()];
  if (all.length > 0) return all;
  const named = stack.world.pods.filter((pod) => file.ref && refersTo(pod, file.ref)).length;
  return [
    pass(OTHERS, 'namespace', `${stack.world.pods.length - named} pods without it, ${others.length} of them Thanos'`),
  ];
}

async function absent(
  { kubectl }: Stack,
  { name, container, running }: ThanosPod,
  path: string,
): Promise<CheckResult[]> {
  if (!running) return [];
  const { ok, out } = await kubectl.run('exec', name, `--container=${container.name}`, '--', 'cat', path);
  if (!ok || !out.includes('-----BEGIN CERTIFICATE-----')) return [];
  return [fail(OTHERS, name, `has ${path}, and opens no bucket`, 'Remove the mount from its workload')];
}

/** The lint rules that tell how running pods are wired. */
export function wiring(stack: Stack): CheckResult[] {
  return lint(stack, WIRING);
}

function lint({ world }: Stack, ids: string[]): CheckResult[] {
  const hits = RULES.filter(({ id }) => ids.includes(id)).flatMap((rule) =>
    rule.check(world).map((hit) => ({ rule, hit })),
  );
  return hits.map(({ rule, hit }) => {
    const severity = hit.severity ?? rule.severity;
    const detail = `${hit.path} ${hit.text}`;
    return (severity === 'error' ? fail : warn)(rule.id, hit.object.name, detail, hit.fix);
  });
}

function reasonOf(error: string): string {
  return /executable file not found|no such file or directory/i.test(error) ? 'its image has no cat' : error;
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
