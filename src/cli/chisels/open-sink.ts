// What runs the chisels of a run, and where it shows them: live tables and their like stay in place on a terminal.
import type { FieldContext } from '../../fields/field.js'
import type { CaptureStats } from '../../source/source.js'
import { outputOf } from '../output/format.js'
import type { Screen } from '../output/screen.js'
import type { Output } from '../output/stdout.js'
import type { ChiselRun } from './prepare.js'
import type { ChiselSink, RowsFile } from './sink.js'

/** stats: of the run so far; rows: the file that takes what is counted, in place of standard output; stop: ends the run; screen: the terminal, where it is used. */
export async function openChiselSink(
  run: ChiselRun,
  ctx: FieldContext,
  out: Output,
  how: { live: boolean; stats: () => CaptureStats; rows: RowsFile | undefined; stop: () => void },
): Promise<{ sink: ChiselSink; screen: Screen | undefined }> {
  const { live, stats, rows, stop } = how
  const [{ ChiselSink }, { Screen }] = await Promise.all([import('./sink.js'), import('../output/screen.js')])
  const only = run.chisels.length === 1 ? run.chisels[0] : undefined
  const inPlace =
    (only?.table !== undefined || only?.def.refreshes === true) &&
    outputOf(run.settings).value === undefined &&
    rows === undefined
  const screen = live && inPlace && Screen.usable() ? new Screen(() => process.kill(process.pid, 'SIGINT')) : undefined
  screen?.start()
  return { sink: new ChiselSink(run, ctx, out, screen, stats, stop, rows), screen }
}
