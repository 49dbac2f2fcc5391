// Colours that chisels have in common, and the argument that turns them off.
import type { Color } from './context.js'
import type { ArgDef } from './define.js'

/** No colours, spelled as either half of sysdig's chisels spell it. */
export const NO_COLOR = {
  type: 'string',
  doc: 'no colours',
  choices: ['disable_color', 'disable_colors'],
  optional: true,
} as const satisfies ArgDef

/** The colour of a line about what runs in the container of that name; undefined: nobody asked for containers. */
export function colorIn(container: string | undefined): Color {
  return container === undefined || container === 'host' ? 'green' : 'blue'
}
