import { type Cluster, divide, type Grouping, GROUPINGS, type Kustomization } from '../../lint/clusters';
import { parseManifests } from '../../lint/parse-manifests';
import { manifestFiles, type ReadText } from '../manifest-files';
import { CliProblem } from '../problem';

/** Manifests as they were read. */
export interface ReadManifests {
  readonly texts: readonly ReadText[];
  readonly kustomizations: readonly Kustomization[];
  readonly how: Grouping;
  /** The objects of each cluster. */
  readonly clusters: readonly Cluster[];
}

/** The objects of files and folders, by cluster. What can't be read is an error: a picture without it would lie. */
export function readManifests(given: readonly string[], clusters: string): ReadManifests {
  const how = GROUPINGS.find((one) => one === clusters);
  if (how === undefined) throw new CliProblem(`--clusters is not one of ${GROUPINGS.join(', ')}`);
  const { texts, problems, kustomizations } = manifestFiles(given);
  const parsed = texts.map(({ file, text, among }) => parseManifests(file, text, { among }));
  const [bad] = [...problems, ...parsed.flatMap((one) => one.problems)].filter(({ severity }) => severity === 'error');
  if (bad) throw new CliProblem([bad.file, bad.path, bad.text].filter((part) => part !== '').join(' '));
  const objects = parsed.flatMap((one) => one.objects);
  return { texts, kustomizations, how, clusters: divide(objects, how, kustomizations).clusters };
}
