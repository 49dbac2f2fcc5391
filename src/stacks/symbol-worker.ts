// The symbol thread. Only this thread reads files of traced users, so that they cannot block the capture.
import { parentPort, workerData } from 'node:worker_threads'
import { CurrentRead } from './current-read.js'
import { ReadBudget } from './read-budget.js'
import type { SymbolRequest } from './symbol-request.js'
import { Symbolizer } from './symbolizer.js'

/** Data passed to the thread at its start. */
export interface SymbolStart {
  readonly memory: SharedArrayBuffer
  readonly refused: readonly string[]
}

/** Stacks to be named. */
export interface SymbolBatch {
  readonly id: number
  readonly stacks: readonly SymbolRequest[]
}

export type SymbolReport =
  /** it has started */
  | { readonly kind: 'ready' }
  /** the texts of the stacks of a request */
  | { readonly kind: 'texts'; readonly id: number; readonly texts: readonly string[] }
  /** a file is used only in part */
  | { readonly kind: 'cut'; readonly path: string; readonly why: string }

/** Limit of files that are reported as used in part. */
const MOST_CUT = 1024

const port = parentPort as NonNullable<typeof parentPort>
const post = (report: SymbolReport) => port.postMessage(report)
const { memory, refused } = workerData as SymbolStart
const cut = new Set<string>()

function onCut(path: string, why: string): void {
  if (cut.size >= MOST_CUT || cut.has(path)) return
  cut.add(path)
  post({ kind: 'cut', path, why })
}

const symbolizer = new Symbolizer(new ReadBudget(onCut, new CurrentRead(memory), new Set(refused)))
port.on('message', ({ id, stacks }: SymbolBatch) =>
  post({ kind: 'texts', id, texts: stacks.map((s) => symbolizer.text(s)) }),
)
post({ kind: 'ready' })
