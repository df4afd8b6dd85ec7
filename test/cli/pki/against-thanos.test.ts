import * as fc from 'fast-check';
import { runs } from '../../property/runs';
import { describeThanos } from '../../programs/thanos';
import { both, difference, each } from './both';
import { CASES } from './cases';
import { nameSetups } from './name-setups';
import { type Setup, setups } from './setups';

// `npm run fuzz` has its own
if (process.env.FUZZ_SECONDS === undefined) jest.setTimeout(240_000);

/** A run judges so many chains, a batch at a time. */
const BATCHES = 15;
const NAME_BATCHES = 6;
const BATCH = 20;

describeThanos('verify agrees with Thanos', () => {
  describe.each(CASES)('$name', ({ setup, opens, cause }) => {
    test(opens ? 'opens' : 'does not open', async () => {
      const asked = await both(setup);
      expect(difference(asked)).toBeUndefined();
      const finding = asked.verdict.chain ?? asked.verdict.name;
      expect({ opens: finding === undefined, cause: finding?.cause }).toEqual({ opens, cause });
    });
  });

  test.each([
    ['chains', setups, BATCHES],
    ['names and constraints on them', nameSetups, NAME_BATCHES],
  ])(`on some hundred generated %s`, async (what, arbitrary, batches) => {
    let [chains, opened] = [0, 0];
    const batch = fc.array(arbitrary, { minLength: BATCH, maxLength: BATCH });
    const agree = async (all: Setup[]): Promise<void> => {
      const asked = await each(all, both);
      chains += asked.length;
      opened += asked.filter(({ thanos }) => thanos.opens).length;
      const differences = asked.map((one, i) => ({ differs: difference(one), setup: JSON.stringify(all[i]) }));
      expect(differences.filter(({ differs }) => differs !== undefined)).toEqual([]);
    };
    // a batch names the set-ups that differ: there is nothing to shrink
    await fc.assert(fc.asyncProperty(batch, agree), { ...runs(batches), endOnFailure: true });
    console.info(`${chains} generated ${what}, ${opened} opened by both, 0 differences`);
    expect(opened).toBeGreaterThan(chains / 5);
    expect(opened).toBeLessThan((chains * 4) / 5);
  });
});
