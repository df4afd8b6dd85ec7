import type { Rule } from '../finding';
import { caExpiry } from './ca-expiry';
import { caInvalid } from './ca-invalid';
import { caNotMounted } from './ca-not-mounted';
import { caPathDiffers } from './ca-path-differs';
import { caPrivateKey } from './ca-private-key';
import { caUnused } from './ca-unused';
import { compactorReplicas } from './compactor-replicas';
import { configInArguments, keysInConfigMap, keysInObjstore, keysInPodSpec } from './keys-readable';
import { noChecksum } from './no-checksum';
import { duplicateObject, missingObject } from './objects';
import { configNotMounted, inertKey, objstoreInvalid, objstoreUnknownKey, verificationOff } from './objstore';
import { caOutside, keysOutside } from './outside';
import { subPath } from './sub-path';

/** Every rule, in the order in which findings are shown. */
export const RULES: readonly Rule[] = [
  caNotMounted,
  caPathDiffers,
  caUnused,
  caOutside,
  caInvalid,
  caPrivateKey,
  caExpiry,
  keysOutside,
  keysInConfigMap,
  keysInPodSpec,
  keysInObjstore,
  configNotMounted,
  configInArguments,
  objstoreUnknownKey,
  objstoreInvalid,
  inertKey,
  verificationOff,
  subPath,
  noChecksum,
  compactorReplicas,
  duplicateObject,
  missingObject,
];
