// The account that a test program writes of its operations (test/live/programs/say.h), compared with the recorded events.

/** A recorded event. */
export interface Seen {
  type: string
  /** null if the record has no result of its own */
  ret: number | null
  /** evt.args */
  args: string
}

/** A line of a program's account. */
export interface Said {
  type: string
  ret: number
  args: string[]
}

/** Reads a program's account: NAME TAB RESULT TAB ARGUMENT=TEXT ... a line. */
export function accountLines(text: string): Said[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [type, ret, ...args] = line.split('\t')
      return { type: type as string, ret: Number(ret), args: args.filter((a) => a !== '') }
    })
}

const tracepoints = new Set(['procexit', 'signaldeliver', 'exit_group', 'exit'])
/** Calls that two processes make at the same time: their order is undefined. */
const concurrent = new Set(['vfork'])
const holds = (args: string, arg: string) => ` ${args} `.includes(` ${arg} `)

/** The claims of the program that were not recorded, in the program's order; each with the nearest candidates. */
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
