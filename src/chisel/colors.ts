// Colours that chisels share, the argument that turns them off, and the container that they depend on.
import type { Color } from './context.js'
import type { ArgDef } from './define.js'

/** The argument for no colours. sysdig's chisels use both spellings. */
export const NO_COLOR = {
  type: 'string',
  doc: 'no colours',
  choices: ['disable_color', 'disable_colors'],
  optional: true,
} as const satisfies ArgDef

/** The container's name in an event's values; undefined if the chisel did not request it. */
export function containerOf(values: object): string | undefined {
  return 'container' in values ? String(values.container ?? '') : undefined
}

/** The colour of a line for the container of that name; undefined: containers were not requested. */
export function colorIn(container: string | undefined): Color {
  return container === undefined || container === 'host' ? 'green' : 'blue'
}
