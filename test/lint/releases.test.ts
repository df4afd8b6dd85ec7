import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { lint } from '../../src/lint/lint';
import { TEST_DATA } from '../programs/cluster';
import { needing } from '../programs/program';
import { NOW } from './manifests';

const FOLDER = path.join(TEST_DATA, 'data/releases');
/** Found rightly. */
const TRUE = 'true';

/** What lint says of releases as the charts render them, each looked at by hand: true, or why it is accepted though it is not. */
const JUDGED: Record<string, Record<string, string>> = {
  'bitnami-thanos.yaml': {
    // $(OBJSTORE_CONFIG) of a Secret with the keys in it
    'error keys-in-pod-spec StatefulSet monitoring/thanos-receive': TRUE,
    'warning keys-in-objstore Secret monitoring/thanos-objstore-secret': TRUE,
  },
  'bitnami-prod-dual.yaml': {
    // the distributor gets the config as env, and opens no bucket
    'error keys-outside Deployment monitoring/prod-thanos-receive-distributor': TRUE,
    'warning config-in-arguments StatefulSet monitoring/prod-thanos-receive': TRUE,
    // an existingObjstoreSecret has no checksum in the chart
    'warning no-checksum StatefulSet monitoring/prod-thanos-ruler': TRUE,
    'warning no-checksum StatefulSet monitoring/prod-thanos-storegateway-0': TRUE,
    'warning no-checksum StatefulSet monitoring/prod-thanos-storegateway-1': TRUE,
  },
  'community-thanos.yaml': {
    'warning sub-path StatefulSet monitoring/thanos-ruler': TRUE,
    'warning sub-path StatefulSet monitoring/thanos-storegateway': TRUE,
  },
  'stevehipwell-thanos.yaml': {
    'warning keys-in-objstore Secret monitoring/thanos-objstore-config': TRUE,
    'warning sub-path StatefulSet monitoring/thanos-compact': TRUE,
    'warning sub-path StatefulSet monitoring/thanos-receive-ingestor': TRUE,
    'warning sub-path StatefulSet monitoring/thanos-rule': TRUE,
    'warning sub-path StatefulSet monitoring/thanos-store-gateway': TRUE,
  },
  'kube-thanos.yaml': {
    'warning config-in-arguments StatefulSet thanos/thanos-store': TRUE,
    'warning no-checksum StatefulSet thanos/thanos-store': TRUE,
  },
};

const isHere = existsSync(FOLDER);
const describeReleases = isHere ? describe : describe.skip;

describeReleases(isHere ? 'releases of the charts' : needing('releases of the charts', ['TEST_DATA']), () => {
  test.each(Object.entries(JUDGED))('%s: every finding was judged, and every judged one is found', (file, judged) => {
    const text = readFileSync(path.join(FOLDER, file), 'utf8');
    const found = lint([{ file, text }], NOW).map(({ severity, rule, object }) => `${severity} ${rule} ${object}`);
    expect(found.sort()).toEqual(Object.keys(judged).sort());
  });

  test('precision', () => {
    const verdicts = Object.values(JUDGED).flatMap((one) => Object.values(one));
    const right = verdicts.filter((verdict) => verdict === TRUE).length;
    process.stderr.write(
      `lint: ${right} of ${verdicts.length} findings in ${Object.keys(JUDGED).length} releases are true\n`,
    );
    expect(right / verdicts.length).toBeGreaterThanOrEqual(0.95);
  });
});
