import { App, Testing } from 'cdk8s';
import { ThanosStack } from '../../src';
import { dot } from '../../src/graph/dot';
import { mermaid } from '../../src/graph/mermaid';
import { guideStack } from '../../examples/guide/chart';
import { SidecarMonitoring } from '../../examples/sidecar/chart';
import { fences } from '../docs/fences';
import { NOW, synthesize } from '../examples/example';
import { ECDSA_CA } from '../fixtures/certificates';
import { STACKS } from '../thanos/stacks';
import { calls, drawn, drawnFiles } from './drawn';

beforeEach(() => void jest.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

const guide = () => drawnFiles(synthesize((app) => void guideStack(app, NOW)));
const sidecar = () => drawnFiles(synthesize((app) => void new SidecarMonitoring(app, 'sidecar', NOW)));

test.each([
  ['guide', guide],
  ['sidecar', sidecar],
])('the pictures of examples/%s are as they were looked at', (_, graph) => {
  expect(mermaid(graph())).toMatchSnapshot();
  expect(dot(graph())).toMatchSnapshot();
});

test('README.md has the picture of examples/guide', () => {
  const [picture, ...more] = fences('README.md').filter(({ language }) => language === 'mermaid');
  expect(more).toEqual([]);
  expect(picture.text).toBe(mermaid(guide()));
});

test("the guide's pods that hold the CA and the keys are those that call the bucket", () => {
  const { nodes, edges } = guide();
  const bucket = nodes.find(({ shape }) => shape === 'bucket')!;
  const callers = edges.filter(({ to }) => to === bucket.id).map(({ from }) => from);
  const holders = nodes.filter(({ holds }) => holds.includes('CA') && holds.includes('keys')).map(({ id }) => id);
  expect(callers.length).toBe(4);
  expect(holders.sort()).toEqual(callers.sort());
});

test('the calls of a sidecar of the operator are drawn', () => {
  expect(calls(sidecar())).toEqual(
    expect.arrayContaining([
      'k8s -> S3 bucket metrics: uploads blocks, HTTPS 443',
      'thanos-query -> k8s: StoreAPI, gRPC 10901',
    ]),
  );
});

test.each(Object.keys(STACKS))('both ends of each call of the %s stack are there, and each pod of it', (name) => {
  const stack = new ThanosStack(new App(), 'stack', STACKS[name](ECDSA_CA));
  const objects = Testing.synth(stack);
  const { nodes, edges } = drawn(objects);
  const ids = nodes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(edges.flatMap(({ from, to }) => [from, to]).filter((end) => !ids.includes(end))).toEqual([]);
  const titles = nodes.filter(({ shape }) => shape === 'pods').map(({ title }) => title);
  expect(titles).toEqual(expect.arrayContaining(stack.components.map(({ workload }) => workload.name)));
  // nobody of a stack is alone
  const ends = new Set(edges.flatMap(({ from, to }) => [from, to]));
  expect(nodes.filter(({ id }) => !ends.has(id)).map(({ title }) => title)).toEqual([]);
});
