/** Whether something has all labels of a selector's `matchLabels`. */
export function isSelected(
  labels: Readonly<Record<string, unknown>>,
  selector: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
