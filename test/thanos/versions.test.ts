import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { flagsOf } from '../../src/thanos/command';
import { VALUES_SINCE } from '../../src/thanos/flag-values';
import { FLAGS } from '../../src/thanos/flag-names';
import { THANOS_TAG } from '../../src/pod/image';
import { helped } from '../programs/help';
import { describeThanos } from '../programs/thanos';

/** What `npm run versions` wrote of a version. */
interface Version {
  readonly minor: number;
  /** Flags that the help of a command shows, with `!` for a switch and `*` for what may repeat; null without the command. */
  readonly commands: Record<string, readonly string[] | null>;
  /** The values of flags that take only some, by the command's words and the flag's name. */
  readonly choices: Record<string, Record<string, readonly string[]>>;
  /** `taken`, or why not: by the file's name, then by the path of the key that was tried. */
  readonly configs: Record<string, Record<string, string>>;
  /** Keys that laxer parsers read, by their source; null where the version has no such file. */
  readonly keys: Record<string, readonly string[] | null>;
}

const FOLDER = path.join(__dirname, '../fixtures/thanos-versions');
const VERSIONS: readonly Version[] = readdirSync(FOLDER)
  .map((file) => ({
    ...JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')),
    minor: Number(/^v0\.(\d+)\./.exec(file)![1]),
  }))
  .sort((a, b) => a.minor - b.minor);
const OLDEST = VERSIONS[0].minor;
const NEWEST = VERSIONS.at(-1)!;
const COMMANDS = Object.keys(FLAGS);
const bare = (flag: string): string => `--${flag.replace(/[!*]$/, '')}`;

/** The first version that has what a question asks for; undefined where the oldest has it. */
function first(has: (version: Version) => boolean): number | undefined {
  const minor = VERSIONS.find(has)?.minor;
  return minor === OLDEST ? undefined : minor;
}

describe('what is known of the versions', () => {
  test('is of each minor version from 0.38 to the one that the library was made with', () => {
    const [, minor] = /^v0\.(\d+)\./.exec(THANOS_TAG)!;
    expect(VERSIONS.map((version) => version.minor)).toEqual(
      Array.from({ length: Number(minor) - 37 }, (_, i) => 38 + i),
    );
  });

  test.each(COMMANDS)('says of each flag of %s which version brought it', (words) => {
    const known = flagsOf(words.split(' '))!;
    const shown = (NEWEST.commands[words] ?? []).map(bare);
    expect(shown.length).toBeGreaterThan(10);
    const since = (name: string): number | undefined =>
      HIDDEN[words]?.includes(name)
        ? undefined
        : first(({ commands }) => commands[words]?.some((flag) => bare(flag) === name) ?? false);
    const told = (name: string): number | undefined => {
      const minor = known.get(name)?.since ?? 0;
      return minor > OLDEST ? minor : undefined;
    };
    expect(shown.map((name) => [name, told(name)])).toEqual(shown.map((name) => [name, since(name)]));
  });

  test.each(COMMANDS)('has no flag of %s that came and went', (words) => {
    const known = flagsOf(words.split(' '))!;
    const gone = VERSIONS.flatMap(({ minor, commands }) =>
      (commands[words] ?? [])
        .map(bare)
        .filter((name) => !known.has(name))
        .map((name) => `${name} 0.${minor}`),
    );
    expect(gone).toEqual(GONE[words] ?? []);
  });

  test('says of each value that came after its flag which version brought it', () => {
    const late = new Map(
      COMMANDS.flatMap((words) =>
        Object.entries(NEWEST.choices[words]).flatMap(([flag, values]) =>
          values.map((value): [string, number | undefined] => [
            `--${flag}=${value}`,
            // a flag that took anything once has no list then
            first(({ choices }) => (choices[words]?.[flag] ?? values).includes(value)),
          ]),
        ),
      ).filter(([, minor]) => minor !== undefined),
    );
    expect(Object.fromEntries(late)).toEqual(VALUES_SINCE);
  });

  test('tells of every parser that refuses a key of nobody that it takes every other since 0.38', () => {
    const strict = Object.entries(NEWEST.configs).flatMap(([file, verdicts]) =>
      Object.keys(verdicts)
        .filter((key) => !key.endsWith(NOBODYS) && refusesNobodys(file, key))
        .map((key) => ({ file, key })),
    );
    expect(strict.length).toBeGreaterThan(100);
    const late = strict
      .map(({ file, key }) => [`${file}: ${key}`, first(({ configs }) => configs[file][key] === 'taken')])
      .filter(([, minor]) => minor !== undefined);
    expect(Object.fromEntries(late)).toEqual({});
  });

  test('says which keys came later that a parser passes over without a word', () => {
    const late = Object.entries(NEWEST.keys).flatMap(([file, names]) =>
      names!
        .map((name): [string, number | undefined] => [
          `${file} ${name}`,
          first(({ keys }) => keys[file]?.includes(name) ?? false),
        ])
        .filter(([, minor]) => minor !== undefined),
    );
    expect(Object.fromEntries(late)).toEqual(LATE_KEYS);
  });
});

const NOBODYS = 'nobodys_key';

/** Whether the parser of the place where a key stands refuses what it doesn't know. */
function refusesNobodys(file: string, key: string): boolean {
  const place = key.split('.').slice(0, -1);
  const verdict = NEWEST.configs[file][[...place, NOBODYS].join('.')];
  return verdict !== undefined && verdict !== 'taken';
}

/** Each is an error at synth with an older image, where the library writes it. */
const LATE_KEYS: Record<string, number> = {
  // shuffleSharding
  'pkg/receive/config.go cache_size': 39,
  'pkg/receive/config.go overrides': 39,
  'pkg/receive/config.go shard_size': 39,
  'pkg/receive/config.go shuffle_sharding_config': 39,
  'pkg/receive/config.go zone_awareness_disabled': 39,
  // serviceConfig
  'cmd/thanos/endpointset.go service_config': 40,
  // TLS by endpoint; grpcTls is told by flags before
  ...Object.fromEntries(
    [
      ...['ca_file', 'cert_file', 'client_config', 'compression', 'default_client_config', 'enabled', 'key_file'],
      ...['insecure_skip_verify', 'min_version', 'server_name', 'tls_config'],
    ].map((key) => [`cmd/thanos/endpointset.go ${key}`, 42]),
  ),
  // not written
  'pkg/cacheutil/redis_client.go min_version': 42,
  'pkg/cacheutil/redis_client.go prefix': 42,
};

/** Flags that the help of an older version hides, although it takes them. */
const HIDDEN: Record<string, readonly string[]> = { query: ['--enable-feature'] };

/** Flags that the newest version lacks. */
const GONE: Record<string, readonly string[]> = {};

describeThanos('the newest version', () => {
  test.each(COMMANDS)('shows in its help of %s what is written down', async (words) => {
    const marks = { nothing: '!', values: '*', value: '' };
    const shown = [...(await helped(words.split(' ')))].map(([name, takes]) => `${name.slice(2)}${marks[takes]}`);
    expect(NEWEST.commands[words]).toEqual(shown.sort());
  });
});
