// `ksys advise seccomp`: records the calls of workloads and prints or writes a profile for each.
import { Advice } from '../../advise/needs/advice.js'
import { Recorder } from '../../advise/needs/recorder.js'
import { assemble } from '../../advise/write/assemble.js'
import { compileChecked } from '../../filter/index.js'
import type { Event } from '../../model/event.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import { hurry } from '../../source/pace.js'
import type { State } from '../../state/state.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { AdviseSettings } from '../options/advise.js'
import type { Output } from '../output/stdout.js'
import { captureFor, warn } from '../run/capture.js'
import type { Receiver } from '../run/receiver.js'
import { printMessage } from '../run/report.js'
import { Captures } from './captures.js'
import { deliver } from './deliver.js'
import { openTarget } from './open-target.js'
import { ownFilter } from './own-filter.js'
import { adviseQuery } from './query.js'

/** Returns the exit code. */
export async function adviseSeccomp(s: AdviseSettings, out: Output): Promise<number> {
  const { capture } = s
  const { query, passing, subject, own, host } = adviseQuery(capture)
  warn(capture, passing?.warnings)
  const live = capture.read.length === 0
  if (live) hurry(true)
  const command = capture.command?.[0]?.replace(/^.*\//, '')
  const advice = new Advice()
  const captures = new Captures(subject)
  const receiver: Receiver = {
    query,
    open: (run) => {
      if (live && command === undefined && !capture.quiet)
        printMessage('ksys: recording calls until Ctrl-C, or for -M SECONDS; restart the container to record its start')
      return recording(run, advice, captures, (state) => {
        const keeps = passing && compileChecked(passing, run.ctx).keep
        return new Recorder(state.info, state, { host, command, interactive: s.interactive }, keeps)
      })
    },
  }
  // a live run cannot open files at its end any more
  const target = live && s.write !== undefined ? await openTarget(s.write) : undefined
  try {
    const code = await captureFor(receiver, capture, out)
    const { workloads } = advice
    if (workloads.length === 0) throw new CliError(live ? EXIT.failure : EXIT.input, nothing(s, host))
    const advised = workloads.map((w) => ({ workload: w, assembled: assemble(w, s) }))
    await deliver(advised, { ...captures.losses, own: ownFilter(own) }, s, out, target)
    return code
  } finally {
    await target?.close()
  }
}

/** The sink that records one capture. */
function recording(run: CaptureRun, advice: Advice, captures: Captures, recorderOf: (state: State) => Recorder): Sink {
  const recorders = run.states.map(recorderOf)
  for (const [i, state] of run.states.entries()) state.onInFlight = (call) => recorders[i]?.take(call)
  return {
    show: (e: Event) => recorders[e.host]?.take(e),
    end: () => {
      for (const recorder of recorders) advice.add(recorder.end())
      captures.add(run)
    },
  }
}

/** Why there is no workload. */
function nothing({ capture }: AdviseSettings, host: boolean): string {
  const where = capture.read.length === 0 ? 'ran while ksys recorded' : `is in ${capture.read.join(', ')}`
  return host
    ? `no call that passes the filter ${where}: there is nothing to make a profile of`
    : `no container ${where}; to make a profile of a program or service, name it in a filter: proc.name=NAME`
}
