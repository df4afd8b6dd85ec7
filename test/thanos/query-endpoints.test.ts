import { describeThanos, runThanos } from '../programs/thanos';

describeThanos('endpoints that are refused at synth', () => {
  test.each([
    [
      'one that is strict and looked up',
      '{address: "dns+localhost:1", strict: true}',
      /not permitted under strict mode/,
    ],
    ['a group that is', '{address: "dnssrv+a.b", strict: true, group: true}', /not permitted under strict mode/],
    ['a service config without a group', '{address: "a:1", service_config: "{}"}', /only valid for endpoint groups/],
  ])('are refused by Thanos too: %s', async (_, endpoint, text) => {
    const { code, output } = await runThanos([
      ...['query', '--http-address=127.0.0.1:0', '--grpc-address=127.0.0.1:0'],
      `--endpoint.sd-config=endpoints: [${endpoint}]`,
    ]);
    expect(code).toBe(1);
    expect(output).toMatch(text);
  });

  test('beside a file of your own a second list is refused', async () => {
    const { code, output } = await runThanos([
      ...['query', '--http-address=127.0.0.1:0', '--grpc-address=127.0.0.1:0'],
      ...['--endpoint.sd-config-file=/dev/null', '--endpoint.sd-config=endpoints: []'],
    ]);
    expect(code).toBe(1);
    expect(output).toContain('both endpoint.sd-config-file and endpoint.sd-config flags set');
  });
});
