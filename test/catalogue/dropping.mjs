import { createServer } from 'node:net';

/** Listens, says where, and then sleeps for good: connections beyond the queue get no answer, as behind a firewall. */
const server = createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  process.send(server.address().port, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});
