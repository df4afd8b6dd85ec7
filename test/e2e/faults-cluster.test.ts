import { withoutDns } from './support/faults/dns';
import { describeFaults, NOTHING_WRONG } from './support/faults/suite';
import { pause } from './support/progress';

const TWO_MINUTES = 120_000;

describeFaults(
  'a stack that is written to and read from while the DNS of its cluster is away',
  'thanos-e2e-around',
  { byDns: true },
  (run) => {
    test('goes on with the addresses it knows when DNS is away', async () => {
      const outcome = await run().fault('dns', () => withoutDns(() => pause(TWO_MINUTES)));
      expect(outcome).toMatchObject(NOTHING_WRONG);
    });
  },
);

describeFaults(
  'the same where a frontend keeps its connection to Query, which speaks HTTP/2',
  'thanos-e2e-around-https',
  { byDns: true, queryHttps: true },
  (run) => {
    test('answers every read when DNS is away', async () => {
      const outcome = await run().fault('dns https', () => withoutDns(() => pause(TWO_MINUTES)));
      expect(outcome).toMatchObject(NOTHING_WRONG);
      expect(outcome.asked).toBeGreaterThan(100);
      expect(outcome.answered).toBe(outcome.asked);
    });
  },
);
