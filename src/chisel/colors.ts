// Colours that chisels have in common, the argument that turns them off, and the container that they depend on.
import type { Color } from './context.js'
import type { ArgDef } from './define.js'

/** No colours, spelled as either half of sysdig's chisels spell it. */
export const NO_COLOR = {
  type: 'string',
  doc: 'no colours',
  choices: ['disable_color', 'disable_colors'],
  optional: true,
} as const satisfies ArgDef

/** The name of the container among an event's values; undefined where the chisel did not ask for it. */
export function containerOf(values: object): string | undefined {
  return 'container' in values ? String(values.container ?? '') : undefined
}

/** The colour of a line about what runs in the container of that name; undefined: nobody asked for containers. */
export function colorIn(container: string | undefined): Color {
  return container === undefined || container === 'host' ? 'green' : 'blue'
}
