import { Compactor, ObjectStorage, ObjstoreConfig } from '../../src/index';
import { make } from '../component/made';
import { describeThanos, runThanos } from '../programs/thanos';
import { PodOnDisk } from './pod-on-disk';

describeThanos('a compactor that works by the clock', () => {
  test('ends its pass, without an error', async () => {
    const made = make((scope) => {
      const storage = ObjectStorage.filesystem({ claimName: 'blocks' });
      const objstore = ObjstoreConfig.fromStorage(scope, 'Objstore', storage);
      return new Compactor(scope, 'Compactor', { objstore, schedule: { cron: '@daily' } });
    });
    const { template } = made.workload.spec.jobTemplate.spec;
    const pod = new PodOnDisk(made.objects, { ...made.workload, spec: { template } });
    const local = ['--http-address=127.0.0.1:0'];
    const { code, output } = await runThanos([...pod.args, ...local], pod.env);
    pod.remove();
    expect(output).toContain('compaction iterations done');
    expect(code).toBe(0);
  });
});
