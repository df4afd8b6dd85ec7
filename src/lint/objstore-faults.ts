import type { Json } from '../support/json';
import { parseEndpoint } from '../input/endpoint';
import { type KeyTable, S3_KEYS } from '../input/s3-keys';
import type { Fault } from './fault';
import { isMap, text } from './shape';

type Config = Record<string, Json>;

/** What Thanos refuses, ignores or fails with later, in a config whose keys are known. */
export function bucketFaults(config: Config): Fault[] {
  const http: Config = isMap(config.http_config) ? config.http_config : {};
  const tls: Config = isMap(http.tls_config) ? http.tls_config : {};
  return [...refused(config, tls), ...inert(config), ...unverified(config, http, tls)];
}

function refused(config: Config, tls: Config): Fault[] {
  return [
    ...missing(config),
    ...endpoint(text(config.endpoint)),
    ...pair('config', config, 'access_key', 'secret_key', 'Thanos stops at start'),
    ...pair('config.http_config.tls_config', tls, 'cert_file', 'key_file', 'Thanos stops at start'),
    ...strangeValues(config),
    ...sse(isMap(config.sse_config) ? config.sse_config : {}),
    ...(config.aws_sdk_auth === true && isSet(config.access_key)
      ? [invalid('config.aws_sdk_auth', 'excludes access_key: Thanos stops at start', 'Remove one of the two')]
      : []),
  ];
}

function missing(config: Config): Fault[] {
  const wanted = Object.keys(S3_KEYS).filter((key) => S3_KEYS[key].required && !isSet(config[key]));
  return wanted.map((key) => invalid(`config.${key}`, 'is missing or empty', `Give the ${key} of the store`));
}

/** The library's own words on an endpoint end with what to write; a `$(ENV)` in it is not known here. */
function endpoint(value: string): Fault[] {
  if (value === '' || value.includes('$(')) return [];
  try {
    // one trailing slash is tolerated by Thanos
    parseEndpoint(value.replace(/\/$/, ''));
    return [];
  } catch (error) {
    const text = /[@?]/.test(value) ? 'holds user information or a query' : (error as Error).message;
    return [invalid('config.endpoint', text, 'Write host:port alone; TLS is used unless insecure is true')];
  }
}

function pair(path: string, config: Config, a: string, b: string, effect: string): Fault[] {
  if (isSet(config[a]) === isSet(config[b])) return [];
  const [there, gone] = isSet(config[a]) ? [a, b] : [b, a];
  return [invalid(`${path}.${there}`, `is given without ${gone}: ${effect}`, `Give ${gone} too, or neither`)];
}

function strangeValues(config: Config): Fault[] {
  return Object.entries(S3_KEYS).flatMap(([key, { values }]) => {
    const value = text(config[key]);
    if (values === undefined || value === '' || value.includes('$(') || values.includes(value)) return [];
    return [invalid(`config.${key}`, 'has a value that Thanos does not know', `Write one of ${values.join(', ')}`)];
  });
}

/** Switches that do nothing, at every level. */
function idleSwitches(config: Config, keys: KeyTable = S3_KEYS, path = 'config'): Fault[] {
  return Object.entries(keys).flatMap(([key, { holds, inert }]) => {
    const value = config[key];
    if (typeof holds === 'object') return isMap(value) ? idleSwitches(value, holds, `${path}.${key}`) : [];
    return inert && value === true ? [idle(`${path}.${key}`, inert.text, inert.fix)] : [];
  });
}

function sse(config: Config): Fault[] {
  const path = 'config.sse_config';
  const type = text(config.type);
  if (type === '') {
    const others = Object.keys(config).filter((key) => key !== 'type' && isSet(config[key]));
    return others.map((key) => idle(`${path}.${key}`, 'does nothing without sse_config.type', 'Set the type'));
  }
  if (!['SSE-S3', 'SSE-KMS', 'SSE-C'].includes(type))
    return [invalid(`${path}.type`, 'is not a type that Thanos knows', 'Write SSE-S3, SSE-KMS or SSE-C in capitals')];
  const wanted = { 'SSE-KMS': 'kms_key_id', 'SSE-C': 'encryption_key' }[type];
  if (wanted === undefined || isSet(config[wanted])) return [];
  return [invalid(`${path}.${wanted}`, `is missing, which ${type} needs`, `Give ${wanted}`)];
}

function inert(config: Config): Fault[] {
  const faults = idleSwitches(config);
  if (isSet(config.session_token) && !isSet(config.access_key))
    faults.push(idle('config.session_token', 'does nothing without access_key', 'Give both keys, or remove it'));
  if (isSet(config.sts_endpoint) && (isSet(config.access_key) || config.aws_sdk_auth === true))
    faults.push(idle('config.sts_endpoint', 'does nothing with static keys or aws_sdk_auth', 'Remove it'));
  return faults;
}

function unverified(config: Config, http: Config, tls: Config): Fault[] {
  const rule = 'verification-off';
  if (config.insecure === true && isSet(tls.ca_file)) {
    const text = 'is true: plain HTTP is spoken although a CA is given';
    return [{ rule, path: 'config.insecure', text, fix: 'Remove insecure, or the CA', error: true }];
  }
  if (http.insecure_skip_verify !== true) return [];
  const ca = isSet(tls.ca_file) ? ', and cancels the CA in ca_file' : '';
  const text = `is true: anyone in the path can read and change the data${ca}`;
  const fix = 'Remove it and give the CA in tls_config.ca_file';
  return [{ rule, path: 'config.http_config.insecure_skip_verify', text, fix }];
}

function isSet(value: Json): boolean {
  return value !== undefined && value !== null && value !== '';
}

function invalid(path: string, text: string, fix: string): Fault {
  return { rule: 'objstore-invalid', path, text, fix };
}

function idle(path: string, text: string, fix: string): Fault {
  return { rule: 'inert-key', path, text, fix };
}
