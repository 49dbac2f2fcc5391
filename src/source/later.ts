// What goes on after a live capture has begun. Each feature declares its part when it opens what it needs; privilege.ts keeps that
// possible and gives up everything else.

/** What a feature does later. */
export interface Later {
  /** a live capture is running */
  readonly live?: boolean
  /** signals are passed on to a command, which may have changed its user */
  readonly command?: boolean
  /** a live capture must keep up, see pace.ts */
  readonly records?: boolean
  /** memory maps and files of programs are looked at, whoever's they are */
  readonly programs?: boolean
  /** another capture may follow */
  readonly attach?: boolean
  /** connections are made to hosts, by name or address */
  readonly network?: boolean
  /** paths of unix sockets that are connected to; they need not exist */
  readonly sockets?: readonly string[]
  /** why only the user of the start can do it, in words: files are made by their names */
  readonly asStarted?: string
}

let declared: Later = {}

/** Declares a part; it stays declared for the rest of the process. */
export function declareLater(part: Later): void {
  declared = both(declared, part)
}

/** All that was declared, and this. */
export function allLater(more: Later = {}): Later {
  return both(declared, more)
}

function both(a: Later, b: Later): Later {
  const sockets = [...new Set([...(a.sockets ?? []), ...(b.sockets ?? [])])]
  const given = Object.fromEntries(Object.entries(b).filter(([, value]) => value !== undefined && value !== false))
  return { ...a, ...given, ...(sockets.length > 0 && { sockets }) }
}
