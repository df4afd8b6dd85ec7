import { graphviz } from '../libraries';

/** Black on paper, white on a dark screen. */
const STYLE =
  '<style>svg{color:#1f2328}svg text{fill:currentColor}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}</style>';

/** Lays a graph of DOT out as SVG, in the colours of who looks at it. */
export async function svg(dot: string): Promise<string> {
  const drawn = (await graphviz()).layout(dot, 'svg', 'dot');
  return drawn
    .replace(/^[\s\S]*?(?=<svg)/, '')
    .replace(/<svg[^>]*>/, (open) => `${open}\n${STYLE}`)
    .replace(/<polygon fill="white" stroke="none"[^>]*\/>\n?/, '')
    .replace(/(stroke|fill)="black"/g, '$1="currentColor"');
}
