// What a test program said that it did (test/live/programs/say.h), held against what was recorded of it.

/** A recorded event. */
export interface Seen {
  type: string
  /** null where the record has no result of its own */
  ret: number | null
  /** evt.args */
  args: string
}

/** A line of what a program said. */
export interface Said {
  type: string
  ret: number
  args: string[]
}

/** Reads what a program said: NAME TAB RESULT TAB ARGUMENT=TEXT ... a line. */
export function saidLines(text: string): Said[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [type, ret, ...args] = line.split('\t')
      return { type: type as string, ret: Number(ret), args: args.filter((a) => a !== '') }
    })
}

const tracepoints = new Set(['procexit', 'signaldeliver', 'exit_group', 'exit'])
/** Calls that two processes make at the same time: their order is not said. */
const concurrent = new Set(['vfork'])
const holds = (args: string, arg: string) => ` ${args} `.includes(` ${arg} `)

/** What the program said and was not recorded, in the program's order; each with the nearest candidates. */
export function missing(said: readonly Said[], seen: readonly Seen[]): string[] {
  const out: string[] = []
  let from = 0
  for (const want of said) {
    const fits = (s: Seen) =>
      s.type === want.type &&
      (tracepoints.has(want.type) || s.ret === null || s.ret === want.ret) &&
      want.args.every((a) => holds(s.args, a))
    const at = seen.findIndex((s, i) => i >= from && fits(s))
    if (at >= 0) {
      if (!tracepoints.has(want.type) && !concurrent.has(want.type)) from = at + 1
      continue
    }
    const near = seen.filter((s) => s.type === want.type && s.ret === want.ret)
    out.push(
      `${want.type} ret=${want.ret} ${want.args.join(' | ')}\n  seen: ${near
        .map((s) => s.args)
        .slice(0, 4)
        .join('\n        ')}`,
    )
  }
  return out
}
