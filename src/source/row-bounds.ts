// What rows must be like for anybody to look at them, as far as columns that every row has can tell.
import { CODE_LIMIT } from '../schema/codes.js'

/** What a row's result must say. */
export const OUTCOME = { ANY: 0, FAILED: 1, SUCCEEDED: 2 } as const

/** By event code. They may hold too much, never too little. */
export interface RowBounds {
  /** 0: of that type nobody looks at any */
  readonly types: Uint8Array
  /** ns that the call took at least; 0: any, also where that is not known */
  readonly minLatency: Float64Array
  /** OUTCOME */
  readonly outcome: Uint8Array
}

/** Those that hold every row. */
export function allRows(): RowBounds {
  return {
    types: new Uint8Array(CODE_LIMIT).fill(1),
    minLatency: new Float64Array(CODE_LIMIT),
    outcome: new Uint8Array(CODE_LIMIT),
  }
}
