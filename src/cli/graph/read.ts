import { type Cluster, divide, GROUPINGS } from '../../lint/clusters';
import { parseManifests } from '../../lint/parse-manifests';
import { manifestFiles } from '../manifest-files';
import { CliProblem } from '../problem';

/** The objects of files and folders, by cluster. What can't be read is an error: a picture without it would lie. */
export function readManifestObjects(given: readonly string[], clusters: string): readonly Cluster[] {
  const how = GROUPINGS.find((one) => one === clusters);
  if (how === undefined) throw new CliProblem(`--clusters is not one of ${GROUPINGS.join(', ')}`);
  const { texts, problems, kustomizations } = manifestFiles(given);
  const parsed = texts.map(({ file, text, among }) => parseManifests(file, text, { among }));
  const [bad] = [...problems, ...parsed.flatMap((one) => one.problems)].filter(({ severity }) => severity === 'error');
  if (bad) throw new CliProblem([bad.file, bad.path, bad.text].filter((part) => part !== '').join(' '));
  const objects = parsed.flatMap((one) => one.objects);
  return divide(objects, how, kustomizations).clusters;
}
