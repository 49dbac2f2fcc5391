// What ksys still does after a live capture has started. Each feature declares its needs when it opens its resources; privilege.ts
// retains the privileges for these and gives up all others.

/** What a feature does later. */
export interface LaterNeeds {
  /** a live capture is running */
  readonly live?: boolean
  /** signals are forwarded to a command, which may run as another user */
  readonly command?: boolean
  /** a live capture must keep up with the events, see pace.ts */
  readonly records?: boolean
  /** memory maps and files of programs of any user are read */
  readonly programs?: boolean
  /** another capture may be started */
  readonly attach?: boolean
  /** connects to hosts, by name or address */
  readonly network?: boolean
  /** paths of unix sockets to connect to; they need not exist */
  readonly sockets?: readonly string[]
  /** the reason, for a message, why the user must stay the one that started ksys: files are created by name later */
  readonly asStarted?: string
}

let declared: LaterNeeds = {}

/** Declares needs; they apply for the rest of the process. */
export function declareNeeds(part: LaterNeeds): void {
  declared = merged(declared, part)
}

/** All declared needs, and `more`. */
export function allNeeds(more: LaterNeeds = {}): LaterNeeds {
  return merged(declared, more)
}

function merged(a: LaterNeeds, b: LaterNeeds): LaterNeeds {
  const sockets = [...new Set([...(a.sockets ?? []), ...(b.sockets ?? [])])]
  const set = Object.fromEntries(Object.entries(b).filter(([, value]) => value !== undefined && value !== false))
  return { ...a, ...set, ...(sockets.length > 0 && { sockets }) }
}
