// A column of a table as it is filled.
import type { Getter } from '../fields/field.js'
import type { Accumulator } from './accumulators.js'

/** A column with what fills it. */
export interface LiveColumn {
  readonly get: Getter
  readonly into: Accumulator
  /** when values are added: at every event, at samples, at both, or never since it is a key or shares another's values */
  readonly fill: 'events' | 'samples' | 'both' | 'never'
  /** the newest value is shown */
  readonly newest: boolean
  /** the largest or smallest is: any moment counts, also the first */
  readonly extreme: boolean
  /** its values are texts */
  readonly text: boolean
  /** of the two sides of a call on two descriptors both count, also in one row */
  readonly bySide: boolean
}
