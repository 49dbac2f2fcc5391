// Bounds that rows must satisfy to be used, as far as columns that every row has can decide.
import { CODE_LIMIT } from '../schema/codes.js'

/** The required result of a row. */
export const OUTCOME = { ANY: 0, FAILED: 1, SUCCEEDED: 2 } as const

/** By event code. Bounds may include too much, never too little. */
export interface RowBounds {
  /** 0: no row of that type is used */
  readonly types: Uint8Array
  /** shortest duration of a call in ns; 0: any, and calls of unknown duration */
  readonly minLatency: Float64Array
  /** OUTCOME */
  readonly outcome: Uint8Array
}

/** Bounds that include every row. */
export function allRows(): RowBounds {
  return {
    types: new Uint8Array(CODE_LIMIT).fill(1),
    minLatency: new Float64Array(CODE_LIMIT),
    outcome: new Uint8Array(CODE_LIMIT),
  }
}
