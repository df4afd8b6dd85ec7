import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A bucket that is a folder, which Thanos opens as any other (`type: FILESYSTEM`). */
export function makeBucket(folder) {
  mkdirSync(folder, { recursive: true });
  const flag = `--objstore.config=${JSON.stringify({ type: 'FILESYSTEM', config: { directory: folder } })}`;
  let taken = 0;
  return {
    folder,
    flag,
    /** Takes a block of another bucket so many times, each under an id of its own. */
    take: (other, { id }, copies) => {
      for (let copy = 0; copy < copies; copy++) {
        const ulid = `${id.slice(0, 20)}${(taken += 1).toString().padStart(6, '0')}`;
        cpSync(join(other.folder, id), join(folder, ulid), { recursive: true });
        const file = join(folder, ulid, 'meta.json');
        const meta = JSON.parse(readFileSync(file, 'utf8'));
        // blocks of the same sources are one to Thanos
        const compaction = { ...meta.compaction, sources: [ulid], parents: undefined };
        writeFileSync(file, JSON.stringify({ ...meta, ulid, compaction }));
      }
    },
    blocks: () => blocksOf(folder),
  };
}

/** The blocks of a bucket that nobody has marked for deletion, by their start. */
function blocksOf(folder) {
  const ids = readdirSync(folder).filter((name) => /^[0-9A-Z]{26}$/.test(name));
  const alive = ids.filter((id) => !readdirSync(join(folder, id)).includes('deletion-mark.json'));
  const blocks = alive.map((id) => {
    const meta = JSON.parse(readFileSync(join(folder, id, 'meta.json'), 'utf8'));
    return {
      id,
      end: meta.maxTime / 1000,
      hours: (meta.maxTime - meta.minTime) / 3600e3,
      resolution: meta.thanos.downsample.resolution / 1000,
      series: meta.stats.numSeries,
      samples: meta.stats.numSamples,
      index: statSync(join(folder, id, 'index')).size,
      chunks: bytesOf(join(folder, id, 'chunks')),
    };
  });
  return blocks.sort((a, b) => a.end - b.end);
}

/** Bytes of all files below a folder. */
export function bytesOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).size, 0);
}
