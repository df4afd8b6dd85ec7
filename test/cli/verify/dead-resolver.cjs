// loaded before the command: no name is ever looked up to the end, and a process that tries lives for an hour
// eslint-disable-next-line @typescript-eslint/no-require-imports
const dns = require('node:dns');

const never = () => void setTimeout(() => undefined, 3600 * 1000);
dns.lookup = never;
dns.promises.lookup = () => new Promise(never);
