// The thread that names functions. Files of others are read here alone: whatever they do, the capture goes on.
import { parentPort, workerData } from 'node:worker_threads'
import { Reading } from './reading.js'
import { ReadingNow } from './reading-now.js'
import type { StackQuestion } from './stack-question.js'
import { Symbolizer } from './symbolizer.js'

/** What the thread is started with. */
export interface SymbolStart {
  readonly memory: SharedArrayBuffer
  readonly refused: readonly string[]
}

/** Stacks that are to be named. */
export interface SymbolQuestion {
  readonly id: number
  readonly stacks: readonly StackQuestion[]
}

export type SymbolReport =
  /** it has begun */
  | { readonly kind: 'ready' }
  /** the texts of the stacks of a question */
  | { readonly kind: 'texts'; readonly id: number; readonly texts: readonly string[] }
  /** not all of a file is used */
  | { readonly kind: 'cut'; readonly path: string; readonly why: string }

/** Files of which it is said that not all is used. */
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

const symbolizer = new Symbolizer(new Reading(onCut, new ReadingNow(memory), new Set(refused)))
port.on('message', ({ id, stacks }: SymbolQuestion) =>
  post({ kind: 'texts', id, texts: stacks.map((s) => symbolizer.text(s)) }),
)
post({ kind: 'ready' })
