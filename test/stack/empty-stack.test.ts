import { App } from 'cdk8s';
import { Query, ThanosStack, type ThanosStackProps } from '../../src';
import { OBJSTORE } from './stacks';

/** What synth says of a stack on the terminal. */
function told(props: ThanosStackProps, add: (stack: ThanosStack) => void = () => {}): string {
  const app = new App();
  add(new ThanosStack(app, 'empty', props));
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    app.synthYaml();
    return stderr.mock.calls.map(([text]) => text).join('');
  } finally {
    stderr.mockRestore();
  }
}

describe('a stack without parts', () => {
  const warning =
    'warning: empty: props: name no part, so the stack is empty. Give parts, such as { objstore: …, receiver: {}, compactor: {}, storeGateway: {}, query: {} }\n';

  test.each<[string, ThanosStackProps]>([
    ['nothing', {}],
    ['a name and labels', { name: 'other', labels: { team: 'a' }, cluster: 'eu' }],
    ['a namespace that it makes', { createNamespace: true, namespace: 'thanos' }],
  ])('is told of: %s', (_, props) => {
    expect(told(props)).toBe(warning);
  });

  test('is none once parts are added, or where it has a bucket for others', () => {
    expect(told({}, (stack) => new Query(stack, 'Query', { endpoints: ['a:1'] }))).toBe('');
    expect(told({ objstore: OBJSTORE })).not.toContain('is empty');
    expect(told({ query: {}, storeGateway: {}, objstore: OBJSTORE })).toBe('');
  });
});
