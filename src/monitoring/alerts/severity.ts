/** How soon somebody must look. */
export type Severity = 'warning' | 'critical';
