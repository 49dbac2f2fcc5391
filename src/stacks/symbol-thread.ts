// The symbol thread as seen by the capture: sends it stacks, waits for it within limits, and replaces it if it is blocked
// by a file.
import { isMainThread, Worker } from 'node:worker_threads'
import { endWithThreads } from '../source/native.js'
import { Allowance } from './allowance.js'
import { CurrentRead } from './current-read.js'
import { THREAD } from './limits.js'
import type { OnCut } from './read-budget.js'
import type { SymbolRequest } from './symbol-request.js'
import type { SymbolBatch, SymbolReport, SymbolStart } from './symbol-worker.js'
import { WaitBudget } from './wait-budget.js'

/** ms between two checks of the thread */
const TICK = 20
/** Limit of files recorded as not responding. */
const MOST_REFUSED = 1024

/** The batch that waits. */
interface Pending {
  readonly id: number
  readonly resolve: (texts: readonly string[] | undefined) => void
}

/** Number of abandoned threads of this process that have not ended. */
let lostThreads = 0

/** Ends the process without waiting for abandoned threads, as Node would do at exit, forever if one is blocked by a file. */
function endWithoutThem(code: number): void {
  if (lostThreads > 0) endWithThreads(code)
}

export class SymbolThread {
  private worker: Worker | undefined
  private ready = false
  private now = new CurrentRead()
  /** files that did not respond */
  private readonly refused = new Set<string>()
  /** abandoned threads that have not ended */
  private lost = 0
  private closed = false
  private readonly replacements = new Allowance(THREAD.replacements)
  private readonly waiting = new WaitBudget()
  private pending: Pending | undefined
  private lastId = 0
  /** requests without a response */
  private readonly open = new Set<number>()
  private timer: NodeJS.Timeout | undefined
  private ticked = 0
  /** the read in which the thread was found, and for how many ms */
  private read: number | undefined
  private reads = 0

  constructor(private readonly onCut: OnCut) {
    // the main thread waits for the end of another one (tui/start-worker.ts)
    if (isMainThread && !process.listeners('exit').includes(endWithoutThem)) process.once('exit', endWithoutThem)
    this.start()
  }

  /** Texts of stacks; undefined if they did not arrive in time. One call at a time. */
  texts(stacks: readonly SymbolRequest[]): Promise<readonly string[] | undefined> {
    if (this.worker === undefined) this.start()
    if (this.worker === undefined || this.open.size >= THREAD.waiting) return Promise.resolve(undefined)
    const request: SymbolBatch = { id: ++this.lastId, stacks }
    this.open.add(request.id)
    this.worker.postMessage(request)
    this.waiting.startBatch()
    return new Promise((resolve) => {
      this.pending = { id: request.id, resolve }
      this.watch()
    })
  }

  /** The capture was stopped: the remaining batches must not wait for long. */
  stop(): void {
    this.waiting.stop()
  }

  /** Ends the thread, and waits briefly for its end. */
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
    if (this.closed || this.lost >= THREAD.lost || this.replacements.available < 1) return
    this.now = new CurrentRead()
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
    // out of memory, or failed to start
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
      if (this.pending?.id === report.id) this.resolvePending(report.texts)
      if (this.open.size === 0) this.stopTimer()
    }
  }

  /** Lets the waiting batch continue. */
  private resolvePending(texts: readonly string[] | undefined): void {
    this.pending?.resolve(texts)
    this.pending = undefined
    // a slow thread must not keep the process alive
    this.timer?.unref()
  }

  private watch(): void {
    if (this.timer === undefined) {
      this.ticked = performance.now()
      this.timer = setInterval(() => this.tick(), TICK)
    }
    this.timer.ref()
  }

  private stopTimer(): void {
    clearInterval(this.timer)
    this.timer = undefined
    this.read = undefined
  }

  private tick(): void {
    const now = performance.now()
    // time in which this thread itself did not run is not counted
    const ms = Math.min(now - this.ticked, 5 * TICK)
    this.ticked = now
    const { read } = this.now
    this.reads = read !== undefined && read === this.read ? this.reads + ms : 0
    this.read = read
    const does = !this.ready ? 'starts' : read === undefined ? 'names' : 'reads'
    if (this.pending !== undefined && !this.waiting.mayContinue(ms, does)) this.resolvePending(undefined)
    if (this.reads > THREAD.stuck) {
      this.onCut(this.now.path, `reading it takes more than ${THREAD.stuck / 1000} s`)
      this.replace()
    }
  }

  /** Replaces the thread; the file that it is reading is not read again. */
  private replace(): void {
    if (this.refused.size < MOST_REFUSED) this.refused.add(this.now.path)
    this.replacements.spend(1)
    void this.giveUp()
    this.start()
  }

  /** Abandons the thread; fulfilled when it has ended, if it ever does. */
  private async giveUp(): Promise<void> {
    const { worker } = this
    this.worker = undefined
    this.open.clear()
    this.stopTimer()
    this.resolvePending(undefined)
    if (worker === undefined) return
    this.lost++
    lostThreads++
    const ended = worker.terminate()
    // terminate() refers to it again
    worker.unref()
    await ended
    this.lost--
    lostThreads--
  }
}
