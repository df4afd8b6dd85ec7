import { textOf } from '../../lint/files';
import { parseManifests } from '../../lint/parse-manifests';
import { World } from '../../lint/world';
import { parsePemBundle } from '../../pki/pem-bundle';
import { named } from '../ca/endpoint-option';
import { readTextInput } from '../files';
import { Kubectl } from '../kubectl';
import { manifestFiles } from '../manifest-files';
import { CliProblem } from '../problem';
import { blocks } from './blocks';
import { type ExpectedCa, caElsewhere, caFiles, caObjects, wiring } from './ca';
import { disks } from './disk';
import { logs } from './logs';
import { firstPages, metrics } from './metrics';
import { podsReady, sameChecksum, startedAfterChange } from './pods';
import { networkPolicies } from './policies';
import { preflight } from './preflight';
import type { CheckResult } from './result';
import { rings } from './ring';
import { servedCertificates } from './served';
import { readStack } from './stack';
import { stores } from './stores';

/** What is looked at, and how. */
export interface RunOptions {
  readonly namespace: string;
  readonly instance?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly ca?: string;
  readonly manifests?: string;
  readonly since?: string;
  readonly maxUploadAge: string;
  readonly timeLimit: string;
}

/** Looks once at a running stack. */
export async function resultsOf(options: RunOptions): Promise<CheckResult[]> {
  const maxAge = Number(options.maxUploadAge);
  if (!(maxAge > 0)) throw new CliProblem('--max-upload-age is not a number of hours');
  if (options.since !== undefined && !/^(\d+[hms])+$/.test(options.since))
    throw new CliProblem('--since is not a duration; write 30m or 1h');
  const allSeconds = Number(options.timeLimit);
  if (!(allSeconds > 0)) throw new CliProblem('--time-limit is not a number of seconds');
  const expected = expectedCa(options);
  const stack = await readStack(new Kubectl(options, { allSeconds }), options.instance, new Date());
  await firstPages(stack);
  return [
    ...(await preflight(stack)),
    ...(await podsReady(stack)),
    ...wiring(stack),
    ...caObjects(stack, expected),
    ...(await caFiles(stack)),
    ...(await caElsewhere(stack)),
    ...sameChecksum(stack),
    ...startedAfterChange(stack),
    ...(await logs(stack, options.since)),
    ...(await metrics(stack, maxAge)),
    ...(await blocks(stack)),
    ...(await stores(stack)),
    ...(await rings(stack)),
    ...(await networkPolicies(stack)),
    ...(await disks(stack)),
    ...(await servedCertificates(stack)),
  ];
}

function expectedCa({ ca, manifests }: RunOptions): ExpectedCa | undefined {
  if (ca !== undefined && manifests !== undefined) throw new CliProblem('give --ca or --manifests, not both');
  if (ca !== undefined) {
    const { pem } = named(ca, () => parsePemBundle(readTextInput(ca), { allowLeaf: true }));
    return { source: ca, pem: () => pem };
  }
  if (manifests === undefined) return undefined;
  const { texts, problems } = manifestFiles([manifests]);
  const parsed = texts.map((one) => parseManifests(one.file, one.text, one));
  const [problem] = [...problems, ...parsed.flatMap((p) => p.problems)].filter(({ severity }) => severity === 'error');
  if (problem) throw new CliProblem(`${problem.file} ${problem.text}`);
  const world = new World(
    parsed.flatMap((p) => p.objects),
    new Date(),
  );
  return {
    source: manifests,
    pem: (ref) => textOf({ ...ref, object: world.find(ref.kind, ref.object?.namespace ?? '', ref.name) }),
  };
}
