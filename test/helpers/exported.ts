// Captures written in formats for other tools within the test, all in one pass.
import { writeFileSync } from 'node:fs'
import { EXPORT_FORMATS } from '../../src/export/formats.js'
import type { FieldContext } from '../../src/fields/field.js'
import type { Event } from '../../src/model/event.js'
import { Loop } from '../../src/run/loop.js'
import type { CaptureSource } from '../../src/source/source.js'
import { statesOf } from '../../src/state/state.js'

const FORMAT = { timeStyle: 'h', buffer: 'dots', fullBuffers: true, resolvePorts: false, columns: 80 } as const

/** Reads a source to its end, and closes it; `show` gets each event, with the context of its fields. */
export async function eachEvent(
  source: CaptureSource,
  begin: (ctx: FieldContext) => void,
  show: (e: Event, ctx: FieldContext) => void,
): Promise<void> {
  try {
    const states = statesOf(source)
    const ctx = { info: source.info, states, format: FORMAT }
    const sink = { begin: () => begin(ctx), show: (e: Event) => show(e, ctx) }
    await new Loop({ source, states, predicate: undefined, sinks: [sink] }).run(await source.snapshot())
  } finally {
    await source.close()
  }
}

/** Writes a file of each of these formats; `also` sees each event. */
export async function exportTo(
  source: CaptureSource,
  files: Readonly<Record<string, string>>,
  line = '*%evt.num',
  also: (e: Event, ctx: FieldContext) => void = () => {},
): Promise<void> {
  const made = await Promise.all(
    Object.entries(files).map(async ([name, path]) => {
      const format = EXPORT_FORMATS.find((f) => f.name === name)
      if (format === undefined) throw new Error(`no format is called ${name}`)
      return { path, file: (await format.load())({ line, program: 'ksys' }) }
    }),
  )
  await eachEvent(
    source,
    (ctx) => {
      for (const { file } of made) file.start(ctx)
    },
    (e, ctx) => {
      for (const { file } of made) file.show(e)
      also(e, ctx)
    },
  )
  for (const { path, file } of made) {
    file.end()
    file.finish?.()
    writeFileSync(path, file.out.view())
  }
}
