// What runs the chisels of a run, and where it shows them: live tables and their like stay in place on a terminal.
import type { FieldContext } from '../../fields/field.js'
import type { CaptureStats } from '../../source/source.js'
import { outputOf } from '../output/format.js'
import type { Screen } from '../output/screen.js'
import type { Output } from '../output/stdout.js'
import type { ChiselRun } from './prepare.js'
import type { ChiselSink } from './sink.js'

/** stats: of the run so far; stop: ends it; screen: the terminal, where it is used. */
export async function openChiselSink(
  run: ChiselRun,
  ctx: FieldContext,
  out: Output,
  { live, stats, stop }: { live: boolean; stats: () => CaptureStats; stop: () => void },
): Promise<{ sink: ChiselSink; screen: Screen | undefined }> {
  const [{ ChiselSink }, { Screen }] = await Promise.all([import('./sink.js'), import('../output/screen.js')])
  const only = run.chisels.length === 1 ? run.chisels[0] : undefined
  const inPlace =
    (only?.table !== undefined || only?.def.refreshes === true) && outputOf(run.settings).value === undefined
  const screen = live && inPlace && Screen.usable() ? new Screen(() => process.kill(process.pid, 'SIGINT')) : undefined
  screen?.start()
  return { sink: new ChiselSink(run, ctx, out, screen, stats, stop), screen }
}
