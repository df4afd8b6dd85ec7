import { FLAGS } from '../../lib/src/thanos/flag-names.js';

/** The newest release of each minor version that has what the library needs of Thanos. The last is the library's default. */
export const thanosVersions = ['v0.38.0', 'v0.39.2', 'v0.40.1', 'v0.41.0', 'v0.42.4'];

/** The commands that the library knows, by their words. */
export const COMMANDS = Object.keys(FLAGS);
