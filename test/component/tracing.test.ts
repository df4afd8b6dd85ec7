import { Duration } from 'cdk8s';
import { parse } from 'yaml';
import { OtlpProtocol, type OtlpTracingOptions, Tracing } from '../../src/index';
import { makeKind } from './kinds';
import type { Json } from '../render';

const config = (options: OtlpTracingOptions): Json =>
  parse(makeKind('query', { tracing: Tracing.otlp(options) }).flag('--tracing.config')[0]);

describe('a collector', () => {
  it('is told by the arguments alone', () => {
    const made = makeKind('query', { tracing: Tracing.otlp({ endpoint: 'otel:4317' }) });
    expect(parse(made.flag('--tracing.config')[0])).toEqual({
      type: 'OTLP',
      config: { client_type: 'grpc', endpoint: 'otel:4317' },
    });
    expect(made.pod.volumes).toBeUndefined();
  });

  it('is told everything', () => {
    const options = {
      endpoint: '[fd00::1]:4318',
      protocol: OtlpProtocol.HTTP,
      insecure: true,
      ratio: 0.25,
      serviceName: 'q',
      resourceAttributes: { cluster: 'eu' },
      timeout: Duration.seconds(3),
    };
    expect(config(options).config).toEqual({
      client_type: 'http',
      endpoint: '[fd00::1]:4318',
      insecure: true,
      // another name, and Thanos would keep every trace without a word
      sampler_type: 'parentbasedtraceidratiobased',
      sampler_param: '0.25',
      service_name: 'q',
      resource_attributes: { cluster: 'eu' },
      timeout: '3s',
    });
  });

  it.each([
    [
      { endpoint: 'http://otel:4318' },
      'endpoint: "http://otel:4318" is not the address of a collector; write "host:port"',
    ],
    [{ endpoint: 'otel' }, 'endpoint: "otel" is not the address of a collector'],
    [{}, 'endpoint: is missing. Give host:port of the collector'],
    [{ endpoint: 'otel:1', ratio: 10 }, 'ratio: is 10; it must be a number from 0 to 1'],
    [{ endpoint: 'otel:1', headers: { a: 'b' } }, 'has no field "headers"'],
  ])('is refused as %j', (options, message) => {
    expect(() => config(options as OtlpTracingOptions)).toThrow(`cdk8s-thanos: test/Component: tracing: ${message}`);
  });
});

describe('a config in a Secret', () => {
  it('rolls the pods with its revision alone', () => {
    const annotations = (revision?: string) =>
      makeKind('query', { tracing: Tracing.fromSecretName('traces', { revision }) }).template.metadata.annotations;
    expect(annotations()).toBeUndefined();
    expect(annotations('1')).not.toEqual(annotations('2'));
  });

  it.each([
    [Tracing.fromSecretName('A_b'), 'tracing: "A_b"'],
    [Tracing.fromSecretName('a', { key: 'x/y' }), 'tracing: key: "x/y"'],
    ['otel:4317', 'tracing: is "otel:4317", not a Tracing; write Tracing.otlp(…) or Tracing.fromSecretName(…)'],
  ])('is refused (%#)', (tracing, message) => {
    expect(() => makeKind('query', { tracing: tracing as Tracing })).toThrow(
      `cdk8s-thanos: test/Component: ${message}`,
    );
  });
});
