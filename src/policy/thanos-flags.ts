import { list } from '../manifest/pod-specs';
import type { Json } from '../support/json';

/** The values of a flag of a container, as Thanos gets them: `--flag=value`, or two words. */
export function flagValues(container: Json, flag: string): string[] {
  const words = list(container.args).map((word) => String(word).replaceAll('$$', '$'));
  return words.flatMap((word, i) => {
    if (word.startsWith(`${flag}=`)) return [word.slice(flag.length + 1)];
    return word === flag && words[i + 1] !== undefined ? [words[i + 1]] : [];
  });
}
