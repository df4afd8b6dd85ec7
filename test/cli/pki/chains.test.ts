import { X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { nameProblem, verdictOf } from '../../../src/cli/pki/judge';
import { factsOf, isSelfSigned, pathTo, signed } from '../../../src/pki/chain';
import { scanPem } from '../../../src/pki/pem';
import { inspect } from '../../../src/cli/ca/inspect';
import { ECDSA_CA, LEAF, SELF_SIGNED_LEAF, V1_CA } from '../../fixtures/certificates';
import { damagedDer } from '../../fixtures/damaged';
import { runs } from '../../property/runs';
import { type Pair, issued } from '../issued';

const NOW = new Date();
const NAME = 's3.minio.example.com';
const YEAR_MS = 365 * 24 * 3600_000;
const OLD = { notBefore: new Date(Date.now() - 2 * YEAR_MS), notAfter: new Date(Date.now() - YEAR_MS) };

/** A certificate, and which of the others signed it; a root signed itself. */
interface Made {
  readonly name: string;
  readonly by: string;
  readonly certificate: X509Certificate;
}

/** Roots, one that took another's name with a new key, intermediates below them, and servers of each. */
async function makeAll(): Promise<Made[]> {
  const pairs = new Map<string, Pair>();
  const all: Made[] = [];
  const make = async (name: string, by: string, over: Partial<Parameters<typeof issued>[0]> = {}): Promise<void> => {
    const pair = await issued({ name, issuer: pairs.get(by), ...over });
    pairs.set(name, pair);
    all.push({ name, by, certificate: new X509Certificate(pair.certificate) });
  };
  for (const root of ['root', 'other root']) await make(root, root);
  await make('twin of root', 'twin of root', { name: 'root' });
  await make('old root', 'old root', OLD);
  for (const signer of ['root', 'other root', 'twin of root', 'old root'])
    await make(`below ${signer}`, signer, { name: `below ${signer}` });
  await make('twice below root', 'below root');
  for (const signer of [...pairs.keys()]) await make(`server of ${signer}`, signer, { names: [NAME] });
  return all;
}

let all: Made[];
beforeAll(async () => void (all = await makeAll()));

/** Whether issuers lead from the first certificate to a trusted one, by what was made. */
function reachable([first, ...others]: Made[], trusted: Made[]): boolean {
  const anchors = new Set(trusted.map(({ name }) => name));
  const sent = new Map(others.map((made) => [made.name, made]));
  for (let at: Made | undefined = first, steps = 0; at && steps <= others.length + 1; steps++) {
    if (anchors.has(at.name) || anchors.has(at.by)) return true;
    at = at.by === at.name ? undefined : sent.get(at.by);
  }
  return false;
}

test('a path is found exactly where one was made, and each of its certificates signed the one before', () => {
  const some = (minLength: number) => fc.array(fc.nat(all.length - 1), { minLength, maxLength: 6 });
  fc.assert(
    fc.property(some(1), some(0), (presented, roots) => {
      const [chain, trusted] = [presented, roots].map((indices) => indices.map((i) => all[i]));
      const cas = trusted.filter(({ certificate }) => certificate.ca || certificate === chain[0].certificate);
      const certificates = (of: Made[]) => of.map(({ certificate }) => certificate);
      const path = pathTo(certificates(chain), certificates(cas));
      expect(path !== undefined).toBe(reachable(chain, cas));
      const { chain: problem } = verdictOf(certificates(chain), certificates(cas), NAME, NOW);
      if (!path) return void expect(problem).toBeDefined();
      expect(path[0]).toBe(chain[0].certificate);
      path.slice(1).forEach((issuer, i) => expect(signed(issuer, path[i])).toBe(true));
      const old = path.some(({ validTo }) => new Date(validTo) < NOW);
      expect(problem !== undefined).toBe(old);
    }),
    runs(300),
  );
});

test('a common name that is no text is told as what Thanos can not read', () => {
  const der = Buffer.from(V1_CA.replace(/-----.*-----|\s/g, ''), 'base64');
  // the type of the subject's common name, UTF8String, becomes one that is not for texts
  der[der.lastIndexOf(Buffer.from('550403', 'hex')) + 3] = 0x07;
  expect(nameProblem(new X509Certificate(der), NAME)?.cause).toContain("Thanos can't read");
});

test('a certificate with changed bytes is told apart, judged and inspected without a crash', () => {
  const pem = fc.oneof(...[ECDSA_CA, LEAF, SELF_SIGNED_LEAF, V1_CA].map(damagedDer));
  const roots = scanPem(ECDSA_CA).map((block) => block.certificate!);
  fc.assert(
    fc.property(pem, (text) => {
      const { certificates, problems } = inspect(text, NOW);
      expect(certificates.length + problems.length).toBeGreaterThan(0);
      for (const { certificate } of scanPem(text)) {
        if (!certificate) continue;
        expect(factsOf(certificate, NOW).sha256).toBe(certificate.fingerprint256);
        expect(isSelfSigned(certificate)).toBe(isSelfSigned(certificate));
        const { chain, path } = verdictOf([certificate], roots, NAME, NOW);
        expect(chain === undefined).toBe(path.length > 0);
        expect([undefined, 'object']).toContain(nameProblem(certificate, NAME) && 'object');
      }
    }),
    runs(500),
  );
});
