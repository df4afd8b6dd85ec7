import { Preflight, S3Credentials, StoreGateway, type StoreGatewayProps, StsTrust } from '../../src/index';
import { chart, find } from '../render';
import { bucket, make } from './made';
import { makeKind } from './kinds';

const credentials = S3Credentials.fromWebIdentity({ serviceAccountName: 'thanos-s3' });
const store = (props: Partial<StoreGatewayProps>) =>
  make(
    (scope) =>
      new StoreGateway(scope, 'Store', {
        objstore: bucket(scope, { credentials, stsTrust: StsTrust.S3_CA }),
        ...props,
      }),
  );

describe('a ServiceAccount that is made', () => {
  it('is called as its workload', () => {
    expect(find(makeKind('query', { serviceAccount: {} }).objects, 'ServiceAccount').metadata.name).toBe(
      'thanos-query',
    );
  });

  it('is called as the keys of the objstore say', () => {
    const made = store({ serviceAccount: {} });
    expect(find(made.objects, 'ServiceAccount').metadata.name).toBe('thanos-s3');
    expect(made.pod.serviceAccountName).toBe('thanos-s3');
    expect(made.construct.serviceAccount?.name).toBe('thanos-s3');
  });

  it('comes before the pods, which are not made without it', () => {
    const kinds = makeKind('query', { serviceAccount: {} }).objects.map((o) => o.kind);
    expect(kinds.indexOf('ServiceAccount')).toBeLessThan(kinds.indexOf('Deployment'));
  });

  it('is not made where it is only named', () => {
    const made = makeKind('query', { serviceAccountName: 'there' });
    expect(made.objects.filter((o) => o.kind === 'ServiceAccount')).toEqual([]);
    expect(made.construct.serviceAccount).toBeUndefined();
  });
});

describe('an account beside that of the keys', () => {
  const message =
    'serviceAccountName: is "other", but the keys of the objstore are those of ServiceAccount "thanos-s3". Give one name in both, or leave it out here';

  it.each([{}, { serviceAccount: {} }])('is refused in a component with %j', (more) => {
    expect(() => store({ serviceAccountName: 'other', ...more })).toThrow(`cdk8s-thanos: test/Store: ${message}`);
  });

  it('is refused in a preflight', () => {
    const scope = chart();
    const objstore = bucket(scope, { credentials, stsTrust: StsTrust.S3_CA });
    expect(() => new Preflight(scope, 'Preflight', { objstore, serviceAccountName: 'other' })).toThrow(
      `cdk8s-thanos: test/Preflight: ${message}`,
    );
  });

  it('is taken where it is the same', () => {
    expect(store({ serviceAccountName: 'thanos-s3' }).pod.serviceAccountName).toBe('thanos-s3');
  });
});
