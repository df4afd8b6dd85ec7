import { list } from './pod-specs';
import type { Json } from '../support/json';

/**
 * Whether a label selector, `matchExpressions` included, selects what has these labels (Kubernetes' LabelSelector). An empty one
 * selects all; an operator that Kubernetes does not know holds for nothing.
 */
export function selects(selector: Json, labels: Readonly<Record<string, unknown>>): boolean {
  return isSelected(labels, selector?.matchLabels ?? {}) && list(selector?.matchExpressions).every(holdsFor(labels));
}

function holdsFor(labels: Readonly<Record<string, unknown>>): (expression: Json) => boolean {
  return ({ key, operator, values }) => {
    const value = Object.hasOwn(labels, String(key)) ? labels[key] : undefined;
    const among = list(values).some((one: unknown) => one === value);
    if (operator === 'In') return value !== undefined && among;
    if (operator === 'NotIn') return !among;
    return operator === 'Exists' ? value !== undefined : operator === 'DoesNotExist' && value === undefined;
  };
}

/** Whether something has all labels of a selector's `matchLabels`. */
export function isSelected(
  labels: Readonly<Record<string, unknown>>,
  selector: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
