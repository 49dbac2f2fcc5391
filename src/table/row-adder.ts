// The hot path of a table: a generated function that reads an event's keys and values and adds them to its row. Its source
// has only numbers and fixed identifiers. It is generated so that each call site has a single target.
import type { FieldValue, Getter } from '../fields/field.js'
import type { Event } from '../model/event.js'
import type { Accumulator } from './accumulators.js'
import { HINT_MASK, type RowIndex } from './row-index.js'

interface Column {
  readonly get: Getter
  readonly into: Accumulator
  /** its values are strings, which are never above 0 */
  readonly text: boolean
  /** both sides of a call on two descriptors count, even in the same row */
  readonly bySide: boolean
}

/**
 * Generates the function. It returns the row, or -1 if it skipped the event. `counted`: the row in which the other side of the
 * event was already counted, -1 if none. An event with an absent key is skipped. positive: only numbers above 0 count; an event
 * without any, or with an empty string as key, is skipped. `miss` finds or creates the row of key values that are not in the hints.
 */
export function makeAdd(
  keys: readonly Getter[],
  columns: readonly Column[],
  index: RowIndex,
  positive: boolean,
  miss: (e: Event, values: readonly FieldValue[]) => number,
): (e: Event, counted: number) => number {
  const counts = columns.map((c) => positive && !c.text)
  const usable = (i: number) => (counts[i] ? `v${i}>0` : `v${i}!==undefined`)
  const lines = [
    ...keys.map((_, k) => `const k${k}=g${k}(e);if(k${k}===undefined${positive ? `||k${k}===''` : ''})return -1`),
    ...columns.map((_, i) => `const v${i}=c${i}(e)`),
  ]
  const numbers = columns.map((_, i) => i).filter((i) => counts[i])
  if (numbers.length > 0) lines.push(`if(!(${numbers.map(usable).join('||')}))return -1`)
  const same = keys.map((_, k) => `&&K${k}[row]===k${k}`).join('')
  lines.push(
    `const h=(e.tid*31+e.fdNum*7+e.type)&${HINT_MASK}`,
    'let row=hints[h]',
    `if(!(row>=0${same})){row=miss(e,[${keys.map((_, k) => `k${k}`).join(',')}]);hints[h]=row}`,
    ...columns.map((c, i) => `if(${c.bySide ? '' : 'row!==counted&&'}${usable(i)})a${i}.add(row,v${i})`),
    'return row',
  )
  const hoist = (letter: string, from: string, n: number) =>
    Array.from({ length: n }, (_, i) => `const ${letter}${i}=${from}[${i}];`).join('')
  const body = `${hoist('g', 'keys', keys.length)}${hoist('K', 'values', keys.length)}${hoist('c', 'gets', columns.length)}${hoist('a', 'intos', columns.length)}
return (e,counted)=>{${lines.join(';')}}`
  return new Function('keys', 'values', 'gets', 'intos', 'hints', 'miss', body)(
    keys,
    index.values,
    columns.map((c) => c.get),
    columns.map((c) => c.into),
    index.hints,
    miss,
  ) as (e: Event, counted: number) => number
}
