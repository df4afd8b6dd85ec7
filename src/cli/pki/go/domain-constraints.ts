/** How a name is looked for among the permitted domains, and among the excluded. */
export function domainMatch(
  name: string,
): [(side: string[]) => string | undefined, (side: string[]) => string | undefined] {
  // the widest, since Go drops those within it
  const within = (domains: string[]): string | undefined =>
    domains.filter((domain) => isWithin(name, domain)).sort((a, b) => a.length - b.length)[0];
  // a wildcard could stand for an excluded name that has one more label
  const parent = withoutFirstLabel(name.toLowerCase());
  const touched = (domains: string[]): string | undefined =>
    name.startsWith('*') && parent !== '' ? lastBelow(domains, parent) : undefined;
  return [within, (domains) => within(domains) ?? touched(domains)];
}

/** Of several domains one label below another Go names the last in its order, from the end to the start, in lower case. */
function lastBelow(domains: string[], parent: string): string | undefined {
  const below = domains.map((domain) => domain.toLowerCase()).filter((domain) => withoutFirstLabel(domain) === parent);
  const backwards = (domain: string): string => [...domain].reverse().join('').replaceAll('.', '\0');
  return below.sort((a, b) => (backwards(a) < backwards(b) ? -1 : 1)).at(-1);
}

/** Whether a name is a domain or below it; a domain with a dot in front has only what is below. */
function isWithin(name: string, domain: string): boolean {
  const [whole, end] = [name.toLowerCase(), domain.toLowerCase()];
  return (
    end === '' || whole === end || (whole.endsWith(end) && (end.startsWith('.') || whole.at(-end.length - 1) === '.'))
  );
}

function withoutFirstLabel(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}
