import { LOG_CAUSES } from '../../src/cli/check/log-causes';
import { lintRules, refusal } from './judge';
import { describeWith } from '../programs/program';
import { HANDSHAKE_PROOFS, NETWORK_PROOFS } from './network-cases';
import { anchor, page, says, sections } from './page';
import { type Case, type Outcome, outcome, type Proofs } from './run';
import { ANSWER_PROOFS } from './s3-cases';
import { START_PROOFS } from './start-cases';
import { CA_FILE_PROOFS, CERTIFICATE_PROOFS } from './tls-cases';
import { startWorld, stopWorld, type World } from './world';

const PROOFS: Proofs = {
  ...CERTIFICATE_PROOFS,
  ...CA_FILE_PROOFS,
  ...HANDSHAKE_PROOFS,
  ...NETWORK_PROOFS,
  ...ANSWER_PROOFS,
  ...START_PROOFS,
};
const SECTIONS = sections(page());
const PROVED = SECTIONS.filter(({ texts }) => texts.length > 0);
const ALL = Object.entries(PROOFS).flatMap(([heading, { cases }]) => cases.map((one) => ({ heading, one })));
/** Two cores are enough for so many. */
const AT_ONCE = 4;

describe('the page', () => {
  test('has a section for each proof, and a proof for each section', () => {
    expect(Object.keys(PROOFS).sort()).toEqual(PROVED.map(({ heading }) => heading).sort());
  });

  test('says for each text which part of the library catches it', () => {
    const mute = PROVED.filter((s) => !s.impossible && !s.preflight && s.synth.length + s.verify.length === 0);
    expect(mute.filter(({ lint }) => lint.length === 0).map(({ heading }) => heading)).toEqual([]);
  });

  test('leads to headings that are there', () => {
    const anchors = [...page().matchAll(/^#{1,3} (.*)$/gm)].map(([, heading]) => anchor(heading));
    const links = [...page().matchAll(/\]\(#([^)]*)\)/g)].map(([, link]) => link);
    expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
    expect(links.length).toBeGreaterThan(5);
  });

  test('has every text that "cdk8s-thanos check" looks for in the logs', () => {
    const texts = SECTIONS.flatMap((s) => [...s.texts, ...s.seen]);
    const lost = LOG_CAUSES.filter(({ pattern }) => !texts.some((text) => pattern.test(text)));
    expect(lost.map(({ pattern }) => pattern.source)).toEqual([]);
  });
});

describeWith(['thanos', 'minio'], 'the error catalogue', () => {
  let world: World;
  const outcomes = new Map<Case, Outcome>();
  beforeAll(async () => {
    world = await startWorld();
    const run = async ({ one }: (typeof ALL)[number]): Promise<void> => {
      outcomes.set(one, await outcome(world, one));
    };
    const waiting = ALL.filter(({ one }) => one.slow).map(run);
    const queue = ALL.filter(({ one }) => !one.slow);
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) await run(next);
    };
    await Promise.all([...waiting, ...Array.from({ length: AT_ONCE }, worker)]);
  }, 120_000);
  afterAll(() => stopWorld(world));

  test.each(ALL)('$heading: $one.when', ({ heading, one }) => {
    const { code, said } = outcomes.get(one)!;
    const told = PROVED.filter(({ texts }) => said.some((line) => texts.some((text) => says(line, text))));
    expect({ code, told: told.map((s) => s.heading), said }).toEqual({ code: 1, told: [heading], said });
  });

  describe.each(PROVED)('$heading', ({ heading, ...section }) => {
    const proof = PROOFS[heading] ?? { cases: [] };

    test('every text comes out of Thanos', () => {
      const lines = proof.cases.flatMap((one) => outcomes.get(one)!.said);
      expect(section.texts.filter((text) => !lines.some((line) => says(line, text)))).toEqual([]);
    });

    test('synth throws the messages quoted, and no other', () => {
      const thrown = (proof.refused?.(world) ?? []).map((options) => refusal(world, options));
      expect(thrown.filter((line) => !section.synth.some((text) => says(line, text)))).toEqual([]);
      expect(section.synth.filter((text) => !thrown.some((line) => says(line, text)))).toEqual([]);
    });

    test('the preflight says it where the page says so', () => {
      const byPreflight = proof.cases.some(({ run }) => 'options' in run(world));
      expect(byPreflight).toBe(section.preflight);
    });

    test('verify fails at the steps named', () => {
      const steps = proof.cases.map((one) => outcomes.get(one)!.failed?.step);
      expect([...new Set(steps.filter((step) => step !== undefined))].sort()).toEqual([...section.verify].sort());
    });

    test('verify foretells what Thanos says', () => {
      for (const one of proof.cases.filter(({ verifyDiffers }) => verifyDiffers === undefined)) {
        const { failed, said } = outcomes.get(one)!;
        const words = (failed?.finding?.thanos ?? '').replace(/localhost(?=:\d)/, '127.0.0.1').split('...');
        for (const part of words) expect(said.join('\n')).toContain(part);
      }
    });

    test('lint finds it by the rules named', () => {
      const found = lintRules(world, proof);
      expect(section.lint.filter((rule) => !found.has(rule))).toEqual([]);
    });
  });
});
