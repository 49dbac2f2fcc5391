// What --stacks names.
import type { Stacks } from '../../source/plan.js'

/** The words that it takes. */
export const WHICH = ['user', 'kernel', 'both'] as const
export type Which = (typeof WHICH)[number]

/** The stacks that are to be recorded; undefined: those that something asks for. */
export function stacksOf(which: Which | undefined): Stacks | undefined {
  return which && { user: which !== 'kernel', kernel: which !== 'user' }
}
