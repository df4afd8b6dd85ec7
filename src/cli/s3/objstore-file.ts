import { existsSync } from 'node:fs';
import { found } from '../../support/problem';
import { yamlPackage } from '../../support/yaml-package';
import { readInput, readTextInput } from '../files';
import { CliProblem } from '../problem';
import { type BucketConfig, LOOKUPS } from './settings';

type Fields = Record<string, unknown>;

const PLACEHOLDER = /\$\(([A-Za-z0-9_]+)\)/g;
/** Reads the CA that objstore.yml names by the path in the pod; undefined: not found. */
export type CaReader = (path: string) => string | undefined;

/** What an objstore.yml says, read as Thanos reads it: $(NAME) from the environment first, then YAML 1.1. */
export function readObjstore(text: string, source: string, readCa: CaReader, ca?: string): BucketConfig {
  const root = mapping(parseYaml(expand(text, source), source), source);
  if (String(root.type).toUpperCase() !== 'S3')
    throw new CliProblem(`${source}: type is ${found(root.type)}; only S3 can be verified`);
  const config = mapping(root.config, `${source}: config`);
  const http = mapping(config.http_config ?? {}, `${source}: http_config`);
  const tls = mapping(http.tls_config ?? {}, `${source}: tls_config`);
  return {
    bucket: textOf(config.bucket),
    endpoint: textOf(config.endpoint),
    region: textOf(config.region),
    prefix: textOf(root.prefix),
    lookup: lookupOf(config.bucket_lookup_type, source),
    insecure: config.insecure === true,
    skipVerify: http.insecure_skip_verify === true,
    serverName: textOf(tls.server_name),
    listV1: config.list_objects_version === 'v1',
    ca: ca ?? caOf(textOf(tls.ca_file), source, readCa),
    clientCertificate: clientFile(textOf(tls.cert_file)),
    clientKey: clientFile(textOf(tls.key_file)),
    keys: keysOf(config, source),
  };
}

/** Reads one YAML document. Its own error text is not shown: it quotes the file, keys included. */
export function parseYaml(text: string, source: string): unknown {
  const document = yamlPackage().parseDocument(text, { version: '1.1', prettyErrors: true, logLevel: 'error' });
  const [error] = document.errors;
  if (error) throw new CliProblem(`${source} is not YAML: ${error.code}, line ${error.linePos?.[0].line ?? '?'}`);
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw new CliProblem(`${source} is not YAML that Thanos reads: too many or unknown aliases`);
  }
}

function expand(text: string, source: string): string {
  return text.replace(PLACEHOLDER, (_, name: string) => {
    const value = process.env[name];
    if (value === undefined)
      throw new CliProblem(`${source} refers to $(${name}), which is not set in the environment; Thanos would exit`);
    return value;
  });
}

function mapping(value: unknown, source: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CliProblem(`${source} is not a YAML mapping`);
  return value as Fields;
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

function lookupOf(value: unknown, source: string): string | undefined {
  const lookup = textOf(value);
  if (lookup !== undefined && !LOOKUPS.includes(lookup))
    throw new CliProblem(`${source}: bucket_lookup_type ${found(lookup)} is not one of ${LOOKUPS.join(', ')}`);
  return lookup;
}

function caOf(path: string | undefined, source: string, readCa: CaReader): string | undefined {
  if (path === undefined) return undefined;
  const text = readCa(path) ?? (existsSync(path) ? readTextInput(path) : undefined);
  if (text === undefined)
    throw new CliProblem(`${source}: ca_file ${path} lies in the pod; give the same CA here with --ca FILE`);
  return text;
}

/** A client certificate lies in the pod as well; where it is not here, the options give it. */
function clientFile(path: string | undefined): Buffer | undefined {
  return path !== undefined && existsSync(path) ? readInput(path) : undefined;
}

function keysOf(config: Fields, source: string): BucketConfig['keys'] {
  const accessKeyId = textOf(config.access_key);
  const secretAccessKey = textOf(config.secret_key);
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new CliProblem(`${source}: only one of access_key and secret_key is set; Thanos would exit`);
  return { accessKeyId, secretAccessKey, sessionToken: textOf(config.session_token) };
}
