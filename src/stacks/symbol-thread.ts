// The thread of symbols as the capture sees it: it is handed stacks and waited for, within limits, and replaced when it does not come back
// from a file.
import { isMainThread, Worker } from 'node:worker_threads'
import { endWithThreads } from '../source/native.js'
import { Allowance } from './allowance.js'
import { THREAD } from './limits.js'
import type { OnCut } from './reading.js'
import { ReadingNow } from './reading-now.js'
import type { StackQuestion } from './stack-question.js'
import type { SymbolQuestion, SymbolReport, SymbolStart } from './symbol-worker.js'
import { Waiting } from './waiting.js'

/** ms between two looks at what the thread does */
const TICK = 20
/** Files that are remembered as those that do not answer. */
const MOST_REFUSED = 1024

/** A batch that waits. */
interface Pending {
  readonly id: number
  readonly resolve: (texts: readonly string[] | undefined) => void
}

/** Threads of this process that were given up and have not ended. */
let lostThreads = 0

/** Node waits for its threads at its end, for ever where one does not come back from a file. */
function endWithoutThem(code: number): void {
  if (lostThreads > 0) endWithThreads(code)
}

export class SymbolThread {
  private worker: Worker | undefined
  private ready = false
  private now = new ReadingNow()
  /** files that did not answer */
  private readonly refused = new Set<string>()
  /** threads that were given up and have not ended */
  private lost = 0
  private closed = false
  private readonly replacements = new Allowance(THREAD.replacements)
  private readonly waiting = new Waiting()
  private pending: Pending | undefined
  private lastId = 0
  /** questions that have no answer */
  private readonly open = new Set<number>()
  private timer: NodeJS.Timeout | undefined
  private ticked = 0
  /** the read that the thread was found in, and for how many ms */
  private read: number | undefined
  private reads = 0

  constructor(private readonly onCut: OnCut) {
    // the end of another thread is waited for by the main one (tui/start-worker.ts)
    if (isMainThread && !process.listeners('exit').includes(endWithoutThem)) process.once('exit', endWithoutThem)
    this.start()
  }

  /** Texts of stacks; undefined when they did not come in time. One call at a time. */
  texts(stacks: readonly StackQuestion[]): Promise<readonly string[] | undefined> {
    if (this.worker === undefined) this.start()
    if (this.worker === undefined || this.open.size >= THREAD.waiting) return Promise.resolve(undefined)
    const question: SymbolQuestion = { id: ++this.lastId, stacks }
    this.open.add(question.id)
    this.worker.postMessage(question)
    this.waiting.begin()
    return new Promise((resolve) => {
      this.pending = { id: question.id, resolve }
      this.watch()
    })
  }

  /** The capture was stopped: what is still to come must not wait for long. */
  stop(): void {
    this.waiting.stop()
  }

  /** Ends the thread, and waits for its end for a moment. */
  async close(): Promise<void> {
    this.closed = true
    let late: NodeJS.Timeout | undefined
    await Promise.race([
      this.giveUp(),
      new Promise<void>((resolve) => {
        late = setTimeout(resolve, THREAD.end)
      }),
    ])
    clearTimeout(late)
  }

  private start(): void {
    if (this.closed || this.lost >= THREAD.lost || this.replacements.rest < 1) return
    this.now = new ReadingNow()
    const workerData: SymbolStart = { memory: this.now.memory, refused: [...this.refused] }
    const worker = new Worker(new URL('./symbol-worker.js', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: THREAD.heap },
    })
    this.worker = worker
    this.ready = false
    worker.on('message', (report: SymbolReport) => {
      if (worker === this.worker) this.take(report)
    })
    // its memory is full, or it could not start
    worker.on('error', (e) => {
      if (worker !== this.worker) return
      this.onCut(this.now.path || 'all files', `the thread that reads them has failed: ${e.message}`)
      this.replace()
    })
    worker.unref()
  }

  private take(report: SymbolReport): void {
    if (report.kind === 'cut') this.onCut(report.path, report.why)
    else if (report.kind === 'ready') this.ready = true
    else {
      this.open.delete(report.id)
      if (this.pending?.id === report.id) this.answer(report.texts)
      if (this.open.size === 0) this.rest()
    }
  }

  /** The batch that waits goes on. */
  private answer(texts: readonly string[] | undefined): void {
    this.pending?.resolve(texts)
    this.pending = undefined
    // a thread that is behind does not keep the process alive
    this.timer?.unref()
  }

  private watch(): void {
    if (this.timer === undefined) {
      this.ticked = performance.now()
      this.timer = setInterval(() => this.tick(), TICK)
    }
    this.timer.ref()
  }

  private rest(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.read = undefined
  }

  private tick(): void {
    const now = performance.now()
    // where this thread itself had no time, nothing was waited for
    const ms = Math.min(now - this.ticked, 5 * TICK)
    this.ticked = now
    const { read } = this.now
    this.reads = read !== undefined && read === this.read ? this.reads + ms : 0
    this.read = read
    const does = !this.ready ? 'starts' : read === undefined ? 'names' : 'reads'
    if (this.pending !== undefined && !this.waiting.goOn(ms, does)) this.answer(undefined)
    if (this.reads > THREAD.stuck) {
      this.onCut(this.now.path, `reading it takes more than ${THREAD.stuck / 1000} s`)
      this.replace()
    }
  }

  /** The file that is being read is not read again. */
  private replace(): void {
    if (this.refused.size < MOST_REFUSED) this.refused.add(this.now.path)
    this.replacements.spend(1)
    void this.giveUp()
    this.start()
  }

  /** Fulfilled when the thread has ended, if it ever does. */
  private async giveUp(): Promise<void> {
    const { worker } = this
    this.worker = undefined
    this.open.clear()
    this.rest()
    this.answer(undefined)
    if (worker === undefined) return
    this.lost++
    lostThreads++
    const ended = worker.terminate()
    // which refers to it
    worker.unref()
    await ended
    this.lost--
    lostThreads--
  }
}
