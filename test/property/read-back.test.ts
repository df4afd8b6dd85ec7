import * as fc from 'fast-check';
import { readObjstore } from '../../src/cli/s3/objstore-file';
import { lint } from '../../src/lint/lint';
import { quietly } from '../component/made';
import { VALID_AT } from '../fixtures/certificates';
import { find, type Json, render } from '../render';
import { build } from './build';
import { runs } from './runs';
import { spec } from './spec';

const inS3 = spec.filter(({ store }) => store === 's3');

/** What the library made is read by its own command, whose readers know nothing of how it was made. */
describe('in every stack', () => {
  test('lint finds no error', () => {
    fc.assert(
      fc.property(spec, (given) => {
        const text = quietly(() => build(given).synthYaml());
        const found = lint([{ file: 'stack.yaml', text }], VALID_AT).filter(({ severity }) => severity === 'error');
        expect(found.map(({ rule, object, text: what }) => `${rule} ${object}: ${what}`)).toEqual([]);
      }),
      runs(50),
    );
  });

  test('verify reads from objstore.yml what was said of the bucket', () => {
    fc.assert(
      fc.property(inS3, (given) => {
        const objects: Json[] = quietly(() => render(build(given).charts[0]));
        const yaml = find(objects, 'ConfigMap', `${given.name}-objstore-config`).data['objstore.yml'];
        const asked: string[] = [];
        const read = readObjstore(yaml, 'objstore.yml', (path) => (asked.push(path), 'the CA'));
        expect(read).toMatchObject({ bucket: 'thanos', endpoint: 's3.minio.example.com:9000', insecure: false });
        expect([read.region, read.prefix]).toEqual([given.texts.region, given.texts.prefix]);
        expect(asked).toEqual(given.ca.kind === 'none' ? [] : ['/etc/thanos/certs/ca.crt']);
      }),
      runs(100),
    );
  });
});
