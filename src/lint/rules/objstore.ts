import type { Hit, Rule } from '../finding';
import type { Fault } from '../fault';
import type { ObjstoreUse } from '../objstore-uses';
import type { World } from '../world';
import { found } from '../../support/problem';

export const objstoreUnknownKey: Rule = {
  id: 'objstore-unknown-key',
  severity: 'error',
  about: 'objstore.yml has a key that Thanos refuses at start',
  check: (world) => faults(world, 'objstore-unknown-key'),
};

export const objstoreInvalid: Rule = {
  id: 'objstore-invalid',
  severity: 'error',
  about: 'objstore.yml has a value that Thanos refuses, or fails with at the first request',
  check: (world) => [...faults(world, 'objstore-invalid'), ...twoConfigs(world)],
};

export const inertKey: Rule = {
  id: 'inert-key',
  severity: 'warning',
  about: 'objstore.yml has a key that Thanos reads and ignores',
  check: (world) => faults(world, 'inert-key'),
};

export const verificationOff: Rule = {
  id: 'verification-off',
  severity: 'warning',
  about: "the S3 server's certificate is not verified, or TLS is off although a CA is given (an error)",
  check: (world) => faults(world, 'verification-off'),
};

export const configNotMounted: Rule = {
  id: 'config-not-mounted',
  severity: 'error',
  about: '--objstore.config-file names a path where nothing is mounted',
  check: (world) =>
    world.uses
      .filter(({ via, mounted, file }) => via === 'file' && mounted === false && !file?.includes('$('))
      .map(({ container, path, file }) => ({
        object: container.pod.object,
        path,
        text: `names ${found(file)}, but no such file is mounted: Thanos stops at start`,
        fix: 'Mount the Secret or ConfigMap there, with that key',
      })),
};

function faults(world: World, rule: Fault['rule']): Hit[] {
  return world.configs.flatMap((use) =>
    use.config!.faults.filter((fault) => fault.rule === rule).map((fault) => hit(use, fault)),
  );
}

function hit({ ref, container, path }: ObjstoreUse, fault: Fault): Hit {
  const where = ref?.object ? `data["${ref.key}"]` : path;
  return {
    object: ref?.object ?? container.pod.object,
    path: fault.path === '' ? where : `${where} ${fault.path}`,
    text: fault.text,
    fix: fault.fix,
    severity: fault.error ? 'error' : undefined,
  };
}

function twoConfigs(world: World): Hit[] {
  return world.containers.flatMap((container) => {
    const main = world.usesOf(container).filter(({ flag }) => /^--objstore\.config/.test(flag));
    const kinds = new Set(main.map(({ flag }) => flag));
    if (main.length < 2 || container.words.some(({ word }) => /\s/.test(word) && word.includes('--objstore')))
      return [];
    const text = kinds.size > 1 ? 'excludes --objstore.config-file' : 'is given twice';
    const fix = 'Keep --objstore.config-file alone';
    return [{ object: container.pod.object, path: main[1].path, text: `${text}: Thanos stops at start`, fix }];
  });
}
